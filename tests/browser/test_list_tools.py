"""What one gets to from a list by choosing records or views: pages without barriers, wide and on a phone, in both directions."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Open
from tests.browser.sweep import NARROW, WIDE, axe_source, barriers, sideways, unworded


def faultless(page: Page) -> None:
    page.evaluate(axe_source())
    assert (barriers(page), unworded(page), sideways(page)) == ([], [], 0), page.url


def choose(page: Page, deed: str) -> None:
    """Ticks two leads and takes a deed from the menu of the bar."""
    page.goto("/leads")
    for place in (0, 1):
        page.locator("tbody .pick .check").nth(place).check()
    page.locator("[popovertarget=bulk-more]").click()
    with page.expect_navigation():
        page.locator(f"#bulk-more [value={deed}]").click()


@pytest.mark.parametrize(("tenant", "width"), [("pishro", WIDE), ("northwind", NARROW)])
def test_deeds_on_chosen_records_and_the_choice_of_tabs_have_no_barriers(person: Open, tenant: str, width: int) -> None:
    page = person(tenant, "/leads", width=width)
    choose(page, "deal")
    faultless(page)
    page.locator("[name=person]").first.check()
    page.locator("[form=bulk-form]").click()
    page.locator("form[action$='/run']").wait_for()
    faultless(page)
    choose(page, "tasks")
    page.locator("[name=name]").fill("Ring up")
    faultless(page)
    page.locator("[form=bulk-form]").click()
    page.locator("form[action$='/run']").wait_for()
    faultless(page)
    page.goto("/opportunities")
    page.locator("[popovertarget=more-views]").click()
    faultless(page)
    page.locator("#more-views [data-dialog]").click()
    faultless(page)
