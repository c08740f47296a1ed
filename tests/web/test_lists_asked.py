"""Lists asked further: by a second column, by any city, counted to the end; and what may be done without changing anything."""

import json
import re
from collections.abc import Iterator
from html import unescape
from uuid import uuid4

import pytest

from crm_storage.files import sheets
from tests.isolation.people import Person, connect, hire
from tests.site import Browser, Site

TENANT = "northwind"
PART = {"hx-request": "true"}
NAMES = re.compile(r'<a class="name clip" href="[^"]*"><bdi>([^<]*)</bdi>')
ALSO = re.compile(r'data-also="([^"]+)"[^>]*><a href="[^"]*">Account name')
MANY = """
INSERT INTO releases (id, name, status, assigned_to, created_by)
SELECT uuidv7(), 'Many ' || n, 'active', %(owner)s, %(owner)s FROM generate_series(1, 10001) n
"""


@pytest.fixture(scope="module")
def olga(site: Site) -> Person:
    return hire(site, "owner", f"olga-{uuid4()}")


@pytest.fixture(scope="module")
def firms(olga: Person) -> None:
    """Three accounts that are hers alone: two of one trade, one of another that is shipped to elsewhere."""
    for name, trade, city in (("Alder", "banking", ""), ("Birch", "banking", ""), ("Cedar", "retail", "Tromso")):
        made = olga.browser.post(
            "/accounts", at="/accounts/new", name=name, industry=trade, **{"shipping_address.city": city}
        )
        assert made.status_code == 303


def test_a_second_column_orders_within_the_first(olga: Person, firms: None) -> None:
    page = olga.browser.get("/accounts?sort=-industry").text
    also = ALSO.search(page)
    assert also and NAMES.findall(page)[0] == "Cedar"
    up = unescape(also[1])
    assert NAMES.findall(olga.browser.get(f"/accounts{up}").text) == ["Cedar", "Alder", "Birch"]
    further = ALSO.search(olga.browser.get(f"/accounts{up}").text)
    assert further
    assert NAMES.findall(olga.browser.get(f"/accounts{unescape(further[1])}").text) == ["Cedar", "Birch", "Alder"]


def test_any_city_asks_every_address(olga: Person, firms: None) -> None:
    page = olga.browser.get("/accounts?filter[any_city][contains]=troms").text
    assert NAMES.findall(page) == ["Cedar"] and "Any city" in page


def test_what_is_not_there_can_be_made_as_it_was_asked_for(olga: Person) -> None:
    page = olga.browser.get("/accounts?filter[industry][in]=mining&q=Dogwood").text
    begin = re.search(r'href="(/accounts/new\?[^"]+)"', page)
    assert begin and not NAMES.findall(page)
    form = olga.browser.get(unescape(begin[1])).text
    assert 'value="Dogwood"' in form and re.search(r'<option value="mining"[^>]*selected', form)


@pytest.fixture
def releases(site: Site, olga: Person) -> Iterator[None]:
    with connect(site) as owner:
        owner.execute(MANY, {"owner": olga.id})
    yield
    with connect(site) as owner:
        owner.execute("DELETE FROM releases WHERE assigned_to = %s", (olga.id,))


def test_more_than_ten_thousand_are_counted_when_asked(olga: Person, releases: None) -> None:
    page = olga.browser.get("/releases").text
    way = re.search(r'href="([^"]*exact=1[^"]*)"', page)
    assert "10,000+" in page and way
    exact = olga.browser.get(f"/releases{unescape(way[1])}").text
    assert "10,001" in exact and "10,000+" not in exact


def test_who_may_only_read_has_the_document_and_no_deed(site: Site) -> None:
    reader = hire(site, "reader").browser
    with connect(site) as owner:
        row = owner.execute("SELECT id FROM quotes WHERE is_latest AND stage <> 'draft' LIMIT 1").fetchone()
    assert row
    page, whole = reader.get(f"/quotes/{row[0]}").text, site.browser(TENANT).get(f"/quotes/{row[0]}").text
    for deed in ("/pdf", "/revise", "/invoice"):
        assert f"/quotes/{row[0]}{deed}" in whole
        assert (f"/quotes/{row[0]}{deed}" in page) == (deed == "/pdf")


def test_favourites_and_visits_are_all_on_a_page(site: Site) -> None:
    person = hire(site, "anybody").browser
    made = {key: person.post(f"/{key}", at=f"/{key}/new", **fields).headers["location"] for key, fields in KEPT.items()}
    for path in made.values():
        person.get(path)
        person.post(f"{path}/star")
    seen, starred = person.get("/recent").text, person.get("/favourites").text
    assert all(f'href="{path}"' in seen and f'href="{path}"' in starred for path in made.values())
    for page in ("/recent", "/favourites"):
        only = main(person, f"{page}?module=contacts")
        assert made["contacts"] in only and made["accounts"] not in only
    assert 'href="/favourites"' in seen and 'href="/recent"' in seen
    for path in made.values():
        person.post(f"{path}/star")
    assert made["contacts"] not in person.get("/favourites").text.partition("<main")[2]


