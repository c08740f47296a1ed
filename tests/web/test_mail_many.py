"""A letter to each of the ticked records: filled with his words, to nobody who opted out, and to nobody out of reach."""

from uuid import UUID

import pytest

from tests.isolation.people import Person, connect, hire
from tests.site import Browser, Site

PERSON = """
WITH made AS (INSERT INTO contacts (id, first_name, last_name, name, assigned_to) VALUES (uuidv7(), %(name)s, 'Many', %(name)s || ' Many',
    %(owner)s) RETURNING id),
  address AS (INSERT INTO email_address (address, address_key, opted_out) VALUES (%(address)s, %(address)s, %(out)s) RETURNING id),
  link AS (INSERT INTO email_link (module, record_id, address_id, is_primary)
    SELECT 'contacts', made.id, address.id, true FROM made, address)
SELECT id FROM made
"""
SENT = """
SELECT e.recipients, e.name, e.body, e.status, e.leaves_at > now(), (SELECT array_agg(right_id) FROM email_record WHERE left_id = e.id)
FROM emails e WHERE e.name LIKE 'Dear %%' ORDER BY e.name
"""


@pytest.fixture(scope="module")
def owner(site: Site) -> Person:
    return hire(site, "owner", "many_letters")


def people(site: Site, owner: Person, *, suffix: str) -> dict[str, UUID]:
    with connect(site) as database:
        found: dict[str, UUID] = {}
        for name, out in (("Ann", False), ("Bob", False), ("Out", True)):
            facts = {"name": name, "address": f"{name.lower()}.{suffix}@shop.example", "out": out, "owner": owner.id}
            row = database.execute(PERSON, facts).fetchone()
            assert row
            found[name] = row[0]
        row = database.execute(
            "INSERT INTO contacts (id, last_name, name, assigned_to) VALUES (uuidv7(), 'Mute', 'Mute', %s) RETURNING id",
            (owner.id,),
        ).fetchone()
        assert row
    return {**found, "Mute": row[0]}


def test_each_ticked_record_gets_his_own_letter(site: Site, owner: Person) -> None:
    browser, ids = owner.browser, people(site, owner, suffix="own")
    assert 'formaction="/mail/many"' in browser.get("/contacts").text
    chosen = browser.post("/mail/many", at="/contacts", module="contacts", id=[str(id_) for id_ in ids.values()])
    page = browser.get(chosen.headers["location"]).text
    assert page.count('name="id"') == 2 and "opted out" in page and "no address that works" in page
    fields = {
        "module": "contacts",
        "id": [str(id_) for id_ in ids.values()],
        "box": "house",
        "name": "Dear {{ recipient.first_name }}",
        "body": "<p>Hello {{ recipient.name }}</p>",
        "language": "en",
        "do": "send",
    }
    wrong = browser.post("/mail/many/send", at="/contacts", **{**fields, "body": "<p>{{ recipient.secret }}</p>"})
    assert wrong.status_code == 422 and "Dear {{ recipient.first_name }}" in wrong.text
    assert browser.post("/mail/many/send", at="/contacts", **fields).status_code == 303
    with connect(site) as database:
        rows = database.execute(SENT).fetchall()
    assert rows == [
        ("Ann Many <ann.own@shop.example>", "Dear Ann", "<p>Hello Ann Many</p>", "queued", True, [ids["Ann"]]),
        ("Bob Many <bob.own@shop.example>", "Dear Bob", "<p>Hello Bob Many</p>", "queued", True, [ids["Bob"]]),
    ]


def test_a_crowd_is_for_campaigns_and_strangers_records_are_out_of_reach(site: Site, owner: Person) -> None:
    ids = people(site, owner, suffix="reach")
    other, reader = hire(site, "owner", "many_others"), hire(site, "reader", "many_reader")
    crowd = owner.browser.post("/mail/many", at="/contacts", module="contacts", id=[str(ids["Ann"])] * 51)
    assert crowd.status_code == 409
    page = other.browser.get(f"/mail/many?module=contacts&id={ids['Ann']}").text
    assert "Ann Many" not in page and "Nobody here can get a letter" in page
    assert reader.browser.get(f"/mail/many?module=contacts&id={ids['Ann']}").status_code == 403
    assert Browser(site, "northwind").get("/mail/many?module=quotes").status_code == 403
