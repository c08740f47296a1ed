"""Who may reach only his own deals finds the same ones wherever deals are shown or counted (scenario 48)."""

import csv
import io
import re
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest

from crm_storage.files import sheets
from tests.isolation.people import Person, connect, hire
from tests.site import Site

OWN = {action: 1 for action in ("list", "view", "edit", "export", "print")}
DEALS = """
INSERT INTO opportunities (id, name, account, stage, probability, amount, amount_currency, amount_rate, amount_base,
  closes_on, assigned_to, created_by)
SELECT uuidv7(), CASE WHEN n <= 3 THEN 'Mine ' ELSE 'Theirs ' END || n, %(account)s, 'negotiation', 50, n, 'EUR', 1, n,
  current_date, CASE WHEN n <= 3 THEN %(mine)s::uuid ELSE %(other)s::uuid END, %(other)s FROM generate_series(1, 7) n
"""
MINE = {"Mine 1", "Mine 2", "Mine 3"}
EVERY = re.compile(r"\b(?:Mine|Theirs) \d\b")
MARKED = re.compile("</?mark>")


@pytest.fixture(scope="module")
def seller(site: Site) -> Person:
    return hire(site, "reader", "ownlevel", {"opportunities": OWN})


@pytest.fixture(scope="module")
def account(site: Site, seller: Person) -> Iterator[UUID]:
    """An account with three deals of his and four of somebody else."""
    made = site.browser("northwind").post("/accounts", at="/accounts/new", name="Own level")
    id_ = UUID(made.headers["location"].rpartition("/")[2])
    with connect(site) as owner:
        owner.execute(DEALS, {"account": id_, "mine": seller.id, "other": uuid4()})
    yield id_
    with connect(site) as owner:
        owner.execute("DELETE FROM opportunities WHERE account = %s", (id_,))


def test_48_every_way_to_ones_own_deals_shows_the_same_ones(seller: Person, account: UUID) -> None:
    asked = f"filter[account][in]={account}"
    for path in (
        f"/opportunities?{asked}",
        f"/opportunities?mode=board&{asked}",
        f"/opportunities/print?{asked}",
        f"/accounts/{account}/related/opportunities",
        "/home/mine:opportunities",
        "/search?q=Mine",
        "/search?q=Theirs",
        "/opportunities/pick?q=Mine",
    ):
        answer = seller.browser.get(path)
        assert answer.status_code == 200, path
        assert set(EVERY.findall(MARKED.sub("", answer.text))) == (set() if "Theirs" in path else MINE), path
    table = csv.DictReader(
        io.StringIO(seller.browser.get(f"/opportunities/export?format=raw&{asked}").text.lstrip("\ufeff"))
    )
    assert {row["name"] for row in table} == MINE
    sheet = sheets.run(seller.browser.get(f"/opportunities/export?format=xlsx&{asked}").content)
    assert {row[0] for row in sheet[1:]} == MINE
    listed = seller.api.get(f"/api/v1/opportunities?{asked}&count=true").json()
    assert ({item["name"] for item in listed["items"]}, listed["count"]) == (MINE, 3)
    related = seller.api.get(f"/api/v1/accounts/{account}/opportunities").json()
    assert {item["name"] for item in related["items"]} == MINE
    bars = seller.browser.get("/home/stages:opportunities").text
    assert sum(int(number) for number in re.findall(r">\((\d+)\)<", bars)) == len(MINE)
