"""An address is copied from its twin, whichever way."""

from playwright.sync_api import Page

from tests.browser.conftest import Open

PARTS = {"state": "Fars", "city": "Shiraz", "street": "12 Zand", "postal_code": "7134567890"}
HERE, THERE = "billing_address", "shipping_address"


def fill(page: Page, address: str, parts: dict[str, str], country: str) -> None:
    for part, text in parts.items():
        page.locator(f"[name='{address}.{part}']").fill(text)
    page.locator(f"[name='{address}.country']").fill(country)


def held(page: Page, address: str) -> list[str]:
    return [page.locator(f"[name='{address}.{part}']").input_value() for part in (*PARTS, "country")]


def test_s_3_all_five_parts_go_over_and_back(person: Open) -> None:
    page = person("northwind", "/accounts/new")
    fill(page, HERE, PARTS, "Iran")
    page.locator(f"copy-address[data-to={THERE}] button").click()
    assert held(page, THERE) == held(page, HERE) and all(held(page, THERE))
    fill(page, THERE, {**PARTS, "city": "Marvdasht", "street": "4 Hafez"}, "Oman")
    page.locator(f"copy-address[data-to={HERE}] button").click()
    assert held(page, HERE) == held(page, THERE) and "Marvdasht" in held(page, HERE)
