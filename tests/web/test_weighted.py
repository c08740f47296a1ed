"""What a deal is worth by its chance, and how long it has been in its stage: on its page, in lists, on the board, for programs."""

import json
import re
from collections.abc import Iterator
from uuid import uuid4

import httpx2 as httpx
import pytest

from tests.isolation.people import Person, api_client, connect, hire, token_of
from tests.site import Site

TENANT = "northwind"
AMOUNT = {"amount": "1000", "currency": "USD"}


@pytest.fixture(scope="module")
def program(site: Site) -> httpx.Client:
    return api_client(site, TENANT, token_of(site, TENANT, "admin"))


@pytest.fixture
def deal(program: httpx.Client) -> Iterator[str]:
    """The address of a deal of a thousand dollars at forty percent."""
    account = program.get("/api/v1/accounts?limit=1").json()["items"][0]["id"]
    given = {"name": "By its chance", "account": account, "amount": AMOUNT, "closes_on": "2027-03-01",
             "stage": "qualification", "probability": "40"}  # fmt: skip
    made = program.post("/api/v1/opportunities", json=given)
    assert made.status_code == 201, made.text
    yield f"/opportunities/{made.json()['id']}"
    assert program.delete(f"/api/v1/opportunities/{made.json()['id']}").status_code == 204


@pytest.fixture
def reader(site: Site) -> Iterator[Person]:
    """Somebody who may read all deals, but not their amounts; his role says nothing of what is made of them."""
    person = hire(site, "reader", f"amountless-{uuid4()}")
    with connect(site) as owner:
        hidden = json.dumps({"opportunities": {"amount": "hidden"}})
        owner.execute("UPDATE role SET fields = %s WHERE name = %s", (hidden, person.name))
    yield person
    with connect(site) as owner:
        owner.execute("UPDATE users SET status = 'inactive' WHERE id = %s", (person.id,))


def test_it_follows_the_amount_and_the_probability_and_nobody_writes_it(
    site: Site, program: httpx.Client, deal: str
) -> None:
    api = f"/api/v1{deal}"
    assert program.get(api).json()["weighted_amount"] == {"amount": "400", "currency": "USD"}
    page = site.browser(TENANT).get(deal).text
    assert re.search(r"Weighted amount.{0,200}?400", page, re.S)
    assert re.search(r"In this stage.{0,200}?Today", page, re.S)
    version = program.get(api).json()["version"]
    assert program.patch(api, json={"version": version, "weighted_amount": AMOUNT}).status_code == 422
    assert program.patch(api, json={"version": version, "probability": "70"}).status_code == 200
    assert program.get(api).json()["weighted_amount"]["amount"] == "700"
    found = program.get("/api/v1/opportunities?filter[weighted_amount][eq]=700&filter[name]=By its chance").json()
    assert len(found["items"]) == 1
    listed = site.browser(TENANT).get("/opportunities?columns=name,weighted_amount&sort=-weighted_amount")
    assert "Weighted amount" in listed.text


def test_open_lanes_of_the_board_say_it_and_ended_ones_are_folded(site: Site, deal: str) -> None:
    page = site.browser(TENANT).get("/opportunities?mode=board&filter[name]=By its chance").text
    lanes = {key: body for key, body in re.findall(r'data-lane="(\w+)"(.*?)</header>', page, re.S)}
    assert re.search(r"data-weighted>[^<]*400[^<]* weighted", lanes["qualification"])
    assert "data-fold" not in lanes["qualification"]
    assert 'aria-expanded="false"' in lanes["closed_won"]
    assert 'class="lane shut" data-lane="closed_lost"' in page


def test_sec_39_who_may_not_read_the_amount_does_not_learn_it_by_its_share(deal: str, reader: Person) -> None:
    assert "By its chance" in reader.browser.get(deal).text
    assert "Weighted amount" not in reader.browser.get(deal).text
    board = reader.browser.get("/opportunities?mode=board&filter[name]=By its chance").text
    assert "weighted" not in re.sub(r"data-weighted", "", board)
    listed = reader.browser.get("/opportunities?filter[weighted_amount][gt]=100&filter[name]=By its chance")
    assert "400" not in listed.text
