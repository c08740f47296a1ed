"""Slots of time: each is done once, also by several processes, and none is lost with the one that had it (REL-18)."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest

from crm_storage.database import Database
from crm_storage.schedule import Scheduler, Slot, claim
from tests.installation import Installation

DAY = timedelta(days=1)


@pytest.fixture
async def database(installation: Installation) -> AsyncGenerator[Database]:
    """The worker's own login: the table must be within its rights."""
    async with installation.database("sadra_worker") as database:
        async with database.host() as session:
            await session.execute("DELETE FROM host.slot")
            await session.commit()
        yield database


def counting(done: list[str], name: str = "count") -> Slot:
    async def run() -> None:
        done.append(name)

    return Slot(name, DAY, run)


async def test_rel_18_several_schedulers_do_a_slot_once(database: Database) -> None:
    done: list[str] = []
    schedulers = [Scheduler(database, [counting(done)]) for _ in range(3)]
    for _ in range(3):
        await asyncio.gather(*(one.look() for one in schedulers))
        for one in schedulers:
            await one.settled()
    assert done == ["count"]


async def test_rel_18_a_slot_whose_holder_died_is_taken_over(database: Database) -> None:
    done: list[str] = []
    slot = counting(done)
    dead = await claim(database, slot)
    assert dead and await claim(database, slot) is None
    async with database.host() as session:
        await session.execute("UPDATE host.slot SET leased_until = now() - interval '1 second'")
        await session.commit()
    heir = await claim(database, slot)
    assert heir and (heir.due, heir.fence) == (dead.due, dead.fence + 1)


async def test_rel_18_the_next_period_is_another_slot(database: Database) -> None:
    done: list[str] = []
    scheduler = Scheduler(database, [counting(done)])
    await scheduler.look()
    await scheduler.settled()
    async with database.host() as session:
        await session.execute("UPDATE host.slot SET due = due - interval '1 day'")
        await session.commit()
    await scheduler.look()
    await scheduler.settled()
    assert done == ["count", "count"]


async def test_a_slot_that_fails_says_so_and_is_tried_again_when_its_lease_ends(database: Database) -> None:
    tries: list[int] = []

    async def fail() -> None:
        tries.append(1)
        if len(tries) == 1:
            raise ValueError

    scheduler = Scheduler(database, [Slot("fail", DAY, fail)])
    await scheduler.look()
    await scheduler.settled()
    async with database.host() as session:
        assert await session.rows("SELECT error, finished_at FROM host.slot") == [("ValueError", None)]
        await session.execute("UPDATE host.slot SET leased_until = now() - interval '1 second'")
        await session.commit()
    await scheduler.look()
    await scheduler.settled()
    async with database.host() as session:
        assert await session.rows("SELECT error, finished_at IS NULL FROM host.slot") == [("", False)]


async def test_a_period_may_begin_later(database: Database) -> None:
    """Due is the last full period before now, moved by what it waits."""

    async def nothing() -> None: ...

    held = await claim(database, Slot("later", DAY, nothing, after=timedelta(hours=2)))
    assert held and (held.due.hour, held.due.minute) == (2, 0)
