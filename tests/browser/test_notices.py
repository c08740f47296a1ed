"""What the bell does while pages are open: one stream for all tabs, a message for what is new, a bar on a record that another
changed; and people named by an @ while one writes."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.isolation.people import connect
from tests.site import Site

TELL = """
INSERT INTO notification (user_id, kind, href, facts)
SELECT id, 'job_done', '/jobs', '{"work": {"id": "jobs.kind.records.bulk"}}' FROM users WHERE user_name = 'admin'
RETURNING pg_notify('notices', current_schema() || ':' || user_id)
"""
FORGET = "DELETE FROM notification WHERE kind = 'job_done'"
CHANGED = "UPDATE accounts SET version = version + 1, modified_by = NULL WHERE id = %s"
WAIT_MS = 30_000


@pytest.mark.parametrize(("tenant", "said"), [("pishro", "تغییر گروهی"), ("northwind", "Change of many")])
def test_a_new_notice_is_told_once_in_the_tab_one_looks_at_and_counted_in_all(
    person: Open, site: Site, tenant: str, said: str
) -> None:
    first = person(tenant, "/settings")
    hearing: set[Page] = set()
    first.context.on("request", lambda asked: hearing.add(asked.frame.page) if "/events" in asked.url else None)
    second = first.context.new_page()
    second.goto("/accounts")
    first.wait_for_function("() => localStorage.getItem('bell.last')", timeout=WAIT_MS)
    with connect(site, tenant) as owner:
        owner.execute(TELL)
    try:
        for page in (first, second):
            expect(page.locator(".bell .n")).to_be_visible(timeout=WAIT_MS)
        expect(first.locator(".toast a", has_text=said)).to_have_attribute("href", "/jobs", timeout=WAIT_MS)
        assert len(hearing) == 1, "one tab hears for all"
    finally:
        with connect(site, tenant) as owner:
            owner.execute(FORGET)


def test_an_open_record_says_that_somebody_else_changed_it(person: Open, site: Site) -> None:
    page = person("northwind", "/accounts")
    page.locator("a.name[href^='/accounts/']").first.click()
    page.wait_for_url(re.compile(r"/accounts/[0-9a-f-]{36}$"))
    heard(page)
    with connect(site) as owner:
        owner.execute(CHANGED, (page.url.rpartition("/")[2],))
    bar = page.locator("[data-record]").get_by_role("link", name="Show")
    expect(bar).to_be_visible(timeout=WAIT_MS)
    bar.click()
    expect(page.locator("[data-record] .note")).to_have_count(0)


@pytest.mark.parametrize("tenant", ["pishro", "northwind"])
def test_an_at_sign_offers_colleagues_and_the_chosen_one_is_linked(person: Open, tenant: str) -> None:
    page = person(tenant, "/notes/new")
    editor = page.locator("rich-text [contenteditable]").first
    editor.click()
    page.keyboard.type("Ask @")
    offered = page.locator("mention-list [role=option]")
    expect(offered.first).to_be_visible()
    name = offered.nth(1).locator("bdi").inner_text()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(editor.locator("a")).to_have_text(f"@{name.strip()}")
    expect(editor.locator("a")).to_have_attribute("href", re.compile("^/users/[0-9a-f-]{36}$"))
    page.keyboard.type("now")
    assert "now" not in editor.locator("a").inner_text()
    expect(page.locator("mention-list [role=listbox]")).to_be_hidden()


def heard(page: Page) -> None:
    """Waits until the page listens."""
    with page.expect_request(re.compile("/notifications/events"), timeout=WAIT_MS):
        pass
