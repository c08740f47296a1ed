"""A mailing that its readers call spam stops by itself until a person lets it go on (scenario 45)."""

from datetime import UTC, datetime

from tests.mailing import Office
from tests.storage.sending.queue import TOLD, addressed_to, with_boss

from crm_storage.bounces.apply import complained
from crm_storage.sending import states


async def complain(office: Office, *messages: int) -> None:
    async with office.station.session() as session:
        for message in messages:
            await complained(session, message, datetime.now(UTC))
        await session.commit()


async def test_scenario_45_a_mailing_that_is_called_spam_too_often_is_halted_and_told_once(office: Office) -> None:
    boss = await with_boss(office)
    run = await addressed_to(office, *(f"r{n}@x.example" for n in range(9)))
    messages = [id_ for (id_,) in await office.rows("SELECT id FROM email_queue ORDER BY id")]
    await office.run("UPDATE mkt_run SET attempted = 800")
    await complain(office, messages[0], messages[0], messages[1])
    assert (await office.counters(run))["state"] == "sending", "who complains twice is one person"
    await complain(office, *messages[2:5])
    counters = await office.counters(run)
    assert (counters["state"], counters["reason"]) == ("halted", "complaints")
    assert await office.rows(TOLD) == [(boss, "sending_halted")]
    async with office.station.session() as session:
        assert await states.resume(session, run)
        await session.commit()
    await complain(office, messages[5])
    assert (await office.counters(run))["state"] == "sending", "complaints are counted anew"
    await office.run("UPDATE mkt_run SET attempted = 1200")
    await complain(office, *messages[6:9])
    assert (await office.counters(run))["state"] == "halted"


async def test_a_few_complaints_of_many_readers_stop_nothing(office: Office) -> None:
    run = await addressed_to(office, *(f"r{n}@x.example" for n in range(9)))
    messages = [id_ for (id_,) in await office.rows("SELECT id FROM email_queue")]
    await office.run("UPDATE mkt_run SET attempted = 3000")
    await complain(office, *messages)
    assert (await office.counters(run))["state"] == "sending"
