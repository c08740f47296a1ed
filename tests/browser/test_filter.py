"""A list is filtered by a record that is chosen by typing its name, and says so by that name."""

from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from crm_domain.messages.catalogue import catalogue
from tests.browser.conftest import Open

LINKED = "td a.link[href^='/accounts/']"


@pytest.mark.parametrize(("tenant", "width"), [("pishro", 1440), ("northwind", 390)])
def test_deals_are_filtered_by_an_account_chosen_by_typing(person: Open, tenant: str, width: int) -> None:
    page = person(tenant, "/opportunities", width=width)
    name = page.locator(LINKED).first.inner_text()
    row = ask_about(page, "account")
    choose(row, name)
    page.locator("#filter-form .btn.primary").click()
    expect(page.locator(".chips")).to_contain_text(name)
    asked = page.url
    assert "filter%5Baccount%5D%5Beq%5D=" in asked
    assert set(page.locator(LINKED).all_inner_texts()) == {name}
    page.goto(asked)
    expect(page.locator(".chips")).to_contain_text(name)
    page.locator("[data-dialog=filter]").click()
    expect(page.locator("#filter-rows [role=combobox]")).to_have_value(name)


def test_the_operator_names_what_was_chosen_and_hides_what_asks_nothing(person: Open) -> None:
    page = person("pishro", "/opportunities")
    name = page.locator(LINKED).first.inner_text()
    row = ask_about(page, "account")
    choose(row, name)
    operator, value = row.locator("[data-operator]"), row.locator("[name^='filter[account]']")
    operator.select_option("ne")
    expect(value).to_have_attribute("name", "filter[account][ne]")
    operator.select_option("empty")
    expect(row.get_by_role("combobox", name=catalogue("fa").text("list.value"))).to_be_hidden()
    operator.select_option("nin")
    expect(value).to_have_value("")
    page.locator("#filter-form .btn.primary").click()
    expect(page.locator(".chips")).to_have_count(0)


def test_a_filter_by_a_record_out_of_reach_tells_no_name(person: Open) -> None:
    page = person("pishro", f"/opportunities?filter[account][in]={uuid4()}")
    expect(page.locator(".chips")).to_contain_text(catalogue("fa").text("list.unknown_record"))


def ask_about(page: Page, field: str) -> Locator:
    """The row of the filter, asking about that field."""
    page.locator("[data-dialog=filter]").click()
    row = page.locator("#filter-rows > *").first
    row.locator("[name=field]").select_option(field)
    expect(row.locator(f"[name^='filter[{field}]']")).to_have_count(1)
    return row


def choose(row: Locator, name: str) -> None:
    row.locator("search-select [type=text]").press_sequentially(name)
    row.locator("[role=option]", has_text=name).first.click()
