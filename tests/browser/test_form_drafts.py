"""What is typed into a form is there again after the window is gone."""

from playwright.sync_api import expect

from tests.browser.conftest import Open


def test_what_was_typed_is_offered_in_another_window_and_saving_ends_it(person: Open) -> None:
    page = person("northwind", "/accounts/new")
    page.locator("#f-name").fill("Left behind")
    expect(page.locator("[data-kept]")).not_to_be_empty()
    other = page.context.new_page()
    other.goto(page.url)
    other.locator('a[href="/accounts/new?draft=1"]').click()
    expect(other.locator("#f-name")).to_have_value("Left behind")
    other.locator("[data-save]").click()
    expect(other.locator("h1")).to_contain_text("Left behind")
    other.goto("/accounts/new")
    expect(other.locator('a[href="/accounts/new?draft=1"]')).to_have_count(0)
