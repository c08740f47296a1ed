"""A record's history is read to its end, asked for a field, a user and days, and says what did it and from where."""

from re import findall, search, sub
from uuid import UUID

import pytest

from crm_domain.modules import REGISTRY
from crm_domain.records import save
from tests.isolation.people import connect, hire
from tests.loops import run

from .conftest import Browser, Site
from .test_import import working

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


async def moved(site: Site, deal: UUID, stage: str) -> None:
    """The deal goes to a stage by a job of the house."""
    async with working(site, TENANT, "job") as (work, _, session):
        await save.update(work, REGISTRY["opportunities"], deal, {"stage": stage})
        await session.commit()


def entries(page: str) -> list[str]:
    """What each event says, as a reader reads it."""
    events = findall(r"(?s)<li><span class=\"mk\">.*?</li>", page)
    return [" ".join(sub(r"<[^>]+>", " ", event).split()) for event in events]


def test_28_a_stage_that_a_job_moved_is_told_in_labels_with_its_source(site: Site, reader: Browser) -> None:
    account = reader.post("/accounts", at="/accounts/new", name="Stageworks").headers["location"]
    given = {"account": account.rpartition("/")[2], "amount": "10", "amount.currency": "EUR", "closes_on": "2027-01-01"}
    made = reader.post("/opportunities", at="/opportunities/new", name="Moved by itself", stage="prospecting", **given)
    path = made.headers["location"]
    run(moved(site, UUID(path.rpartition("/")[2]), "negotiation"))
    by_job, by_hand = entries(reader.get(f"{path}/history").text)
    assert " job " in f" {by_job} " and "Sales stage Prospecting Negotiation/Review" in by_job
    assert " web " in f" {by_hand} " and "created this" in by_hand
    assert entries(reader.get(f"{path}/history?field=stage").text) == [by_job, by_hand]


def test_29_without_the_right_to_audits_there_is_no_history(site: Site, reader: Browser) -> None:
    path = reader.post("/contacts", at="/contacts/new", last_name="Unhistorical").headers["location"]
    person = hire(site, "anybody", "historyless", {"contacts": {"audit": 0}}).browser
    assert person.get(path).status_code == 200 and f"{path}/history" not in person.get(path).text
    refused = person.get(f"{path}/history")
    assert refused.status_code == 403 and "created this" not in refused.text


def test_sec_52_an_event_bears_the_address_it_came_from_and_administrators_see_it(site: Site, reader: Browser) -> None:
    path = reader.post("/contacts", at="/contacts/new", last_name="Located").headers["location"]
    id_ = path.rpartition("/")[2]
    with connect(site) as owner:
        owner.execute(EVENTS, {"day": "2020-05-05T10:00Z", "actor": None, "record": id_})
        found = owner.execute("SELECT source, action, address FROM audit_event WHERE record_id = %s", (id_,)).fetchall()
    assert {(action, address) for _, action, address in found} == {("create", "127.0.0.1"), ("update", None)}
    assert "127.0.0.1" in reader.get(f"{path}/history?field=last_name").text
    person = hire(site, "reader", "unlocated").browser
    assert "127.0.0.1" not in person.get(f"{path}/history?field=last_name").text
