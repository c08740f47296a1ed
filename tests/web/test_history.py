"""A record's history is read to its end, and asked for a field, a user and days."""

from re import findall, search

import pytest

from tests.isolation.people import connect

from .conftest import Browser, Site

TENANT = "northwind"
EVENTS = """
INSERT INTO audit_event (at, actor_id, source, request_id, module, record_id, action, changes)
SELECT %(day)s::timestamptz + make_interval(mins => n / 2), %(actor)s, 'web', 'r', 'contacts', %(record)s, 'update',
  jsonb_build_object('title', jsonb_build_array(NULL, 'Step ' || n || '.')) FROM generate_series(1, 60) n
"""


@pytest.fixture(scope="module")
def reader(site: Site) -> Browser:
    return site.browser(TENANT)


@pytest.fixture(scope="module")
def told(site: Site, reader: Browser) -> str:
    """A contact whose history has 60 changes of a title, by nobody, one day in 2020, two in each minute."""
    made = reader.post("/contacts", at="/contacts/new", last_name="Longlived", department="Archive")
    address = made.headers["location"]
    with connect(site) as owner:
        owner.execute(EVENTS, {"day": "2020-05-05T10:00Z", "actor": None, "record": address.rpartition("/")[2]})
    return f"{address}/history"


def steps(page: str) -> list[str]:
    return findall(r"Step \d+\.", page)


def test_a_history_is_paged_to_its_very_beginning(reader: Browser, told: str) -> None:
    first = reader.get(told).text
    onward = search(r'href="([^"]*before=[^"]*)"', first)
    assert onward
    second = reader.get(onward[1].replace("&amp;", "&")).text
    assert len(steps(first)) == 49
    assert len(steps(second)) == 11
    assert len({*steps(first), *steps(second)}) == 60
    assert "before=" not in second


def test_a_history_is_asked_for_a_field_a_user_and_days(site: Site, reader: Browser, told: str) -> None:
    titles = reader.get(f"{told}?field=title").text
    assert len(steps(titles)) == 50 and "Archive" not in titles
    assert "Archive" in reader.get(f"{told}?field=department").text
    assert not steps(reader.get(f"{told}?field=department").text)
    user = search(r'<option value="([0-9a-f-]{36})">', titles)
    assert user
    mine = reader.get(f"{told}?user={user[1]}").text
    assert "Archive" in mine and not steps(mine)
    assert len(steps(reader.get(f"{told}?since=2020-05-05&until=2020-05-05").text)) == 50
    assert not steps(reader.get(f"{told}?since=2020-05-06&until=2020-05-07").text)
    wrong = reader.get(f"{told}?since=nonsense")
    assert wrong.status_code == 200 and 'value="nonsense"' in wrong.text


def test_every_tab_of_a_record_keeps_the_way_to_what_is_related(reader: Browser, told: str) -> None:
    record = told.removesuffix("/history")
    ways = {
        way
        for page in (record, told)
        for way in [tuple(findall(r'href="[^"]*(#related-[a-z_]+|#activities)"', reader.get(page).text))]
    }
    assert len(ways) == 1 and "#activities" in ways.pop()
