"""A card that moves to where more is asked for: the question, the answer, the move."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import httpx2 as httpx
import pytest

from tests.isolation.people import api_client, token_of
from tests.site import Site

TENANT = "northwind"


@pytest.fixture(scope="module")
def program(site: Site) -> httpx.Client:
    return api_client(site, TENANT, token_of(site, TENANT, "admin"))


def test_a_lane_that_asks_for_more_gets_its_answer_and_the_card(site: Site, program: httpx.Client) -> None:
    item = program.get("/api/v1/opportunities?filter[stage][eq]=prospecting&limit=1").json()["items"][0]
    browser = site.browser(TENANT)
    moved = browser.post("/opportunities/move", card=item["id"], lane="closed_lost", version=str(item["version"]))
    asked = urlsplit(moved.json()["ask_url"])
    keys = parse_qs(asked.query)["keys"][0]
    form = browser.get(f"{asked.path}?{asked.query}").text
    assert all(f'name="{key}"' in form for key in keys.split(","))
    answers = dict.fromkeys(keys.split(","), "price")
    said = browser.post(asked.path, to="closed_lost", keys=keys, **answers)
    assert said.status_code == 303 and said.headers["location"] == "/opportunities?mode=board", said.text[:500]
    assert program.get(f"/api/v1/opportunities/{item['id']}").json()["stage"] == "closed_lost"


def test_what_a_lane_does_not_show_is_the_list_with_the_boards_own_question(site: Site) -> None:
    page = site.browser(TENANT).get("/leads?mode=board&filter[status][ne]=dead&q=a").text
    links = re.findall(r'<li class="m"><a class="link small" href="([^"]+)"', page)
    assert links
    asked = parse_qs(urlsplit(unescape(links[0])).query)
    assert asked["q"] == ["a"] and asked["filter[status][ne]"] == ["dead"] and "mode" not in asked
    assert asked["filter[status]"]
