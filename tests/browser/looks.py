"""Looking at one page in every light: with axe, at three widths, by its words."""

from typing import Literal

from playwright.sync_api import Page, expect

from tests.browser.sweep import NARROW, PHONE, WIDE, axe_source, barriers, foreign, sideways, unworded

Light = Literal["light", "dark"]
LOOKS: dict[str, tuple[tuple[int, Light], ...]] = {
    "fa": ((WIDE, "light"), (PHONE, "dark")),
    "en": ((WIDE, "dark"), (PHONE, "light")),
}
"""Colours do not know the language: between them the two companies see every page in both lights at both widths."""
EVERY: tuple[tuple[int, Light], ...] = ((WIDE, "light"), (WIDE, "dark"), (PHONE, "light"), (PHONE, "dark"))


def problems_of(page: Page, path: str, language: str, *, closely: bool, long: bool) -> list[str]:
    """What is wrong with a page; `closely` also asks axe."""
    page.set_viewport_size({"width": WIDE, "height": 900})
    answer = page.goto(path)
    expect(page.locator("[hx-trigger=load][aria-busy=true]")).to_have_count(0, timeout=20_000)
    found = [] if answer and answer.ok else [f"answers {answer.status if answer else 'nothing'}"]
    found += [f"no words for {text}" for text in unworded(page)]
    if language == "en":
        found += [f"Persian on an English page: {text}" for text in foreign(page)]
    if closely:
        for width, light in EVERY if long else LOOKS[language]:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=light)
            page.evaluate(axe_source())
            found += [f"{width} {light}: {barrier}" for barrier in barriers(page)]
    page.set_viewport_size({"width": NARROW, "height": 900})
    if over := sideways(page):
        found.append(f"scrolls {over} px sideways at {NARROW}")
    return [f"{path}: {one}" for one in found]
