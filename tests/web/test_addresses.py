"""An opt-out is cleared by nobody in passing, only with the right to and a reason; a complaint by nobody (scenario 45)."""

import re
from uuid import uuid4

import pytest

from tests.isolation.people import api_client, connect, hire, token_of
from tests.site import Browser, Site

TENANT = "northwind"
STATE = "SELECT opted_out, invalid, opted_out_source FROM email_address WHERE address_key = %s"


@pytest.fixture(scope="module")
def anna(site: Site) -> Browser:
    return site.browser(TENANT)


def state(site: Site, address: str) -> tuple[bool, bool, str | None]:
    with connect(site) as owner:
        row = owner.execute(STATE, (address,)).fetchone()
    assert row
    return row[0], row[1], row[2]


def test_scenario_45_no_save_takes_an_opt_out_back(site: Site, anna: Browser) -> None:
    program = api_client(site, TENANT, token_of(site, TENANT, "admin"))
    address = f"{uuid4().hex}@shop.example"
    out = {"address": address, "primary": True, "opted_out": True}
    made = program.post("/api/v1/contacts", json={"last_name": "Out", "emails": [out]}).json()
    assert state(site, address) == (True, False, "staff")
    changed = program.patch(
        f"/api/v1/contacts/{made['id']}", json={"version": 1, "emails": [{**out, "opted_out": False}]}
    )
    assert changed.status_code == 200
    other = program.post("/api/v1/leads", json={"last_name": "Same", "emails": [{"address": address}]})
    assert other.status_code == 201
    page = f"/contacts/{made['id']}/edit"
    form = anna.get(page).text
    assert re.search(r'name="emails.0.opted_out" value="true" checked disabled', form)
    version = re.search(r'name="version" value="(\d+)"', form)
    assert version
    fields = {"last_name": "Out again", "emails.0.address": address, "emails.primary": "0", "version": version[1]}
    assert anna.post(f"/contacts/{made['id']}", at=page, **fields).status_code == 303
    assert state(site, address) == (True, False, "staff")


def test_scenario_45_an_opt_out_goes_by_right_and_with_a_reason_and_a_complaint_never(
    site: Site, anna: Browser
) -> None:
    address = f"{uuid4().hex}@shop.example"
    page = f"/addresses?address={address}"
    assert anna.get(page).status_code == 404
    with connect(site) as owner:
        owner.execute(
            "INSERT INTO email_address (address, address_key, opted_out) VALUES (%s, %s, true)", (address, address)
        )
    assert hire(site, "owner", f"clerk-{uuid4()}").browser.get(page).status_code == 403
    assert anna.post("/addresses", at=page, address=address, reason=" ").status_code == 422
    assert state(site, address)[0]
    assert anna.post("/addresses", at=page, address=address, reason="Asked by phone").status_code == 303
    assert state(site, address) == (False, False, None)
    assert "Asked by phone" in anna.get(page).text
    with connect(site) as owner:
        owner.execute(
            "UPDATE email_address SET opted_out = true, complained_at = now() WHERE address_key = %s", (address,)
        )
    assert anna.post("/addresses", at=page, address=address, reason="Asked again").status_code == 422
    assert state(site, address)[0]


def test_rel_27_addresses_that_another_changed_meanwhile_are_asked_about(site: Site) -> None:
    program = api_client(site, TENANT, token_of(site, TENANT, "admin"))
    here, there = (f"{uuid4().hex}@shop.example" for _ in range(2))
    made = program.post("/api/v1/contacts", json={"last_name": "Two", "emails": [here]}).json()
    path = f"/api/v1/contacts/{made['id']}"
    assert program.patch(path, json={"version": 1, "emails": [here, there]}).status_code == 200
    assert program.patch(path, json={"version": 1, "title": "Buyer"}).status_code == 200
    assert program.patch(path, json={"version": 1, "emails": []}).status_code == 409
    with connect(site) as owner:
        found = owner.execute(
            "SELECT changes, version FROM audit_event WHERE record_id = %s AND action = 'update' ORDER BY version",
            (made["id"],),
        ).fetchall()
    assert [(list(changes), version) for changes, version in found] == [(["emails"], 2), (["title"], 3)]
