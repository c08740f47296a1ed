"""From the spool to the bus: in batches, each under an id of its own, again and again until the bus has it."""

import asyncio
from contextlib import suppress

import structlog

from crm_domain.tracking.events import encode_batch
from crm_storage.bus.tracking import TrackBus, Unavailable
from crm_storage.ending import end
from crm_tracker.spool import Spool

BATCH = 2000
GATHER_S = 0.1
"""How long events gather before they are published, unless there are enough for a message; and how long a click may lie in
memory only. The spool is looked at so often, so that no request has to tell what it appended."""
FILLING = 0.8
"""The share of the cap from which an operator is told."""
PAUSE_S, PAUSE_MAX_S = 0.05, 2.0


class Pump:
    """Syncs the spool and empties it, as long as it runs."""

    def __init__(self, spool: Spool, bus: TrackBus) -> None:
        self._spool, self._bus = spool, bus
        self._news, self._urgent, self._emptied = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._filling = False
        self._waiting: list[asyncio.Future[None]] = []
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self._tasks = [asyncio.create_task(self._sync()), asyncio.create_task(self._publish())]
        self._news.set()

    async def stop(self, wait_s: float) -> None:
        """Gives the bus a last chance to take what is left; what it does not take stays on disk."""
        with suppress(TimeoutError):
            if self._bus.connected:
                self._emptied.clear()
                self._news.set()
                async with asyncio.timeout(wait_s):
                    await self._emptied.wait()
        with suppress(Exception):  # whatever they died of, the disk has the last word
            await end(*self._tasks)
        await asyncio.to_thread(self._spool.sync)
        self._spool.close()

    async def durable(self) -> None:
        """Returns when everything appended so far is on disk; raises OSError when the disk refuses."""
        waiter = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        self._urgent.set()
        await waiter

    async def _sync(self) -> None:
        while True:
            if not self._waiting:
                with suppress(TimeoutError):
                    async with asyncio.timeout(GATHER_S):
                        await self._urgent.wait()
            self._urgent.clear()
            waiting, self._waiting = self._waiting, []
            if not self._spool.empty:
                self._news.set()
            self._warn()
            try:
                if not self._spool.synced:
                    await asyncio.to_thread(self._spool.sync)
            except OSError as error:
                structlog.get_logger().error("spool.failed", error=type(error).__name__)
                for waiter in waiting:
                    if not waiter.done():
                        waiter.set_exception(OSError(error.errno, "the spool's disk refuses"))
                await asyncio.sleep(GATHER_S)
            else:
                for waiter in waiting:
                    if not waiter.done():
                        waiter.set_result(None)

    def _warn(self) -> None:
        """Tells an operator while there is still room."""
        full = self._spool.fill >= FILLING
        if full and not self._filling:
            structlog.get_logger().error("spool.filling", percent=round(100 * self._spool.fill))
        self._filling = full

    async def _publish(self) -> None:
        pause = PAUSE_S
        while True:
            records, position = self._spool.read(BATCH)
            if not records:
                self._emptied.set()
                await self._news.wait()
                self._news.clear()
                continue
            try:
                await self._hand_over(records, position)
            except Unavailable:
                await asyncio.sleep(pause)
                pause = min(pause * 2, PAUSE_MAX_S)
                continue
            self._spool.forget(position)
            pause = PAUSE_S
            if len(records) < BATCH:
                await asyncio.sleep(GATHER_S)

    async def _hand_over(self, records: list[tuple[int, bytes]], position: tuple[int, int]) -> None:
        by_tenant: dict[int, list[bytes]] = {}
        for tenant, record in records:
            by_tenant.setdefault(tenant, []).append(record)
        await asyncio.gather(*(
            self._bus.publish(tenant, encode_batch(batch), f"{self._spool.name}.{position[0]}.{position[1]}.{tenant}")
            for tenant, batch in by_tenant.items()
        ))  # fmt: skip
