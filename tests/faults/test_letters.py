"""A worker dies while a letter is being handed over: the letter is never sent twice by itself, and its writer decides."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from crm_storage.letters.way import PATIENCE, proved_by_mail, watch
from crm_storage.outbox import put
from crm_worker.workshop import Workshop
from tests.faults.conftest import Station
from tests.sink import Sink
from tests.worker.conftest import Plant, until
from tests.worker.test_letters import Office, opened

STATUS = "SELECT status FROM emails WHERE id = %(id)s"
LONG_AGO = f"UPDATE letter_handing SET begun_at = begun_at - interval '{PATIENCE}'"
TO = "reader@shop.example"


async def queue(plant: Plant, id_: UUID) -> None:
    async with plant.database.tenant(plant.tenant.number) as session:
        await session.execute(
            "UPDATE emails SET status = 'queued', copies = NULL, blind = NULL WHERE id = %(id)s", {"id": id_}
        )
        await put(session, "email.send", {"email": str(id_)})
        await session.commit()


async def looked_after(plant: Plant) -> None:
    async with plant.database.tenant(plant.tenant.number) as session:
        await watch(session)
        await session.commit()


async def test_rel_02_a_worker_killed_between_acceptance_and_commit_sends_no_letter_twice(plant: Plant) -> None:
    sink = Sink(keep=True)
    await sink.start()
    plant.settings = msgspec.structs.replace(plant.settings, smtp_url=f"smtp://127.0.0.1:{sink.port}")
    office, station = Office(plant, Workshop(plant.settings, {}), sink), Station(plant)
    id_ = await office.letter(TO)

    def arrived() -> int:
        """Of this letter alone: a worker's process serves the other companies of the installation, too."""
        return len(sink.accepted[TO])

    async def taken() -> bool:
        return arrived() > 0

    async def handled() -> bool:
        return await plant.rows("SELECT count(*) FROM outbox WHERE handled_at IS NULL") == [(0,)]

    async def gone() -> bool:
        return await plant.rows(STATUS, id=id_) == [("sent",)]

    with station.worker() as victim:
        sink.on_taken = lambda _total: victim.kill() if arrived() else None
        await queue(plant, id_)
        await until(taken, "the server takes the letter")
        victim.wait()
    sink.on_taken = lambda _total: None
    with station.worker():
        await until(handled, "the letter's message comes again and is settled")
        await looked_after(plant)
        assert (arrived(), await plant.rows(STATUS, id=id_)) == (1, [("sending",)])
        await plant.change(LONG_AGO)
        await looked_after(plant)
        assert await plant.rows(STATUS, id=id_) == [("uncertain",)]
        told = await plant.rows("SELECT kind, user_id, href FROM notification")
        assert told == [("letter_unsent", await plant.admin(), f"/mail/{id_}")]
        await queue(plant, id_)
        await until(gone, "the letter leaves again when its writer says so")
    first, second = sink.accepted[TO]
    assert first == second
    await sink.stop()


async def test_rel_02_of_a_letter_whose_answer_was_lost_nobody_knows_until_something_proves_it(plant: Plant) -> None:
    async with opened(plant) as office:
        id_ = await office.letter("drop.taken.x@shop.example")
        await plant.change("UPDATE emails SET copies = NULL, blind = NULL")
        assert [await office.send(id_) for _ in range(2)] == ["uncertain"] * 2
        assert office.sink.total == 1
        [(message,)] = await plant.rows("SELECT message_id FROM emails")
        async with plant.database.tenant(plant.tenant.number) as session:
            await proved_by_mail(session, [message], id_, await plant.admin())
            await session.commit()
        assert await plant.rows(STATUS, id=id_) == [("sent",)]


async def test_rel_04_what_nobody_tries_any_more_is_its_writers_again(plant: Plant) -> None:
    async with opened(plant) as office:
        id_ = await office.letter(TO)
        await queue(plant, id_)
        await looked_after(plant)
        assert await plant.rows(STATUS, id=id_) == [("queued",)]
        await plant.change("UPDATE outbox SET published_at = now(), dead_at = now()")
        await looked_after(plant)
        rows: Any = await plant.rows("SELECT status, failure FROM emails")
        assert rows == [("send_error", "unreachable")]


async def test_rel_01_a_letter_for_later_waits_out_restarts_and_leaves_at_its_time(plant: Plant) -> None:
    sink = Sink()
    await sink.start()
    plant.settings = msgspec.structs.replace(plant.settings, smtp_url=f"smtp://127.0.0.1:{sink.port}")
    office, station = Office(plant, Workshop(plant.settings, {}), sink), Station(plant)
    later, now = await office.letter(TO), await office.letter("other@shop.example")
    far = datetime.now(UTC) + timedelta(days=1)
    await plant.change("UPDATE emails SET copies = NULL, blind = NULL, folder = 'outbox'")
    await plant.change("UPDATE emails SET leaves_at = %(far)s WHERE id = %(id)s", far=far, id=later)
    async with plant.database.tenant(plant.tenant.number) as session:
        for id_, at in ((later, far), (now, None)):
            await put(session, "email.send", {"email": str(id_)}, at)
        await session.commit()

    async def gone(id_: UUID) -> bool:
        return await plant.rows("SELECT status, folder FROM emails WHERE id = %(id)s", id=id_) == [("sent", "sent")]

    with station.worker():
        await until(lambda: gone(now), "what has no time leaves")
    assert await plant.rows(STATUS, id=later) == [("queued",)]
    await plant.change("UPDATE outbox SET not_before = now() WHERE not_before IS NOT NULL")
    with station.worker():
        await until(lambda: _settled(plant), "a message that comes too early is settled")
        assert await plant.rows(STATUS, id=later) == [("queued",)]
        await plant.change("UPDATE emails SET leaves_at = now() WHERE id = %(id)s", id=later)
        await queue(plant, later)
        await until(lambda: gone(later), "the other leaves at its time")
    assert {to: len(ids) for to, ids in sink.accepted.items()} == {TO: 1, "other@shop.example": 1}
    await sink.stop()


async def _settled(plant: Plant) -> bool:
    return await plant.rows("SELECT count(*) FROM outbox WHERE handled_at IS NULL") == [(0,)]
