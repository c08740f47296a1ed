"""Every pair of colours that may meet, measured from the stylesheet in both themes (WCAG 2.2: 1.4.3 and 1.4.11)."""

import re
from pathlib import Path

import pytest

import crm_ui

TOKENS_FILE = Path(crm_ui.__file__).parents[2] / "assets" / "css" / "tokens.css"
PAIR = re.compile(r"--([\w-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)", re.IGNORECASE)
TOKENS = {name: (light, dark) for name, light, dark in PAIR.findall(TOKENS_FILE.read_text("utf-8"))}
HUES = ("gray", "blue", "violet", "teal", "green", "amber", "rose", "red")
TEXT = 4.5
SHAPE = 3.0
PAIRS = [
    *(
        (t, g, TEXT)
        for t in ("text", "text-2", "text-3")
        for g in ("surface", "canvas", "raised", "sunken", "hover", "selected")
    ),
    *(
        (t, g, TEXT)
        for t in ("accent", "danger", "warning", "success", "info")
        for g in ("surface", "raised", "canvas")
    ),
    ("accent", "selected", TEXT),
    ("on-accent", "accent", TEXT),
    ("on-accent", "accent-hover", TEXT),
    ("on-accent-soft", "accent-soft", TEXT),
    ("danger", "danger-soft", TEXT),
    ("amber-fg", "warning-soft", TEXT),
    ("info", "info-soft", TEXT),
    *(("text", f"{state}-soft", TEXT) for state in ("danger", "warning", "success", "info")),
    ("on-inverse", "inverse", TEXT),
    ("on-inverse-2", "inverse", TEXT),
    *((f"{hue}-fg", f"{hue}-bg", TEXT) for hue in HUES),
    *((f"{hue}-fg", "surface", TEXT) for hue in HUES),
    *(("control", ground, SHAPE) for ground in ("surface", "raised", "selected")),
    *((f"c{n}", ground, SHAPE) for n in range(1, 6) for ground in ("surface", "raised")),
]


def luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(a: str, b: str) -> float:
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("text", "ground", "least"), PAIRS, ids=str)
def test_a_pair_can_be_told_apart(text: str, ground: str, least: float) -> None:
    for theme in (0, 1):
        assert contrast(TOKENS[text][theme], TOKENS[ground][theme]) >= least


def test_white_on_the_danger_fill_can_be_read() -> None:
    assert all(contrast("#ffffff", colour) >= TEXT for colour in TOKENS["danger-fill"])
