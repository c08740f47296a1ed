"""Every page of the console as an operator meets it: words, no barrier, no sideways scroll, in both lights."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from pyotp.totp import TOTP

from sadra_cli.doctor import browser as browser_program
from tests.browser.conftest import QUIET, note_faults
from tests.browser.sweep import NARROW, PHONE, WIDE, axe_source, barriers, sideways, unworded
from tests.host.conftest import Host, Operator
from tests.host.test_console import CHOSEN, NEW, invited

BERTH = {**NEW, "slug": "berth"}
PAGES = ("/", "/tenants/new", "/tenants/berth", "/tenants/berth/backups", "/plans", "/operators", "/trail")
LOOKS = ((WIDE, "light"), (PHONE, "dark"))


@pytest.fixture(scope="module")
def chromium(host: Host, owner: Operator) -> Iterator[Browser]:
    """Started last, because no other loop can run in this process while it lives."""
    assert owner.post("/tenants", at="/tenants/new", **BERTH).status_code == 303
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_program(), args=QUIET)
        yield browser
        browser.close()


@pytest.mark.parametrize("language", ["fa", "en"])
def test_60_every_page_of_the_console_has_its_words_no_barrier_and_no_sideways_scroll(
    chromium: Browser, host: Host, owner: Operator, language: str
) -> None:
    context = chromium.new_context(base_url=f"http://localhost:{host.port}", reduced_motion="reduce")
    page, found = context.new_page(), list[str]()
    note_faults(page, found)
    page.goto(f"/login?language={language}")
    found += problems_of(page)
    email = f"walker-{language}@host.example"
    page.goto(invited(owner, email, "owner"))
    found += problems_of(page)
    page.locator("#password").fill(CHOSEN)
    page.locator("button.primary").click()
    give_password(page, email)
    found += problems_of(page)
    secret = page.locator("code").inner_text()
    give_code(page, TOTP(secret).now())
    found += problems_of(page)
    for path in PAGES:
        page.goto(path)
        found += problems_of(page)
    context.clear_cookies(name="host_session")
    page.goto("/login")
    give_password(page, email)
    found += problems_of(page)
    context.close()
    assert not found, "\n".join(found)


def give_password(page: Page, email: str) -> None:
    page.wait_for_url("**/login")
    page.locator("#email").fill(email)
    page.locator("#password").fill(CHOSEN)
    page.locator("button.primary").click()
    page.locator("#code").wait_for()


def give_code(page: Page, code: str) -> None:
    page.locator("#code").fill(code)
    page.locator("button.primary").click()
    page.locator("ul code").first.wait_for()


def problems_of(page: Page) -> list[str]:
    """What is wrong with the page as it stands."""
    found = [f"no words for {text}" for text in unworded(page)]
    for width, light in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=light)
        page.evaluate(axe_source())
        found += [f"{width} {light}: {barrier}" for barrier in barriers(page)]
    for width in (PHONE, NARROW):
        page.set_viewport_size({"width": width, "height": 900})
        if over := sideways(page):
            found.append(f"scrolls {over} px sideways at {width}")
    return [f"{page.url}: {one}" for one in found]
