"""Hearing at once what other processes did: PostgreSQL's notices, handed to whoever waits for them."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager, suppress

import structlog
from psycopg import AsyncConnection, Error

from crm_storage.ending import end

AGAIN_S = 1.0


class Bell:
    """One waiter. What rang while nobody waited is not lost."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()
        self._said: set[str] = set()

    def ring(self, payload: str) -> None:
        self._said.add(payload)
        self._rung.set()

    async def wait(self, seconds: float) -> set[str]:
        """What was said since the last time; empty when nothing was for so long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        self._rung.clear()
        said, self._said = self._said, set()
        return said


class Ear:
    """Listens on one channel with a connection of its own. After a lost connection every bell rings once, empty."""

    def __init__(self, url: str, channel: str) -> None:
        self._url = url
        self._channel = channel
        self._bells: dict[str, set[Bell]] = {}
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._task = asyncio.create_task(self._listen())

    async def stop(self) -> None:
        if self._task:
            await end(self._task)

    @contextmanager
    def bell(self, payload: str = "") -> Generator[Bell]:
        """A bell for that payload, or for whatever is said."""
        bell = Bell()
        self._bells.setdefault(payload, set()).add(bell)
        try:
            yield bell
        finally:
            self._bells[payload].discard(bell)
            if not self._bells[payload]:
                del self._bells[payload]

    def _ring(self, payload: str) -> None:
        for bell in (*self._bells.get(payload, ()), *self._bells.get("", ())):
            bell.ring(payload)

    async def _listen(self) -> None:
        while True:
            try:
                async with await AsyncConnection.connect(self._url, autocommit=True) as connection:
                    await connection.execute(f"LISTEN {self._channel}".encode())
                    for payload in list(self._bells):
                        self._ring(payload)
                    async for notice in connection.notifies():
                        self._ring(notice.payload)
            except (Error, OSError) as error:
                structlog.get_logger().warning("ear.lost", channel=self._channel, error=type(error).__name__)
                await asyncio.sleep(AGAIN_S)
