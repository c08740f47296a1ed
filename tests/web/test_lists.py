"""A list as its reader finds it: how much there is, laid out as she left it, asked as she asked."""

import json
import re
from collections.abc import Iterator
from uuid import UUID, uuid4

import pypdfium2
import pytest

from crm_storage.files import sheets
from tests.isolation.people import Person, connect, hire
from tests.site import Browser, Site

TENANT = "northwind"
HEADS = re.compile(r'<th scope="col"[^>]*>(?:<a href="[^"]*">)?([^<]*)')
NAMES = re.compile(r'<a class="name clip" href="[^"]*"><bdi>([^<]*)</bdi>')
MANY = """
INSERT INTO accounts (id, name, assigned_to, created_by, created_at, modified_at)
SELECT uuidv7(), 'Firm ' || n, %(owner)s, %(owner)s, at, at
FROM generate_series(1, 1204) n, LATERAL (SELECT now() - make_interval(mins => n) AS at) moment
"""
DEALS = """
INSERT INTO opportunities (id, name, account, stage, amount, amount_currency, closes_on, assigned_to, created_by)
SELECT uuidv7(), 'Deal ' || n, %(account)s, CASE WHEN n <= 90 THEN 'negotiation' ELSE 'prospecting' END, n, 'EUR',
  current_date, CASE WHEN n <= 87 OR n > 90 THEN %(mine)s::uuid ELSE %(other)s::uuid END, %(mine)s
FROM generate_series(1, 95) n
"""


@pytest.fixture(scope="module")
def mara(site: Site) -> Iterator[Person]:
    """Somebody who sees her own records alone, and has 1,204 accounts of them."""
    person = hire(site, "owner", "mara")
    with connect(site) as owner:
        owner.execute(MANY, {"owner": person.id})
    yield person
    with connect(site) as owner:
        owner.execute("DELETE FROM accounts WHERE assigned_to = %s", (person.id,))


@pytest.fixture(scope="module")
def nils(site: Site) -> Person:
    """A colleague who may do everything with everything."""
    return hire(site, "anybody", "nils")


def test_1_a_list_shows_fifty_of_1204_accounts_the_newest_first(mara: Person) -> None:
    page = mara.browser.get("/accounts").text
    assert "1–50 of 1,204" in page
    assert NAMES.findall(page) == [f"Firm {n}" for n in range(1, 51)]


def test_2_a_layout_is_there_on_every_device_of_hers_and_on_nobody_elses(
    site: Site, mara: Person, nils: Person
) -> None:
    before = HEADS.findall(nils.browser.get("/accounts").text)
    assert "city" in " ".join(before) and before[0] != "Office phone"
    chosen = ["phone_office", "name", "account_type"]
    kept = mara.browser.post("/accounts/columns", at="/accounts", column=chosen, size="20")
    assert kept.status_code == 303
    other = Browser(site, TENANT, "mara").get("/accounts").text
    heads = HEADS.findall(other)
    assert heads[0] == "Office phone" and len(heads) == len(chosen) and "city" not in " ".join(heads)
    assert "1–20 of 1,204" in other
    assert HEADS.findall(nils.browser.get("/accounts").text) == before


@pytest.fixture(scope="module")
def deals(site: Site, nils: Person) -> Iterator[None]:
    """Ninety deals in negotiation, of which 87 are the colleague's, and five more of his in another stage."""
    account = nils.browser.post("/accounts", at="/accounts/new", name="Negotiators").headers["location"]
    facts = {"account": account.rpartition("/")[2], "mine": nils.id, "other": uuid4()}
    with connect(site) as owner:
        owner.execute(DEALS, facts)
    yield
    with connect(site) as owner:
        owner.execute("DELETE FROM opportunities WHERE account = %(account)s", facts)


def test_4_an_export_of_the_whole_result_holds_the_87_of_the_filter(nils: Person, deals: None) -> None:
    question = {"mine": "1", "filter[stage][in]": "negotiation"}
    listed = nils.browser.http.get("/opportunities", params=question).text
    assert "1–50 of 87" in listed and "Select all 87" in listed
    asked = {"_csrf": nils.token, "action": "export", "all": "1", **question}
    answer = nils.browser.http.post("/opportunities/bulk", data=asked)
    names = [row[0] for row in sheets.run(answer.content)[1:]]
    assert sorted(names) == sorted(f"Deal {n}" for n in range(1, 88))


def test_rel_30_a_pdf_holds_the_rows_of_the_filter_and_says_what_was_asked(nils: Person, deals: None) -> None:
    asked = {"format": "pdf", "mine": "1", "filter[stage][in]": "negotiation"}
    answer = nils.browser.http.get("/opportunities/export", params=asked)
    assert answer.headers["content-type"] == "application/pdf"
    paper = pypdfium2.PdfDocument(answer.content)
    text = "".join(paper[number].get_textpage().get_text_range() for number in range(len(paper)))
    assert all(f"Deal {n}" in text for n in range(1, 88)) and "Filter: " in text and len(paper) > 1
    assert nils.browser.http.get("/accounts/export", params={"format": "pdf"}).status_code == 403, "more than 500"


