"""Holding a mailing, letting it go on, ending it, and what waits for a person (scenarios 19, 22 and 27, REL-13)."""

import asyncio
from collections import Counter
from uuid import UUID

from tests.mailing import ADMIN, Office
from tests.sink import Sink
from tests.storage.sending.queue import TOLD, addressed_to, with_boss

from crm_domain.problems import Refused
from crm_storage.sending import quarantine, states
from crm_storage.sending.tick import fill, tick


async def test_scenario_27_rel_13_pause_stops_at_once_and_resume_goes_on_exactly_there(
    office: Office, sink: Sink
) -> None:
    await office.campaign()
    await office.many(await office.list_of("default"), 1, 1500)
    run, _ = await office.filled()
    paused = asyncio.Event()
    sink.on_taken = lambda number: paused.set() if number == 400 else None
    lane = asyncio.create_task(office.lane())
    await paused.wait()
    async with office.station.session() as session:
        assert await states.pause(session, run)
        await session.commit()
    at = sink.total
    await lane
    assert sink.total - at <= 10 + 50 + 50, "only what had begun may end"
    after = sink.total
    assert await office.states(run) == {"sent": after, "ready": 1500 - after}
    async with office.station.session() as session:
        assert await states.resume(session, run)
        await session.commit()
    await office.lane()
    assert await office.states(run) == {"sent": 1500}
    assert sink.total == 1500 and all(len(ids) == 1 for ids in sink.accepted.values())


async def test_scenario_27_rel_13_cancel_keeps_what_was_sent(office: Office, sink: Sink) -> None:
    await office.campaign()
    await office.many(await office.list_of("default"), 1, 1500)
    run, _ = await office.filled()
    some = asyncio.Event()
    sink.on_taken = lambda number: some.set() if number == 300 else None
    lane = asyncio.create_task(office.lane())
    await some.wait()
    async with office.station.session() as session:
        assert await states.cancel(session, run)
        await session.commit()
    await lane
    await tick(office.station)
    counters = await office.counters(run)
    assert counters["state"] == "cancelled" and counters["sent"] == sink.total
    assert counters["sent"] + counters["cancelled"] == 1500
    assert await office.rows("SELECT sum(rows)::int FROM campaign_stat WHERE activity = 'targeted'") == [(sink.total,)]


async def test_a_run_can_be_taken_back_or_sent_at_once_before_it_begins(office: Office, sink: Sink) -> None:
    await office.campaign()
    await office.many(await office.list_of("default"), 1, 3)
    await office.run("UPDATE email_marketing SET starts_at = now() + interval '3 days'")
    first = await office.schedule()
    assert not await tick(office.station)
    async with office.station.session() as session:
        assert await states.unschedule(session, first)
        await session.commit()
    assert await office.rows("SELECT run_state FROM email_marketing") == [("draft",)]
    second = await office.schedule()
    async with office.station.session() as session:
        assert await states.send_now(session, second)
        await session.commit()
    await fill(office.station, (await tick(office.station)).fill[0])
    await office.lane()
    assert sink.total == 3


async def test_scenario_19_pressing_send_twenty_times_at_once_makes_one_run(office: Office, sink: Sink) -> None:
    await office.campaign()
    await office.many(await office.list_of("default"), 1, 50)
    tries = await asyncio.gather(*(office.schedule() for _ in range(20)), return_exceptions=True)
    assert Counter(type(one) for one in tries) == {UUID: 1, Refused: 19}
    (run,) = (await tick(office.station)).fill
    await asyncio.gather(*(fill(office.station, run) for _ in range(3)))
    await asyncio.gather(*(office.lane() for _ in range(4)))
    assert sink.total == 50 and all(len(ids) == 1 for ids in sink.accepted.values())


async def test_scenario_22_what_is_much_too_late_waits_for_a_person(office: Office, sink: Sink) -> None:
    await office.campaign()
    await office.many(await office.list_of("default"), 1, 10)
    run = await office.schedule()
    boss = await with_boss(office)
    office.later(hours=2)
    assert not await tick(office.station)
    assert await office.rows(TOLD) == [(boss, "sending_overdue")]
    assert (await office.counters(run))["state"] == "overdue"
    assert await office.rows("SELECT run_state FROM email_marketing") == [("overdue",)] and sink.total == 0


async def test_scenario_22_a_database_that_went_back_sends_nothing_until_it_is_released(
    office: Office, sink: Sink, tmp_path
) -> None:
    boss = await with_boss(office)
    run = await addressed_to(office, *(f"r{n}@x.example" for n in range(10)))
    async with office.station.session() as session:
        for _ in range(3):
            count = await quarantine.beat(session)
        quarantine.remember(tmp_path, office.number, count)
        assert not await quarantine.went_back(session, tmp_path, office.number)
        await session.execute("UPDATE setting SET value = '1' WHERE key = 'sending_beat'")
        await session.execute("UPDATE email_queue SET state = 'begun' WHERE dedupe_key = 'r1@x.example'")
        assert await quarantine.went_back(session, tmp_path, office.number)
        await quarantine.impose(session)
        await session.commit()
    assert not await tick(office.station)
    await office.lane()
    assert sink.total == 0 and await office.states(run) == {"ready": 9, "uncertain": 1}
    assert await office.rows(TOLD) == [(boss, "sending_quarantine")]
    async with office.station.session() as session:
        await quarantine.release(session, by=ADMIN)
        assert await states.resume(session, run)
        await session.commit()
    await office.lane()
    assert sink.total == 9


async def test_a_campaign_that_goes_inactive_pauses_its_runs(office: Office) -> None:
    run = await addressed_to(office, "a@x.example")
    await office.run("UPDATE campaigns SET status = 'inactive'")
    assert not await tick(office.station)
    assert (await office.counters(run))["reason"] == "campaign_inactive"
