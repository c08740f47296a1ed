"""The pictures of the README, taken from the demo companies that `./sadra up` opens.

Example: .venv/bin/python docs/screenshots/take.py demo-1234abcd
"""

import sys
from io import BytesIO
from pathlib import Path
from typing import Literal, NamedTuple

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from sadra_cli.doctor import browser as browser_program

HERE = Path(__file__).parent
COLOURS = 256
"""Enough for pages that are drawn in few of them, at a third of the size."""
STILL = """() => document.fonts.status === 'loaded'
  && ![...document.querySelectorAll('[aria-busy=true]')].some((part) => part.getBoundingClientRect().top < innerHeight)"""
WIDE, PHONE = (1440, 900), (390, 844)


class Picture(NamedTuple):
    """A page as one company's administrator sees it; `first` opens the first record of the list."""

    name: str
    tenant: str
    path: str
    size: tuple[int, int] = WIDE
    light: Literal["light", "dark"] = "light"
    first: str = ""


PICTURES = (
    Picture("home-fa", "demo", "/"),
    Picture("board-fa", "demo", "/opportunities?all=1&mode=board"),
    Picture("campaign-fa", "demo", "/campaigns", first="/status"),
    Picture("list-fa", "demo", "/opportunities?all=1&mode=list"),
    Picture("record-en-dark", "northwind", "/accounts", light="dark", first="/"),
    Picture("calendar-fa", "demo", "/calendar?view=month"),
    Picture("phone-fa-dark", "demo", "/opportunities?all=1&mode=list", PHONE, "dark"),
)


def take(browser: Browser, picture: Picture, base: str, password: str) -> None:
    """Signs in, waits for what the page loads later, and writes the PNG."""
    width, height = picture.size
    context = browser.new_context(
        base_url=f"http://{picture.tenant}.localhost:{base}",
        viewport={"width": width, "height": height},
        color_scheme=picture.light,
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto("/login")
    page.locator("[name=login]").fill("admin")
    page.locator("[name=password]").fill(password)
    page.locator("button.primary").click()
    page.locator("#main").wait_for()
    page.goto(picture.path)
    if picture.first:
        link = page.locator("tbody a.name").first.get_attribute("href")
        page.goto(f"{link}{picture.first.rstrip('/')}")
    page.wait_for_function(STILL)
    drawn = Image.open(BytesIO(page.screenshot()))
    drawn.quantize(COLOURS, dither=Image.Dither.NONE).save(HERE / f"{picture.name}.png", optimize=True)
    context.close()


def main(password: str, base: str = "8000") -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_program(), args=["--no-sandbox"])
        for picture in PICTURES:
            take(browser, picture, base, password)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
