"""Duplicates become one record, with everything that hung on them."""

from typing import Any

import httpx2 as httpx
import pytest

from tests.isolation.people import api_client, token_of
from tests.site import Browser, Site

TENANT = "pishro"
NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(scope="module")
def program(site: Site) -> httpx.Client:
    return api_client(site, TENANT, token_of(site, TENANT, "admin"))


@pytest.fixture(scope="module")
def sara(site: Site) -> Browser:
    return site.browser(TENANT)


def made(program: httpx.Client, module: str, **values: Any) -> str:
    answer = program.post(f"/api/v1/{module}", json=values)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def linked(program: httpx.Client, module: str, id_: str, relation: str) -> set[str]:
    answer = program.get(f"/api/v1/{module}/{id_}/{relation}?limit=200")
    assert answer.status_code == 200, answer.text
    return {item["id"] for item in answer.json()["items"]}


def addresses(*names: str) -> list[dict[str, Any]]:
    return [{"address": f"{name}@one.example", "primary": place == 0} for place, name in enumerate(names)]


def pair(program: httpx.Client, mark: str) -> tuple[str, str]:
    """Two contacts that are one person, with three and five addresses of which they share one."""
    first = made(
        program, "contacts", last_name=f"کاظمی {mark}", phone_work="021-88776655",
        emails=addresses(f"{mark}a", f"{mark}b", f"{mark}c"),
    )  # fmt: skip
    second = made(
        program, "contacts", first_name="علی", last_name=f"كاظمي {mark}", title="مدیر خرید", description="دومی",
        emails=addresses(f"{mark}c", f"{mark}d", f"{mark}e", f"{mark}f", f"{mark}g"),
    )  # fmt: skip
    return first, second


def test_15_two_contacts_become_one_with_seven_addresses_and_all_that_hung_on_them(
    program: httpx.Client, sara: Browser
) -> None:
    keep, lose = pair(program, "p15")
    account = made(program, "accounts", name="شرکت مادر")
    call = made(
        program, "calls", name="تماس", parent={"module": "contacts", "id": lose}, starts_at="2026-11-26T08:00:00Z"
    )
    note = made(program, "notes", name="یادداشت", contact=lose)
    case = made(program, "cases", name="گلایه", account=account, contact=lose)
    chief = made(program, "contacts", last_name="زیردست", reports_to=lose)
    lists = [made(program, "target_lists", name=name, list_type="default") for name in ("یک", "دو")]
    for list_, members in zip(lists, ([keep, lose], [lose]), strict=True):
        assert program.post(f"/api/v1/target_lists/{list_}/contacts", json={"ids": members}).status_code == 204
    assert program.post(f"/api/v1/accounts/{account}/contacts", json={"ids": [lose]}).status_code == 204
    assert sara.post(f"/contacts/{lose}/star").status_code == 303

    answer = program.post(f"/api/v1/contacts/{keep}/merge", json={"ids": [lose]})
    assert answer.status_code == 200, answer.text
    record = answer.json()
    assert {entry["address"] for entry in record["emails"]} == {f"p15{letter}@one.example" for letter in "abcdefg"}
    assert sum(entry["primary"] for entry in record["emails"]) == 1
    assert (record["first_name"], record["title"], record["last_name"]) == ("علی", "مدیر خرید", "کاظمی p15")
    assert record["account"]["id"] == account
    assert call in linked(program, "contacts", keep, "calls") and note in linked(
        program, "contacts", keep, "contact_notes"
    )
    assert program.get(f"/api/v1/cases/{case}").json()["contact"]["id"] == keep
    assert program.get(f"/api/v1/contacts/{chief}").json()["reports_to"]["id"] == keep
    for list_ in lists:
        assert linked(program, "target_lists", list_, "contacts") == {keep}
        assert program.get(f"/api/v1/target_lists/{list_}").json()["entry_count"] == 1
    assert linked(program, "accounts", account, "contacts") == {keep}
    moved = sara.get(f"/contacts/{lose}")
    assert moved.status_code == 303 and moved.headers["location"] == f"/contacts/{keep}"
    assert program.get(f"/api/v1/contacts/{lose}").status_code == 404
    history = sara.get(f"/contacts/{keep}/history").text
    assert "رکوردهای دیگر را در این رکورد ادغام کرد" in history and "کاظمی p15" in history
    assert 'aria-pressed="true"' in sara.get(f"/contacts/{keep}").text


