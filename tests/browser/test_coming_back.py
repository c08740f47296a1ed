"""Who opens a record from a list and goes back finds the list as it was left, in each tab its own."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.sweep import keep_short

LEFT_AT = 120


def open_third_and_come_back(page: Page) -> None:
    """Scrolls the list, opens its third record, goes back, and finds everything in place."""
    table = page.locator(".table-wrap")
    table.evaluate("(box, top) => box.scrollTo({ top, behavior: 'instant' })", LEFT_AT)
    names, left = page.locator("tbody .name").all_inner_texts(), page.url
    page.locator("tbody .name").nth(2).evaluate("(link) => link.click()")
    expect(page.locator("h1")).to_contain_text(names[2])
    page.go_back()
    expect(page).to_have_url(left)
    assert page.locator("tbody .name").all_inner_texts() == names
    page.wait_for_function("(top) => document.querySelector('.table-wrap').scrollTop === top", arg=LEFT_AT)


def test_3_filter_sort_page_and_scroll_are_as_they_were_with_two_tabs_too(person: Open) -> None:
    first = person("northwind", "/contacts")
    keep_short(first)
    second = first.context.new_page()
    for page, letter in ((first, "a"), (second, "e")):
        page.set_viewport_size({"width": 1440, "height": 500})
        page.goto(f"/contacts?filter[name][contains]={letter}&sort=name")
        page.locator(".pager a").last.click()
        expect(page).to_have_url(re.compile("cursor="))
    for page, letter in ((first, "a"), (second, "e")):
        open_third_and_come_back(page)
        expect(page.locator(".chips")).to_contain_text(letter)
        expect(page.locator("th[aria-sort=ascending]")).to_have_count(1)
