"""What forms begin with, take and refuse: copies, values edited in place, identifiers."""

import re
from typing import Any

import pytest

from tests.isolation.people import api_client, connect, hire, token_of
from tests.site import Browser, Site

TENANT = "northwind"


def filled(page: str) -> dict[str, str]:
    """What the inputs of a page's forms hold, by name."""
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", page):
        parts = dict(re.findall(r'\b(name|value)="([^"]*)"', tag))
        if "name" in parts:
            found[parts["name"]] = parts.get("value", "")
    return found


def events(browser: Browser, path: str) -> list[str]:
    return re.findall(r'<time datetime="([^"]+)"', browser.get(f"{path}/history").text)


def test_18_a_copied_deal_has_name_account_and_amount_but_no_end_and_no_history(site: Site) -> None:
    anna = site.browser(TENANT)
    program = api_client(site, TENANT, token_of(site, TENANT, "admin"))
    account = anna.post("/accounts", at="/accounts/new", name="Copyists").headers["location"].rpartition("/")[2]
    won: dict[str, Any] = {
        "amount": "1234.5",
        "amount.currency": "EUR",
        "closes_on": "2027-03-04",
        "stage": "closed_won",
    }
    made = anna.post("/opportunities", at="/opportunities/new", name="Copied deal", account=account, **won)
    path = made.headers["location"]
    before, told = program.get(f"/api/v1{path}").json(), events(anna, path)
    assert before["closed_at"]

    link = re.search(r'href="(/opportunities/new\?copy=[^"]+)"', anna.get(path).text)
    assert link
    form = filled(anna.get(link[1]).text)
    assert (form["name"], form["account"], form["account.label"]) == ("Copied deal", account, "Copyists")
    assert form["amount"].replace(",", "") in ("1234.5", "1234.50")
    assert not {"closed_at", "last_stage", "stage_entered_at", "version"} & set(form)

    kept = {key: form[key] for key in ("name", "account", "amount", "closes_on")}
    copied = anna.post("/opportunities", at="/opportunities/new", **{**won, **kept, "stage": "prospecting"})
    copy = program.get(f"/api/v1{copied.headers['location']}").json()
    assert (copy["name"], copy["account"]["id"], copy["closed_at"]) == ("Copied deal", account, None)
    assert copy["id"] != before["id"] and len(events(anna, copied.headers["location"])) == 1
    assert program.get(f"/api/v1{path}").json() == before and events(anna, path) == told


def test_20_who_may_only_read_changes_no_value_in_place_with_any_request(site: Site) -> None:
    anna, person = site.browser(TENANT), hire(site, "reader", "onlooker")
    path = anna.post("/accounts", at="/accounts/new", name="Looked at").headers["location"]
    assert 'class="pencil"' not in person.browser.get(path).text
    assert person.browser.get(f"{path}/cell/name?edit=true").status_code == 403
    crafted = {"_csrf": person.token, "name": "Taken over", "version": "1"}
    headers = {"hx-request": "true"}
    assert person.browser.http.post(f"{path}/cell/name", data=crafted, headers=headers).status_code == 403
    assert person.browser.http.post(path, data=crafted).status_code == 403
    assert person.api.patch(f"/api/v1{path}", json={"name": "Taken over", "version": 1}).status_code == 403
    with connect(site) as owner:
        kept = owner.execute("SELECT name, version FROM accounts WHERE id = %s", (path.rpartition("/")[2],)).fetchone()
    assert kept == ("Looked at", 1)


@pytest.mark.parametrize(("typed", "passes"), [("1111111111", False), ("0013542418", False), ("۰۰۱۳۵۴۲۴۱۹", True)])
def test_46_a_national_id_is_checked_by_its_last_digit(site: Site, typed: str, passes: bool) -> None:
    answer = site.browser("pishro").post("/contacts", at="/contacts/new", last_name="شناسا", national_id=typed)
    assert answer.status_code == (303 if passes else 422)
    assert passes or re.search(r'class="field[^"]*\bbad\b[^"]*" id="f-national_id-field"', answer.text)