def test_5_an_unstarred_row_leaves_my_favourites_and_undo_brings_it_back(nils: Person) -> None:
    path = nils.browser.post("/accounts", at="/accounts/new", name="Beloved").headers["location"]

    def press(url: str) -> dict[str, str]:
        headers = {"hx-request": "true", "x-csrf-token": nils.token}
        answer = nils.browser.http.post(url, data={"_csrf": nils.token}, headers=headers)
        return json.loads(answer.headers["hx-trigger"])["sadra:toast"]

    def favourites() -> list[str]:
        return NAMES.findall(nils.browser.get("/accounts?starred=1").text)

    press(f"{path}/star")
    assert favourites() == ["Beloved"]
    toast = press(f"{path}/star")
    assert toast["text"] == "Removed from favourites." and toast["undo_url"]
    assert favourites() == []
    press(toast["undo_url"])
    assert favourites() == ["Beloved"]


def test_6_what_one_adds_to_a_shared_view_is_his_alone_until_he_saves_it_as_new(site: Site, nils: Person) -> None:
    anna = site.browser(TENANT)
    question = {"filter[industry][in]": "banking", "sort": "name", "mode": "list"}
    saved = anna.post("/accounts/views", at="/accounts", name="Banks of all", audience="all", **question)
    view = saved.headers["location"]
    added = f"{view}&filter[industry][in]=banking&filter[rating][in]=hot"
    altered = nils.browser.get(added).text
    assert "only you see them" in altered and "Save as new view" in altered and "Save changes" not in altered
    assert 'name="filter[rating][in]"' in altered
    for reader in (anna, nils.browser):
        page = reader.get(view).text
        assert "Banks of all" in page and "filter[rating][in]" not in page and "only you see them" not in page
    own = nils.browser.post(
        "/accounts/views", at=added, name="Hot banks", **{**question, "filter[rating][in]": "hot"}
    ).headers["location"]
    assert own.partition("view=")[2] != view.partition("view=")[2]
    assert "Hot banks" in nils.browser.get("/accounts").text
    assert "Hot banks" not in anna.get("/accounts").text
    assert UUID(own.partition("view=")[2])


@pytest.mark.parametrize("typed", ["۳۴۵۶۷۸۹", "3456789", "۰۹۱۲ ۳۴۵ ۶۷۸۹"])
def test_10_a_mobile_is_found_by_its_last_digits_in_either_script(site: Site, typed: str) -> None:
    sara = site.browser("pishro")
    if not NAMES.findall(sara.http.get("/contacts", params={"q": "Haftragham"}).text):
        made = sara.post("/contacts", at="/contacts/new", last_name="Haftragham", phone_mobile="+989123456789")
        assert made.status_code == 303
    assert "Haftragham" in NAMES.findall(sara.http.get("/contacts", params={"q": typed}).text)
    assert "Haftragham" in sara.http.get("/search", params={"q": typed}).text


def test_a_name_typed_whole_is_offered_before_those_that_only_hold_it(site: Site) -> None:
    somebody, name = site.browser(TENANT), f"Zq{uuid4().hex[:8]}"
    for full in (*(f"Able {number} {name}" for number in range(12)), name):
        assert somebody.post("/accounts", at="/accounts/new", name=full).status_code == 303
    offered = re.findall(r'<bdi class="clip">([^<]+)</bdi>', somebody.get(f"/accounts/pick?q={name.upper()}").text)
    assert len(offered) == 12 and offered[:2] == [name, f"Able 0 {name}"]


def test_namesakes_are_offered_with_their_towns(site: Site) -> None:
    somebody, name = site.browser(TENANT), f"Twin {uuid4().hex[:8]}"
    for town in ("Utica", "Salem"):
        somebody.post("/accounts", at="/accounts/new", name=name, **{"billing_address.city": town})
    offered = somebody.get(f"/accounts/pick?q={name}").text
    assert all(f'<span class="t3 meta end">{town}</span>' in offered for town in ("Utica", "Salem"))


def test_a_chip_tells_the_days_of_a_figure_in_the_readers_calendar(site: Site) -> None:
    asked = "/opportunities?all=1&filter[closes_on][between]=2026-10-23..2026-11-21"
    assert "بین ۱۴۰۵/۰۸/۰۱ و ۱۴۰۵/۰۸/۳۰" in site.browser("pishro").get(asked).text
    assert "between 23 Oct 2026 and 21 Nov 2026" in site.browser("northwind").get(asked).text
