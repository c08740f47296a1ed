"""Every icon that a template or a page names is drawn."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
ASSETS = ROOT / "packages/crm_ui/assets"
IN_TEMPLATE = re.compile(r'\bicon\("([a-z0-9-]+)"')
IN_MENU = re.compile(r'NavItem\([^\n]*?"/[a-z_]*", "([a-z0-9-]+)"')


def test_every_named_icon_is_in_the_sprite() -> None:
    drawn = set((ASSETS / "icons.txt").read_text().split()) | {path.stem for path in (ASSETS / "icons").glob("*.svg")}
    places = [
        *ROOT.glob("apps/*/src/**/*.html"),
        *ROOT.glob("packages/crm_ui/src/**/*.html"),
        *ROOT.glob("apps/*/src/**/*.py"),
    ]
    named = {
        (path.name, name)
        for path in places
        for pattern in (IN_TEMPLATE, IN_MENU)
        for name in pattern.findall(path.read_text("utf-8"))
    }
    assert len(named) > 100
    assert sorted((place, name) for place, name in named if name not in drawn) == []
