"""The pages that must work as plain pages: a browser that runs no script signs in, lists, reads, writes and searches."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.site import PASSWORD, Site


@pytest.mark.parametrize("tenant", ["pishro", "northwind"])
def test_without_scripts_one_signs_in_lists_reads_creates_edits_and_searches(
    person: Open, site: Site, tenant: str
) -> None:
    page = person(tenant, "/help", java_script_enabled=False)
    page.context.clear_cookies()
    page.goto("/contacts")
    page.locator("[name=login]").fill("admin")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("button.primary").click()
    expect(page).to_have_url(f"{site.url(tenant)}/contacts")
    page.locator("tbody .name").first.click()
    expect(page.locator("h1")).to_be_visible()
    page.goto("/contacts/new")
    page.locator("[data-save]").first.click()
    expect(page.locator(".summary-error")).to_be_visible()
    page.locator("#f-last_name").fill("Scriptless")
    page.locator("#f-first_name").fill("Ida")
    page.locator("[data-save]").first.click()
    expect(page.locator("h1")).to_contain_text("Ida Scriptless")
    page.locator("[data-key=KeyE]").click()
    page.locator("#f-title").fill("Director")
    page.locator("[data-save]").first.click()
    expect(page.locator(".side")).to_contain_text("Director")
    page.goto("/contacts")
    page.locator("#list-search").fill("Scriptless")
    page.locator("#list-search").press("Enter")
    expect(page.locator("tbody .name")).to_have_count(1)
    page.goto("/search?q=Scriptless")
    expect(page.locator("#main")).to_contain_text("Ida Scriptless")
    page.goto("/opportunities?sort=-closes_on")
    page.locator("[data-dialog=filter]").click()
    page.locator("[name='filter[stage][in]']").select_option("negotiation")
    page.locator("[name=open]").check()
    page.locator(".actions .primary").click()
    expect(page.locator(".chips a:not(.btn)")).to_have_count(2)
    stages = set(page.locator("tbody .badge").all_inner_texts())
    assert len(stages) == 1 and "sort=-closes_on" in page.url
    page.locator("[data-dialog=filter]").click()
    expect(page.locator("[name='filter[stage][in]']")).to_have_value("negotiation")
    expect(page.locator("[name=open]")).to_be_checked()
    page.goto("/opportunities?mode=board")
    form = page.locator("[data-lane=qualification] form").first
    name = page.locator("[data-lane=qualification] .kcard .t").first.inner_text()
    form.locator("select").select_option("negotiation")
    form.locator("button").click()
    expect(page.locator("[data-lane=negotiation]")).to_contain_text(name)
    page.locator("form[action='/logout'] button").evaluate("(button) => button.form.requestSubmit(button)")
    expect(page.locator("[name=password]")).to_be_visible()
