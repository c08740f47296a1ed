"""What holds across modules: addresses shared by their owners, one rule on every way in, files of another product."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx2 as httpx
import pytest

from tests.isolation.people import api_client, connect, token_of
from tests.site import Browser, Site
from tests.web.test_import import imported, planned

TENANT = "northwind"
DEAL = {"amount": {"amount": "900", "currency": "USD"}, "closes_on": "2027-01-15"}
HEADS = "Opportunity name,Account,Amount,Sales stage,Expected close date"
TOLD = "SELECT changes -> 'stage', changes -> 'probability' FROM audit_event WHERE record_id = %s AND action = 'update'"
STAGE, CHANCE = "proposal", "65"


@pytest.fixture(scope="module")
def program(site: Site) -> httpx.Client:
    return api_client(site, TENANT, token_of(site, TENANT, "admin"))


@pytest.fixture(scope="module")
def anna(site: Site) -> Browser:
    return site.browser(TENANT)


@pytest.fixture(scope="module")
def make(program: httpx.Client) -> Callable[..., dict[str, Any]]:
    def make(module: str, **values: Any) -> dict[str, Any]:
        answer = program.post(f"/api/v1/{module}", json=values)
        assert answer.status_code == 201, answer.text
        return answer.json()

    return make


def test_s_1_who_opted_out_as_a_lead_has_as_a_contact(program: httpx.Client, anna: Browser, make: Any) -> None:
    address = f"{uuid4().hex}@shared.example"
    contact = make("contacts", last_name="Twice", emails=[{"address": address}])
    make("leads", last_name="Twice", emails=[{"address": address, "opted_out": True}])
    [entry] = program.get(f"/api/v1/contacts/{contact['id']}").json()["emails"]
    assert entry["opted_out"]
    assert 'name="emails.0.opted_out" value="true" checked' in anna.get(f"/contacts/{contact['id']}/edit").text


def test_s_2_another_main_address_leaves_one_and_the_list_shows_it(
    program: httpx.Client, anna: Browser, make: Any
) -> None:
    first, second = (f"{uuid4().hex}@main.example" for _ in range(2))
    name = f"Mainly {uuid4().hex}"
    made = make("contacts", last_name=name, emails=[{"address": first, "primary": True}, {"address": second}])
    emails = [{"address": first}, {"address": second, "primary": True}]
    changed = program.patch(f"/api/v1/contacts/{made['id']}", json={"version": 1, "emails": emails})
    assert [entry["address"] for entry in changed.json()["emails"] if entry["primary"]] == [second]
    listed = anna.http.get("/contacts", params={"q": name}).text
    assert second in listed and first not in listed


def test_s_4_a_stage_brings_its_probability_on_every_way_in(
    site: Site, program: httpx.Client, anna: Browser, make: Any
) -> None:
    firm = f"Staged {uuid4().hex}"
    account = make("accounts", name=firm)["id"]
    deals = [make("opportunities", name=f"Staged {n}", account=account, stage="prospecting", **DEAL) for n in range(4)]
    form, board, bulk, api = (deal["id"] for deal in deals)
    page = f"/opportunities/{form}"
    assert anna.post(page, at=f"{page}/edit", version="1", stage=STAGE).status_code == 303
    assert anna.post("/opportunities/move", card=board, lane=STAGE, version="1").status_code == 303
    opened = anna.post("/opportunities/bulk", at="/opportunities", action="change", id=[bulk]).headers["location"]
    assert anna.post(opened, at=opened, change="stage", stage=STAGE).status_code == 303
    assert anna.post(f"{opened}/run", at=opened).status_code == 303
    assert program.patch(f"/api/v1/opportunities/{api}", json={"version": 1, "stage": STAGE}).status_code == 200
    name = f"Staged {uuid4().hex}"
    file = f"{HEADS}\n{name},{firm},900 USD,Proposal,2027-01-15\n"
    imported(site, anna, planned(anna, "deals.csv", file.encode(), "opportunities"), TENANT)
    found = [program.get(f"/api/v1/opportunities/{id_}").json() for id_ in (form, board, bulk, api)]
    found += program.get(f"/api/v1/opportunities?filter[name][eq]={name}").json()["items"]
    assert [(deal["stage"], float(deal["probability"])) for deal in found] == [(STAGE, float(CHANCE))] * 5
    with connect(site) as owner:
        for id_ in (form, board, bulk, api):
            assert owner.execute(TOLD, (id_,)).fetchall() == [(["prospecting", STAGE], [10, 65])], id_


def test_s_14_keys_of_another_product_are_understood(
    site: Site, program: httpx.Client, anna: Browser, make: Any
) -> None:
    subject, deal, firm = (f"Moved {what} {uuid4().hex}" for what in ("case", "deal", "firm"))
    make("accounts", name=firm)
    file = f"Subject,Status,Priority\n{subject},Open_New,P1\n".encode()
    imported(site, anna, planned(anna, "cases.csv", file, "cases"), TENANT)
    [case] = program.get(f"/api/v1/cases?filter[name][eq]={subject}").json()["items"]
    assert (case["state"], case["status"], case["priority"]) == ("open", "new", "high")
    file = f"{HEADS}\n{deal},{firm},900 USD,Id. Decision Makers,2027-01-15\n".encode()
    imported(site, anna, planned(anna, "deals.csv", file, "opportunities"), TENANT)
    [made] = program.get(f"/api/v1/opportunities?filter[name][eq]={deal}").json()["items"]
    assert made["stage"] == "decision_makers"
