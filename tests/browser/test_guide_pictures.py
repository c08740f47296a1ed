"""The guide's pictures, taken of the demo company: `./sadra test tests/browser/test_guide_pictures.py --pictures` makes them anew."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import FloatRect, Page, expect

from crm_domain.modules import REGISTRY
from crm_ui.static import Assets
from crm_web.pages.guide import PICTURE, picture_of
from sadra_cli.places import ROOT
from tests.site import Site

from .conftest import Open

FOLDER = Path(ROOT) / "packages/crm_ui/assets/guide"
MOST_BYTES = 40_000
WINDOW = 1192
"""A page beside the menu is as wide in it as a picture."""
COLOURS = 48
"""So few keep letters sharp in a small file."""
COMPANIES = {"fa": "pishro", "en": "northwind"}
SAMPLE = ("opportunities", "project_templates")
"""What every run takes; `--long` takes them all."""
SHOWN = {
    "opportunities": "/opportunities?mode=board", "emails": "/mail", "feeds": "/news", "feed_items": "/news",
    "reports": "/reports/ready/forecast_by_month",
}  # fmt: skip
"""Where a module is met elsewhere than in its list."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every module where pictures are kept or the run is long, else the sample."""
    if "key" in metafunc.fixturenames:
        every = metafunc.config.getoption("--pictures") or metafunc.config.getoption("--long")
        metafunc.parametrize("key", REGISTRY.modules if every else SAMPLE)


def picture(page: Page, path: str) -> bytes:
    """The upper part of a page beside the menu, where its reader begins to read."""
    page.goto(path)
    expect(page.locator("[hx-trigger=load][aria-busy=true]")).to_have_count(0)
    sheet = page.locator("#main").bounding_box()
    assert sheet
    width, height = PICTURE
    right_to_left = page.evaluate("document.dir") == "rtl"
    clip = FloatRect(x=sheet["x"] + (sheet["width"] - width) * right_to_left, y=sheet["y"], width=width, height=height)
    taken = Image.open(BytesIO(page.screenshot(clip=clip))).convert("RGB")
    few = taken.quantize(COLOURS, dither=Image.Dither.NONE).convert("RGB")
    written = BytesIO()
    few.save(written, "WEBP", lossless=True, quality=100, method=6)
    return written.getvalue()


def place(page: Page, key: str) -> str:
    """The list of a module or what stands for it; a project is its plan."""
    if key != "projects":
        return SHOWN.get(key, f"/{key}")
    page.goto("/projects?all=1&sort=-starts_on")
    return f"{page.locator('tbody a.name').nth(2).get_attribute('href')}/gantt"


@pytest.mark.parametrize("language", COMPANIES)
def test_a_picture_of_a_module_is_small_enough_to_be_kept(
    person: Open, pytestconfig: pytest.Config, language: str, key: str
) -> None:
    page = person(COMPANIES[language], width=WINDOW, color_scheme="light")
    taken = picture(page, place(page, key))
    assert len(taken) <= MOST_BYTES
    if pytestconfig.getoption("--pictures"):
        file = FOLDER / language / f"{key}.webp"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(taken)


def test_the_pictures_that_are_kept_are_of_modules_and_small() -> None:
    kept = list(FOLDER.rglob("*.webp"))
    assert {file.stem for file in kept} <= set(REGISTRY.modules)
    assert {file.parent.name for file in kept} == set(COMPANIES)
    assert [file.name for file in kept if file.stat().st_size > MOST_BYTES or Image.open(file).size != PICTURE] == []


def test_the_guide_shows_the_picture_of_the_readers_language(person: Open, site: Site) -> None:
    for language, company in COMPANIES.items():
        shown = person(company, "/help/opportunities").locator("img.guide-picture")
        expect(shown).to_have_js_property("naturalWidth", PICTURE[0])
        assert f"guide-{language}-opportunities" in (shown.get_attribute("src") or "")
        assert shown.get_attribute("alt")


def test_the_guide_does_without_pictures_that_were_not_taken(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"guide-fa-leads.webp": "leads.1.webp"}')
    assets = Assets(tmp_path)
    assert picture_of(assets, "fa", "leads") == "/static/leads.1.webp"
    assert picture_of(assets, "en", "leads") == ""
