"""Without a mouse: a lead is made and many are changed, and one always sees where one is."""

from playwright.sync_api import Page, expect

from crm_domain.messages.catalogue import catalogue
from tests.browser.conftest import Open

MOST_STOPS = 120
SEEN = "() => document.activeElement.matches(':focus-visible') && getComputedStyle(document.activeElement).outlineStyle !== 'none'"


def tab_to(page: Page, place: str) -> None:
    """Tab until the focus is there, and see it."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate("(place) => document.activeElement.matches(place)", place):
            assert page.evaluate(SEEN), place
            return
    raise AssertionError(f"{place} cannot be reached")


def press(page: Page, key: str) -> None:
    """A key that leads to another page."""
    with page.expect_navigation():
        page.keyboard.press(key)


def test_59_a_lead_is_created_and_changed_with_others_by_keyboard_alone(person: Open) -> None:
    page = person("northwind", "/leads")
    press(page, "c")
    tab_to(page, "#f-last_name")
    page.keyboard.type("Keyboarder")
    press(page, "Control+s")
    expect(page.locator("h1")).to_contain_text("Keyboarder")
    page.goto("/leads?q=Keyboarder")
    page.keyboard.press("j")
    assert page.evaluate(SEEN)
    page.keyboard.press("x")
    tab_to(page, ".bulk [value=change]")
    press(page, "Enter")
    tab_to(page, "[name=change][value=status]")
    page.keyboard.press("Space")
    tab_to(page, "[name=status]")
    page.keyboard.type(catalogue("en").text("lead_status.in_process"))
    tab_to(page, "[form=bulk-form]")
    press(page, "Enter")
    tab_to(page, "form[action$='/run'] .primary")
    press(page, "Enter")
    expect(page.locator("form[action$='/undo'] button")).to_be_visible()
    page.goto("/leads?q=Keyboarder&filter[status][in]=in_process")
    expect(page.locator("tbody .name")).to_have_count(1)