def test_8_a_duplicate_with_arabic_letters_is_found_compared_and_merged_by_hand(
    program: httpx.Client, sara: Browser
) -> None:
    keep, lose = pair(program, "p8")
    found = sara.get(f"/contacts/{keep}/duplicates").text
    assert f'value="{lose}"' in found
    page = sara.get(f"/contacts/merge?id={keep}&id={lose}&keep={lose}").text
    assert page.index(f'name="keep" value="{lose}"') and "مدیر خرید" in page
    versions = {f"version-{id_}": "1" for id_ in (keep, lose)}
    token = sara.token("/settings")
    choices = {"pick-phone_work": keep, "pick-description": "all", "pick-emails": keep}
    body = {"_csrf": token, "keep": lose, "id": [keep, lose], **versions, **choices}
    answer = sara.http.post("/contacts/merge", data=body)
    assert answer.status_code == 303 and answer.headers["location"] == f"/contacts/{lose}"
    record = program.get(f"/api/v1/contacts/{lose}").json()
    assert record["phone_work"] == "+982188776655" and len(record["emails"]) == 3 and record["description"] == "دومی"


def test_what_changed_meanwhile_is_compared_anew(program: httpx.Client, sara: Browser) -> None:
    keep, lose = pair(program, "late")
    assert program.patch(f"/api/v1/contacts/{lose}", json={"version": 1, "title": "نو"}).status_code == 200
    body = {
        "_csrf": sara.token("/settings"),
        "keep": keep,
        "id": [keep, lose],
        f"version-{keep}": "1",
        f"version-{lose}": "1",
    }
    assert sara.http.post("/contacts/merge", data=body).status_code == 409
    assert program.get(f"/api/v1/contacts/{lose}").json()["title"] == "نو"


@pytest.mark.parametrize(
    "ids", [[], [NOBODY], ["x"], [NOBODY] * 12],
)  # fmt: skip
def test_sec_11_nonsense_merges_nothing(program: httpx.Client, ids: list[str]) -> None:
    keep = made(program, "contacts", last_name="تنها")
    assert program.post(f"/api/v1/contacts/{keep}/merge", json={"ids": ids}).status_code in (404, 409, 422)
    assert program.get(f"/api/v1/contacts/{keep}").status_code == 200


def test_documents_of_sale_and_colleagues_are_never_merged(program: httpx.Client) -> None:
    for module in ("invoices", "users", "knowledge_revisions"):
        items = program.get(f"/api/v1/{module}?limit=2").json()["items"]
        ids = [item["id"] for item in items] or [NOBODY]
        assert program.post(f"/api/v1/{module}/{ids[0]}/merge", json={"ids": ids[1:] or [NOBODY]}).status_code == 403


def test_sec_11_a_field_nobody_may_write_is_not_taken(program: httpx.Client) -> None:
    keep, lose = pair(program, "ro")
    take = {"created_at": lose}
    assert program.post(f"/api/v1/contacts/{keep}/merge", json={"ids": [lose], "take": take}).status_code == 422


def test_accounts_that_are_each_others_parent_end_up_without_a_circle(program: httpx.Client) -> None:
    keep = made(program, "accounts", name="مجتمع یکم")
    lose = made(program, "accounts", name="مجتمع دوم", parent=keep)
    deal = made(
        program,
        "opportunities",
        name="معامله",
        account=lose,
        stage="prospecting",
        closes_on="2027-01-01",
        amount={"amount": "1000", "currency": "IRR"},
    )
    assert program.post(f"/api/v1/accounts/{keep}/merge", json={"ids": [lose]}).status_code == 200
    assert program.get(f"/api/v1/accounts/{keep}").json()["parent"] is None
    assert program.get(f"/api/v1/opportunities/{deal}").json()["account"]["id"] == keep
