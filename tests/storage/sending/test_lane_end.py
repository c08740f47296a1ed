"""A turn ends with every row in its place, also when it ends while rows are being begun (scenario 27, REL-22)."""

import asyncio
from contextlib import asynccontextmanager
from uuid import UUID

import pytest
from tests.mailing import Office
from tests.sink import Sink
from tests.storage.sending.queue import addressed_to

from crm_domain.sending.plan import RELAY
from crm_storage.sending import lane as lanes
from crm_storage.sending.lane import Lane
from crm_storage.sending.larder import Larder

HOLD = "SELECT 1 FROM mkt_run WHERE id = %(run)s FOR UPDATE"
LOOKS = 6
"""More than an idle turn looks for rows before it ends."""


@asynccontextmanager
async def held_up(office: Office, run: UUID):
    """Whoever begins mails of the run waits as long as this lasts."""
    async with office.station.session() as session:
        await session.rows(HOLD, {"run": run})
        yield
        await session.rollback()


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> asyncio.Semaphore:
    """Released with each look for rows; looks follow each other at once."""
    looks, fill = asyncio.Semaphore(0), Larder.fill

    async def counted(larder: Larder) -> int:
        found = await fill(larder)
        looks.release()
        return found

    monkeypatch.setattr(Larder, "fill", counted)
    monkeypatch.setattr(lanes, "LOOK_S", 0.01)
    return looks


@pytest.fixture
def dropped(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Set when a turn has begun to end."""
    begun, drop = asyncio.Event(), Larder.drop

    def told(larder: Larder) -> dict[int, list[int]]:
        begun.set()
        return drop(larder)

    monkeypatch.setattr(Larder, "drop", told)
    return begun


async def turn(office: Office, stop: asyncio.Event) -> asyncio.Task[None]:
    async with office.station.session() as session:
        outlet = await office.station.outlet(session, RELAY)
    assert outlet
    return asyncio.create_task(Lane(office.station, RELAY, outlet).run(stop))


async def test_scenario_27_a_turn_goes_on_while_its_last_rows_are_being_begun(
    office: Office, sink: Sink, looked: asyncio.Semaphore
) -> None:
    run = await addressed_to(office, *(f"r{n}@x.example" for n in range(30)))
    async with held_up(office, run):
        going = await turn(office, asyncio.Event())
        for _ in range(LOOKS):
            await asyncio.wait((going, asyncio.create_task(looked.acquire())), return_when=asyncio.FIRST_COMPLETED)
        assert not going.done() and sink.total == 0
    await going
    assert await office.states(run) == {"sent": 30} and sink.total == 30


async def test_rel_22_a_turn_that_is_told_to_stop_while_rows_are_being_begun_sends_them(
    office: Office, sink: Sink, looked: asyncio.Semaphore, dropped: asyncio.Event
) -> None:
    run = await addressed_to(office, *(f"r{n}@x.example" for n in range(30)))
    stop = asyncio.Event()
    async with held_up(office, run):
        going = await turn(office, stop)
        await looked.acquire()
        await looked.acquire()
        stop.set()
        await dropped.wait()
    await going
    assert await office.states(run) == {"sent": 30} and sink.total == 30