KEPT = {"accounts": {"name": "At hand"}, "contacts": {"last_name": "Nearby"}}


def main(person: Browser, path: str) -> str:
    """What stands in the middle of a page."""
    return person.get(path).text.partition('<main class="main"')[2].partition("</main>")[0]


def test_an_export_has_every_field_for_people_and_for_programs(olga: Person, firms: None) -> None:
    lines = olga.browser.get("/accounts/export?format=jsonl&sort=name").text.splitlines()
    told = [json.loads(line) for line in lines]
    assert [one["name"] for one in told] == ["Alder", "Birch", "Cedar"]
    assert told[2]["shipping_address"]["city"] == "Tromso" and told[2]["assigned_to"]["id"] == str(olga.id)
    every = sheets.run(olga.browser.get("/accounts/export?format=xlsx&fields=all").content)
    some = sheets.run(olga.browser.get("/accounts/export?format=xlsx").content)
    assert len(every) == len(some) == 4 and len(every[0]) > len(some[0]) + 10


def test_a_value_is_changed_in_its_cell_by_the_rules_of_the_form(site: Site, olga: Person, firms: None) -> None:
    page = olga.browser.get("/accounts?sort=name").text
    cell = re.search(r'data-edit="(/accounts/[^"/]+/cell/phone_office)\?', page)
    assert cell and "data-edits" in page and "/cell/name" not in page and "/cell/created_at" not in page
    form = olga.browser.http.get(f"{cell[1]}?edit=true&list=true", headers=PART).text
    version = re.search(r'name="version" value="(\d+)"', form)
    assert version
    facts = {"_csrf": olga.token, "version": version[1], "phone_office": "+44 20 7946 0000"}
    saved = olga.browser.http.post(f"{cell[1]}?list=true", data=facts, headers=PART)
    assert saved.status_code == 200 and "7946" in saved.text and "pencil" not in saved.text
    wrong = olga.browser.http.post(f"{cell[1]}?list=true", data={**facts, "phone_office": "none"}, headers=PART)
    assert wrong.status_code == 422 and 'action="' + cell[1] + '?list=true"' in wrong.text
    reader = hire(site, "reader").browser
    assert "data-edit=" not in reader.get("/accounts").text


def test_a_record_is_looked_at_beside_its_list(site: Site, olga: Person, firms: None) -> None:
    page = olga.browser.get("/accounts?q=Cedar").text
    look = re.search(r'hx-get="(/accounts/[^"/]+/glance)"', page)
    assert look
    part = olga.browser.http.get(look[1], headers=PART).text
    assert "Cedar" in part and "<html" not in part and f'href="{look[1].removesuffix("/glance")}/edit"' in part
    assert hire(site, "owner").browser.http.get(look[1], headers=PART).status_code == 404


def test_a_card_tells_what_is_next_with_it(olga: Person, firms: None) -> None:
    account = re.search(r'href="/accounts/([0-9a-f-]{36})"', olga.browser.get("/accounts?q=Alder").text)
    assert account
    deal = {
        "name": "Next steps", "account": account[1], "amount": "5", "amount.currency": "EUR", "closes_on": "2027-01-01",
        "stage": "prospecting",
    }  # fmt: skip
    path = olga.browser.post("/opportunities", at="/opportunities/new", **deal).headers["location"]
    board = "/opportunities?mode=board&mine=1"
    assert "No next activity" in olga.browser.get(board).text
    task = {
        "name": "Late", "status": "not_started", "priority": "low", "parent.module": "opportunities",
        "parent.id": path.rpartition("/")[2], "due_at": "2026-01-01", "due_at.time": "10:00",
    }  # fmt: skip
    assert olga.browser.post("/tasks", at="/tasks/new", **task).status_code == 303
    said = olga.browser.get(board).text
    assert "Overdue: " in said and "No next activity" not in said


def test_a_list_begins_with_the_view_its_reader_wants(olga: Person, firms: None) -> None:
    saved = olga.browser.post("/accounts/views", at="/accounts", name="Banks", **{"filter[industry][in]": "banking"})
    view = saved.headers["location"]
    first = f"/accounts/views/{view.partition('view=')[2]}/first"
    assert sorted(NAMES.findall(olga.browser.get("/accounts").text)) == ["Alder", "Birch", "Cedar"]
    assert olga.browser.post(first, at=view).status_code == 303
    assert sorted(NAMES.findall(olga.browser.get("/accounts").text)) == ["Alder", "Birch"]
    assert "Cedar" in olga.browser.get("/accounts?all=1").text and "Cedar" in olga.browser.get("/accounts?q=ced").text
    olga.browser.post("/accounts/columns", at="/accounts", column=["name"], size="50")
    assert sorted(NAMES.findall(olga.browser.get("/accounts").text)) == ["Alder", "Birch"]
    olga.browser.post(first, at=view)
    assert "Cedar" in olga.browser.get("/accounts").text
