"""A list is filtered by a record that is chosen by typing its name, and says so by that name."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from crm_domain.messages.catalogue import catalogue
from tests.browser.conftest import Open

LINKED = "td a.link[href^='/accounts/']"


@pytest.mark.parametrize(("tenant", "width"), [("pishro", 1440), ("northwind", 390)])
def test_deals_are_filtered_by_an_account_chosen_by_typing(person: Open, tenant: str, width: int) -> None:
    page = person(tenant, "/opportunities", width=width)
    account = page.locator(LINKED).first
    name, id_ = account.inner_text(), str(account.get_attribute("href")).rpartition("/")[2]
    row = ask_about(page, "account")
    row.locator("search-select [type=text]").press_sequentially(name)
    row.locator(f"[role=option][data-id='{id_}']").click()
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


def test_a_field_that_a_row_asks_already_leaves_what_is_typed_for_it(person: Open) -> None:
    page = person("northwind", "/opportunities", width=390)
    page.route("**/filter-row*", lambda route: pytest.fail(f"{route.request.url} would replace what is typed"))
    name = page.locator(LINKED).first.inner_text()
    row = ask_about(page, "account")
    choose(row, name)
    expect(row.locator("[name^='filter[account]']")).not_to_have_value("")


def test_a_row_keeps_the_focus_and_takes_nothing_until_its_new_field_came(person: Open) -> None:
    page = person("northwind", "/opportunities")
    held: list[Route] = []
    page.route("**/filter-row*", lambda route: held.append(route))  # noqa: PLW0108 (a built-in method takes no mark)
    page.locator("[data-dialog=filter]").click()
    row = page.locator("#filter-rows > *").first
    with page.expect_request("**/filter-row*"):
        row.locator("[name=field]").select_option("stage")
    row.locator("[name=field]").focus()
    expect(row.locator("[data-operator]")).to_be_disabled()
    held[0].continue_()
    expect(row.locator("[data-operator]")).to_be_enabled()
    expect(row.locator("[name=field]")).to_be_focused()


def test_dates_are_asked_by_any_operator_and_choices_by_their_absence(person: Open) -> None:
    page = person("northwind", "/opportunities")
    row = ask_about(page, "closes_on")
    row.locator("[data-operator]").select_option("ge")
    row.get_by_role("textbox").fill("2031-01-01")
    row.locator("[data-operator]").select_option("period")
    expect(row.locator("select[name='filter[closes_on][period]']")).to_be_visible()
    row.locator("[data-operator]").select_option("ge")
    row.get_by_role("textbox").fill("2031-02-01")
    page.locator("#filter-form .btn.primary").click()
    expect(page).to_have_url(re.compile("closes_on%5D%5Bge%5D=2031-02-01"))
    assert "period" not in page.url
    ask_about(page, "stage").locator("[data-operator]").select_option("empty")
    page.locator("#filter-form .btn.primary").click()
    expect(page).to_have_url(re.compile("stage%5D%5Bempty%5D=1"))


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
