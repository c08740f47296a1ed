"""What is due again and again: each slot of time is done once, however many processes look at the clock (REL-18).

The clock is the database's, so machines may differ; periods are counted in UTC, so daylight saving makes no hour twice.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

import msgspec
import structlog
from psycopg import OperationalError

from crm_storage.database import Database
from crm_storage.ending import end

TICK_S = 10.0
LEASE_S = 60
"""A slot whose holder was silent for so long is taken over."""
TRIES = 5
KEPT_DAYS = 30
CLAIM = """
INSERT INTO host.slot (name, due, leased_until)
VALUES (%(name)s, to_timestamp(floor(extract(epoch FROM now() - %(after)s) / %(every)s) * %(every)s) + %(after)s,
  now() + %(lease)s)
ON CONFLICT (name, due) DO UPDATE SET leased_until = now() + %(lease)s, fence = slot.fence + 1
WHERE slot.finished_at IS NULL AND slot.leased_until < now() AND slot.fence < %(tries)s
RETURNING due, fence
"""
EXTEND = "UPDATE host.slot SET leased_until = now() + %(lease)s WHERE name = %(name)s AND due = %(due)s AND fence = %(fence)s"
FINISH = """
UPDATE host.slot SET finished_at = now(), error = ''
WHERE name = %(name)s AND due = %(due)s AND fence = %(fence)s AND finished_at IS NULL
"""
FAIL = "UPDATE host.slot SET error = %(error)s WHERE name = %(name)s AND due = %(due)s AND fence = %(fence)s"
FORGET = "DELETE FROM host.slot WHERE name = %(name)s AND due < now() - %(kept)s"


class Slot(msgspec.Struct, frozen=True):
    """Something due every so often, `after` the beginning of each period. What it does must bear being done again, for a
    process may die in the middle of it. A period that nobody lived to see is left out."""

    name: str
    every: timedelta
    run: Callable[[], Awaitable[None]]
    after: timedelta = timedelta()


class Claim(msgspec.Struct, frozen=True):
    """The hold on one slot of time."""

    name: str
    due: datetime
    fence: int


async def claim(database: Database, slot: Slot) -> Claim | None:
    """The present slot of time, if nobody has it yet or its holder died."""
    facts = {
        "name": slot.name,
        "every": slot.every.total_seconds(),
        "after": slot.after,
        "lease": timedelta(seconds=LEASE_S),
        "tries": TRIES,
    }
    async with database.host() as session:
        row = await session.one(CLAIM, facts)
        await session.commit()
    return Claim(slot.name, row[0], row[1]) if row else None


class Scheduler:
    """Looks at the clock in one process. Every process may have one."""

    def __init__(self, database: Database, slots: Sequence[Slot]) -> None:
        self._database = database
        self._slots = slots
        self._busy: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Until cancelled; what is being done then is given up, for another process to take over."""
        try:
            while True:
                await self.look()
                await asyncio.sleep(TICK_S)
        finally:
            with suppress(Exception):  # what was given up is taken over, however it ends
                await end(*self._busy.values())

    async def look(self) -> None:
        """Begins what is due and not yet somebody else's."""
        for slot in self._slots:
            if slot.name in self._busy:
                continue
            try:
                held = await claim(self._database, slot)
            except OperationalError as error:
                structlog.get_logger().warning("schedule.waits", error=type(error).__name__)
                return
            if held:
                task = self._busy[slot.name] = asyncio.create_task(self._do(slot, held))
                task.add_done_callback(lambda _task, name=slot.name: self._busy.pop(name, None))

    async def settled(self) -> None:
        """Once everything begun has ended."""
        await asyncio.gather(*self._busy.values())

    async def _do(self, slot: Slot, held: Claim) -> None:
        """Without a database for its last word a slot is done again, once nobody extends its lease."""
        heartbeat = asyncio.create_task(self._extend(held))
        try:
            await self._run(slot, held)
        except OperationalError as error:
            structlog.get_logger().warning("schedule.waits", slot=slot.name, error=type(error).__name__)
        finally:
            await end(heartbeat)

    async def _run(self, slot: Slot, held: Claim) -> None:
        try:
            await slot.run()
        except Exception as error:
            structlog.get_logger().exception("slot.failed", slot=slot.name, error=type(error).__name__)
            await self._write(FAIL, held, error=type(error).__name__)
        else:
            await self._write(FINISH, held)
            await self._write(FORGET, held, kept=timedelta(days=KEPT_DAYS))
            structlog.get_logger().info("slot.done", slot=slot.name, due=held.due.isoformat())

    async def _extend(self, held: Claim) -> None:
        while True:
            await asyncio.sleep(LEASE_S / 3)
            with suppress(OperationalError):
                await self._write(EXTEND, held, lease=timedelta(seconds=LEASE_S))

    async def _write(self, statement: str, held: Claim, **facts: object) -> None:
        async with self._database.host() as session:
            await session.execute(statement, {**msgspec.structs.asdict(held), **facts})
            await session.commit()
