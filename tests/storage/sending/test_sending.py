"""The whole way of a mailing: whom it reaches, what arrives, trials, leases, the end of a lane."""

import asyncio
import email
from email.policy import default

from tests.mailing import ADMIN, Office
from tests.sink import Sink
from tests.storage.sending.queue import addressed_to, done_by, row_of

from crm_domain.sending.plan import RELAY
from crm_domain.tracking.events import Act
from crm_domain.tracking.tokens import TEST
from crm_storage.sending.lane import Lane
from crm_storage.sending.tick import tick
from crm_storage.sending.trial import delete_test_entries


async def test_a_mailing_reaches_everybody_once_and_ends(office: Office, sink: Sink) -> None:
    await office.campaign()
    await office.many(await office.list_of("default"), 1, 500)
    run = await office.send()
    assert sink.total == 500 and all(len(ids) == 1 for ids in sink.accepted.values())
    counters = await office.counters(run)
    assert counters | {"reason": ""} == {
        "state": "finished", "reason": "", "total": 500, "attempted": 500, "sent": 500, "failed": 0, "skipped": 0,
        "uncertain": 0, "cancelled": 0,
    }  # fmt: skip
    assert await office.rows("SELECT run_state FROM email_marketing") == [("finished",)]
    assert await office.rows("SELECT sum(rows)::int FROM campaign_stat WHERE activity = 'targeted'") == [(500,)]
    assert sink.most_open <= 10


async def test_the_mail_that_arrives_is_the_persons_own(office: Office, sink: Sink) -> None:
    await addressed_to(office, "sara@x.example", subject="برای {{ contact.first_name }}")
    await office.lane()
    message = email.message_from_bytes(sink.contents["sara@x.example"], policy=default)
    assert message["Subject"] == "برای Sara" and "سلام Sara" in message.get_body(("plain",)).get_content()
    link = await office.rows("SELECT number, url FROM link")
    assert link == [(1, "https://example.ir/fair")]
    queue = await row_of(office, "sara@x.example")
    merged = await office.rows("SELECT merged FROM email_queue WHERE id = %(id)s", id=queue["id"])
    assert merged[0][0]["contact.first_name"] == "Sara"


async def test_a_value_that_is_demanded_and_missing_fails_its_row_alone(office: Office, sink: Sink) -> None:
    await office.campaign(html="<p>{{ contact.first_name | required }}</p>")
    people = [*await office.people("targets", "a@x.example"), *await office.people("targets", "b@x.example", name="")]
    await office.list_of("default", [("targets", people)])
    run = await office.send()
    assert list(sink.accepted) == ["a@x.example"]
    row = await row_of(office, "b@x.example")
    assert (row["state"], row["reason"]) == ("failed", "unrendered") and (await office.counters(run))["failed"] == 1


KEPT = (
    "SELECT to_jsonb(q) FROM email_queue q WHERE NOT is_test ORDER BY id",
    "SELECT to_jsonb(g) FROM campaign_log g WHERE class <> 'test' ORDER BY id",
    "SELECT activity, class, via, rows, hits FROM campaign_stat WHERE class <> 'test' ORDER BY 1, 2, 3",
    "SELECT id FROM tracking_event e WHERE NOT message = ANY (%(tests)s::bigint[]) ORDER BY id",
    "SELECT to_jsonb(r) FROM mkt_run r WHERE kind = 'live'",
)
LEFT = """
SELECT (SELECT count(*) FROM email_queue WHERE is_test), (SELECT count(*) FROM campaign_log WHERE class = 'test'),
  (SELECT count(*) FROM campaign_stat WHERE class = 'test'), (SELECT count(*) FROM mkt_run WHERE kind = 'test'),
  (SELECT count(*) FROM tracking_event WHERE message = ANY (%(tests)s::bigint[]))
"""


async def test_scenario_10_trials_are_erased_without_touching_what_was_sent(office: Office, sink: Sink) -> None:
    await office.campaign()
    await office.many(await office.list_of("default"), 1, 5)
    list_ = await office.list_of("test", [("users", await office.people("users", "me@company.example"))])
    await office.send("test")
    await office.send()
    trials, live = [
        [id_ for (id_,) in await office.rows("SELECT id FROM email_queue WHERE is_test = %(t)s ORDER BY id", t=is_test)]
        for is_test in (True, False)
    ]
    for act in (Act.OPEN, Act.CLICK):
        await done_by(office, trials, act, link=1, marks=TEST)
        await done_by(office, live[:2], act, link=1)
    await office.run("UPDATE target_lists SET list_type = 'default' WHERE id = %(id)s", id=list_)
    before = [await office.rows(statement, tests=trials) for statement in KEPT]
    assert [len(rows) for rows in before] == [5, 11, 4, 4, 1]
    assert await office.rows(LEFT, tests=trials) == [(1, 4, 4, 1, 2)]
    async with office.station.session() as session:
        assert await delete_test_entries(session, office.campaign_id, by=ADMIN) == 1
        await session.commit()
    assert await office.rows(LEFT, tests=trials) == [(0, 0, 0, 0, 0)]
    assert [await office.rows(statement, tests=trials) for statement in KEPT] == before
    await done_by(office, trials, Act.CLICK, link=1, marks=TEST)
    assert await office.rows(LEFT, tests=trials) == [(0, 0, 0, 0, 0)], "a mail that is gone leaves no new traces"


async def test_rel_22_a_lane_that_is_told_to_stop_leaves_nothing_half_done(office: Office, sink: Sink) -> None:
    await office.campaign()
    await office.many(await office.list_of("default"), 1, 800)
    run, _ = await office.filled()
    stop = asyncio.Event()
    sink.on_taken = lambda number: stop.set() if number == 100 else None
    await office.lane(stop=stop)
    found = await office.states(run)
    assert set(found) == {"sent", "ready"} and found["sent"] == sink.total < 800


async def test_a_lease_that_ran_out_cannot_begin(office: Office, sink: Sink) -> None:
    run = await addressed_to(office, *(f"r{n}@x.example" for n in range(20)))
    async with office.station.session() as session:
        outlet = await office.station.outlet(session, RELAY)
    assert outlet
    lane = Lane(office.station, RELAY, outlet)
    await lane._larder.fill()
    await office.run("UPDATE email_queue SET lease_until = now() - interval '1 s'")
    await tick(office.station)
    await lane._commit()
    assert await office.states(run) == {"ready": 20} and sink.total == 0
