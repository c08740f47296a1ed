"""The rules of the stylesheet hold in every file: colours in one place, logical properties only."""

import re
from pathlib import Path

import pytest

import crm_ui

CSS = Path(crm_ui.__file__).parents[2] / "assets" / "css"
FILES = sorted(CSS.rglob("*.css"))
PHYSICAL = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border)-(?:left|right|top|bottom)|left|right|top|bottom|width|height|(?:min|max)-(?:width|height))\s*:(?!:)"
)
SIDES = re.compile(r"(?:text-align|float|clear):\s*(?:left|right)")
COLOUR = re.compile(r"#[0-9a-f]{3,8}\b(?![^{]*\{)|\b(?:rgb|hsl|oklch)a?\(", re.IGNORECASE)


def rules(path: Path) -> str:
    """The file without comments and embedded pictures."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
    return re.sub(r'url\("data:[^"]*"\)', "", text)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_only_logical_properties(path: Path) -> None:
    assert PHYSICAL.findall(rules(path)) + SIDES.findall(rules(path)) == []


@pytest.mark.parametrize("path", [path for path in FILES if path.name != "tokens.css"], ids=lambda path: path.name)
def test_colours_only_in_tokens(path: Path) -> None:
    assert COLOUR.findall(rules(path)) == []


@pytest.mark.parametrize(
    "path", [path for path in FILES if path.name not in ("app.css", "fonts.css")], ids=lambda path: path.name
)
def test_everything_stands_in_a_layer(path: Path) -> None:
    text = re.sub(r"@view-transition \{[^}]*\}", "", rules(path)).strip()
    assert text.startswith("@layer ")
    assert text.endswith("}")


def test_every_file_is_part_of_the_stylesheet() -> None:
    imported = set(re.findall(r'@import "\./([^"]+)"', (CSS / "app.css").read_text("utf-8")))
    assert imported == {str(path.relative_to(CSS)) for path in FILES} - {"app.css"}
