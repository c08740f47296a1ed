"""The session ends while somebody types: he signs in over the page, and what was typed is saved."""

import pytest
from playwright.sync_api import Page, expect

from crm_domain.messages.catalogue import catalogue
from tests.browser.conftest import Open
from tests.isolation.people import connect
from tests.site import PASSWORD, Site


@pytest.mark.parametrize(("tenant", "language", "gone"), [("pishro", "fa", "cookie"), ("northwind", "en", "session")])
def test_scenario_52_what_was_typed_is_saved_after_signing_in_over_the_page(
    person: Open, site: Site, tenant: str, language: str, gone: str
) -> None:
    page = person(tenant, "/contacts/new")
    page.locator("#f-last_name").fill("Longtyped")
    end(page, site, tenant, gone)
    page.locator("[data-save]").first.click()
    dialog = page.get_by_role("dialog", name=catalogue(language).text("shell.signed_out_title"))
    dialog.locator("[name=login]").fill("admin")
    dialog.locator("[name=password]").fill("not this one")
    dialog.locator("button.primary").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    expect(page.locator("#f-last_name")).to_have_value("Longtyped")
    dialog.locator("[name=login]").fill("admin")
    dialog.locator("[name=password]").fill(PASSWORD)
    dialog.locator("button.primary").click()
    expect(page.locator("h1")).to_contain_text("Longtyped")


def end(page: Page, site: Site, tenant: str, gone: str) -> None:
    """The browser forgets its session, or the server does."""
    if gone == "cookie":
        page.context.clear_cookies()
        return
    with connect(site, tenant) as owner:
        owner.execute("DELETE FROM session")
