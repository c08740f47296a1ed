"""A real browser before the real app: people who sign in once, and every fault of a page noted."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from sadra_cli.doctor import browser as browser_program
from tests.site import Browser as Visitor
from tests.site import Site

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
]
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for a file: while it lives, no other loop can run in this process."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_program(), args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def cookies(site: Site) -> Callable[[str], list[Any]]:
    """The cookies of the administrator of a company, who signs in once for a file."""
    known: dict[str, list[Any]] = {}

    def cookies_of(tenant: str) -> list[Any]:
        if tenant not in known:
            jar = Visitor(site, tenant).http.cookies.jar
            known[tenant] = [{"name": one.name, "value": one.value or "", "url": site.url(tenant)} for one in jar]
        return known[tenant]

    return cookies_of


@pytest.fixture
def person(chromium: Browser, site: Site, cookies: Callable[[str], list[Any]]) -> Iterator[Open]:
    """Opens a page for the signed-in administrator; at the end nothing may have gone wrong in any of them."""
    faults: list[str] = []
    contexts: list[BrowserContext] = []

    def opened(tenant: str, path: str = "/", **options: Any) -> Page:
        size = {"width": options.pop("width", 1440), "height": 900}
        context = chromium.new_context(
            base_url=site.url(tenant), viewport=size, reduced_motion="reduce", accept_downloads=True, **options
        )
        contexts.append(context)
        context.add_cookies(cookies(tenant))
        page = context.new_page()
        note_faults(page, faults)
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []


def _fault(said: ConsoleMessage) -> bool:
    """Refusals that a test asks for, such as a form with a gap, are answers and no faults."""
    return said.type == "error" and "responded with a status of 4" not in said.text


SKIPPED = "Transition was aborted"
"""The browser shows a page without its transition where that comes too late, and says so."""


def note_faults(page: Page, faults: list[str]) -> None:
    """Writes down what a page complains about: script errors, refused content, failed answers."""
    page.set_default_timeout(10_000)
    page.on("pageerror", lambda error: None if SKIPPED in str(error) else faults.append(f"{page.url}: {error}"))
    page.on("console", lambda said: faults.append(f"{page.url}: {said.text}") if _fault(said) else None)
    page.on("response", lambda answer: faults.append(f"{answer.status} {answer.url}") if answer.status >= 500 else None)
