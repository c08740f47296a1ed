"""The worker sends what is due, by itself, for every company in turn (REL-13, REL-17, scenarios 20 and 24)."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from msgspec import structs

from crm_worker.postman import LANES, Postman
from crm_worker.workshop import Workshop
from sadra_cli.children import free_port
from sadra_cli.nats_server import Nats
from tests.installation import Installation
from tests.mailing import Office
from tests.sink import Sink
from tests.worker.conftest import Plant, until

STEP = 20_000
"""People that are made at a time."""


@pytest.fixture
async def sink() -> AsyncIterator[Sink]:
    made = Sink()
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[Nats]:
    """A bus that comes back where it was."""
    with Nats(tmp_path / "nats", port=free_port()) as server:
        yield server


@pytest.fixture
def post(plant: Plant) -> Plant:
    """The company, its accounts allowed to lead to this machine."""
    return replace(plant, settings=structs.replace(plant.settings, outbound_allowed=("127.0.0.1",)))


def office_of(plant: Plant, number: int, sink: Sink) -> Office:
    return Office(plant.database, plant.settings.database_url, number, sink.port)


async def state_of(office: Office) -> str:
    return (await office.rows("SELECT state FROM mkt_run"))[0][0]


async def test_scenario_20_a_scheduled_mailing_leaves_by_itself_also_without_the_bus(post: Plant, sink: Sink) -> None:
    office = office_of(post, post.tenant.number, sink)
    account = await office.account()
    await office.campaign(account=account)
    await office.many(await office.list_of("default"), 1, 400)
    async with post.worker() as worker:
        sink.on_taken = lambda number: post.bus.stop() if number == 50 else None
        await office.schedule()

        async def finished() -> bool:
            return await state_of(office) == "finished"

        await until(finished, "the mailing is finished")
        post.bus.start()

        async def connected() -> bool:
            return worker.broker.connected

        await until(connected, "the worker finds the bus again")
    assert sink.total == 400 and all(len(ids) == 1 for ids in sink.accepted.values())
    assert await office.rows("SELECT value FROM setting WHERE key = 'sending_beat'") != []


@pytest.mark.timeout(1200)
async def test_scenario_24_rel_17_a_small_company_does_not_wait_for_a_large_one(
    post: Plant, installation: Installation, sink: Sink, long: bool
) -> None:
    large = office_of(post, post.tenant.number, sink)
    other = await installation.tenant(post.database)
    post.served.add(other.number)
    small = office_of(post, other.number, sink)
    for office, number in ((large, 500_000 if long else 15_000), (small, 100)):
        await office.campaign(account=await office.account())
        who = await office.list_of("default")
        for first in range(1, number + 1, STEP):
            last = min(number, first + STEP - 1)
            await office.many(who, first, last, address=f"'t{office.number}-' || n || '@x.example'")
    async with post.worker():
        await large.schedule()

        async def under_way() -> bool:
            return sink.total > 100

        await until(under_way, "the large mailing is under way")
        await small.schedule()
        due = time.monotonic()

        async def finished() -> bool:
            return await state_of(small) == "finished"

        await until(finished, "the small mailing is finished")
        took = time.monotonic() - due
        left = await large.rows("SELECT count(*) FROM email_queue WHERE state = 'ready'")
    assert left[0][0] > 0, "the small one ended while the large one was under way"
    assert sum(to.startswith(f"t{small.number}-") for to in sink.accepted) == 100
    print(f"finished {took:.1f} s after it was due")
    assert took <= 30 or not long


class Watched(Postman):
    """Notes whose turn it is, and lets no turn end before it is told."""

    def __init__(self, shop: Workshop) -> None:
        super().__init__(shop, list)
        self.turns: list[int] = []
        self.ends: dict[int, asyncio.Event] = {}

    async def _turn(self, number: int, account: UUID, stop: asyncio.Event) -> None:
        self.turns.append(number)
        await self.ends.setdefault(len(self.turns), asyncio.Event()).wait()

    async def line_up(self, number: int, accounts: int) -> None:
        """So many accounts of a company have something to send."""
        self._waiting |= dict.fromkeys((number, uuid4()) for _ in range(accounts))
        await self.hand_out()

    async def end(self, turn: int) -> None:
        self.ends[turn].set()
        await self.hand_out()

    async def hand_out(self) -> None:
        """Lets whoever was told end, and then those begin whose turn it is."""
        for _ in range(5):
            await asyncio.sleep(0)
            self._hand_out(asyncio.Event())


async def test_scenario_24_who_has_one_account_comes_before_the_tenth_of_another(post: Plant) -> None:
    postman = Watched(Workshop(post.settings, {}))
    await postman.line_up(1, 10)
    assert postman.turns == [1] * LANES
    await postman.line_up(2, 2)
    for turn in range(1, 4):
        await postman.end(turn)
    assert postman.turns[LANES:] == [2, 2, 1], "each gets the same share of the lanes"
    for event in postman.ends.values():
        event.set()
