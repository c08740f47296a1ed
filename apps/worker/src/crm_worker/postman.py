"""Sends the tenants' mailings: goes round, fills what is due, and gives each account its turn (4.2, REL-17)."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog

from crm_domain.tenancy import Tenant, schema_name
from crm_storage.ending import end
from crm_storage.failures import is_unavailable
from crm_storage.listen import Ear
from crm_storage.sending import quarantine
from crm_storage.sending.lane import Lane
from crm_storage.sending.states import CHANNEL
from crm_storage.sending.station import Station
from crm_storage.sending.tick import Round, fill, tick
from crm_worker.list_rules import refresh_for_run
from crm_worker.workshop import Workshop

EVERY_S = 10.0
"""How long something that became due may stay unnoticed when nobody called."""
LANES = 4
"""Accounts that are sent from at once by this process."""
FILLS = 2
BEATS = "sending"
"""The folder, beside the installation's other data, for what must survive the database."""
Key = tuple[int, UUID]


class Postman:
    """One for each worker. Several never meet in a row of a queue, so any number of workers may run."""

    def __init__(self, shop: Workshop, tenants: Callable[[], Sequence[Tenant]]) -> None:
        settings = shop.settings
        self._shop, self._tenants = shop, tenants
        self._beats = Path(settings.data_dir) / BEATS
        self._ear = Ear(settings.worker_database_url, CHANNEL)
        self._running: dict[Key, asyncio.Task[None]] = {}
        self._waiting: dict[Key, None] = {}
        self._seen: dict[int, float] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Until the event; then everything that was begun gets its result."""
        await self._ear.start()
        try:
            with self._ear.bell() as bell:
                while not stop.is_set():
                    await self._round(stop)
                    waiting = asyncio.create_task(bell.wait(0.5 if self._running or self._waiting else 2.0))
                    ending = asyncio.create_task(stop.wait())
                    await asyncio.wait((waiting, ending), return_when=asyncio.FIRST_COMPLETED)
                    self._called(await self._heard(waiting, ending))
        finally:
            await asyncio.gather(*self._running.values(), return_exceptions=True)
            await self._ear.stop()

    async def _heard(self, waiting: asyncio.Task[set[str]], ending: asyncio.Task[bool]) -> set[str]:
        await end(ending, waiting)
        return set() if waiting.cancelled() else {said for said in waiting.result() if said}

    def _called(self, said: set[str]) -> None:
        """Whoever called is looked at in the next round."""
        for number in list(self._seen):
            if schema_name(number) in said:
                del self._seen[number]

    async def _round(self, stop: asyncio.Event) -> None:
        """Looks at each tenant that called or was not looked at for a while, then hands out free lanes in turn."""
        now = time.monotonic()
        for tenant in self._tenants():
            if stop.is_set() or now - self._seen.get(tenant.number, -EVERY_S) < EVERY_S:
                continue
            self._seen[tenant.number] = now
            try:
                station = await self._shop.station(tenant)
                todo = await self._look(station)
            except Exception as error:  # one tenant's trouble is nobody else's
                structlog.get_logger().warning("postman.failed", tenant=tenant.number, error=type(error).__name__)
                continue
            self._plan(station, todo)
        self._hand_out(stop)

    async def _look(self, station: Station) -> Round:
        async with station.session() as session:
            if not await quarantine.holds(session) and await quarantine.went_back(session, self._beats, station.number):
                await quarantine.impose(session)
                await session.commit()
        return await tick(station)

    def _plan(self, station: Station, todo: Round) -> None:
        if todo:
            self._seen.pop(station.number, None)
        for run in todo.fill:
            key = (station.number, run)
            if key not in self._running and sum(self._is_fill(task) for task in self._running.values()) < FILLS:
                self._start(key, self._fill(station, run), "fill")
        for account in todo.accounts:
            key = (station.number, account)
            if key not in self._running:
                self._waiting.setdefault(key)

    def _hand_out(self, stop: asyncio.Event) -> None:
        """Who has the fewest lanes gets the next free one, however many accounts others have; of one tenant's accounts the
        one that waited longest, which goes to the end of the line after its turn."""
        while self._waiting and not stop.is_set():
            busy = Counter(number for (number, _), task in self._running.items() if not self._is_fill(task))
            if busy.total() >= LANES:
                return
            key = min(self._waiting, key=lambda key: busy[key[0]])
            del self._waiting[key]
            self._start(key, self._turn(*key, stop), "lane")

    def _start(self, key: Key, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self._running[key] = task

        def ended(task: asyncio.Task[None]) -> None:
            del self._running[key]
            self._seen.pop(key[0], None)
            if not task.cancelled() and task.exception():
                error = task.exception()
                structlog.get_logger().warning(f"{name}.failed", tenant=key[0], error=type(error).__name__)

        task.add_done_callback(ended)

    def _is_fill(self, task: asyncio.Task[None]) -> bool:
        return task.get_name() == "fill"

    async def _fill(self, station: Station, run: UUID) -> None:
        tenant = self._shop.directory.by_number(station.number)
        if tenant is not None:
            await refresh_for_run(self._shop, tenant, run)
        report = await fill(station, run)
        structlog.get_logger().info("run.filled", tenant=station.number, run=str(run), audience=report.audience)

    async def _halted(self, number: int, stop: asyncio.Event, halt: asyncio.Event) -> None:
        """Sets `halt` with `stop`, and when the tenant may send no more (SEC-07)."""
        while not stop.is_set():
            tenant = self._shop.directory.by_number(number)
            if tenant is None or tenant.state != "active":
                break
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), 1)
        halt.set()

    async def _turn(self, number: int, account: UUID, stop: asyncio.Event) -> None:
        tenant = self._shop.directory.by_number(number)
        if tenant is None:
            return
        station = await self._shop.station(tenant)
        async with station.session() as session:
            outlet = await station.outlet(session, account)
            count = await quarantine.beat(session)
            await session.commit()
        quarantine.remember(self._beats, number, count)
        if outlet is None:
            return
        lane = Lane(station, account, outlet)
        halt = asyncio.Event()
        watch = asyncio.create_task(self._halted(number, stop, halt))
        try:
            await lane.run(halt)
        except Exception as error:
            if not is_unavailable(error):
                raise
        finally:
            await end(watch)
        structlog.get_logger().info("lane.ended", tenant=number, mails=lane.concluded)
