"""The bus goes away under load, and with it the tracker for a moment: every open that was answered is there in the end."""

import asyncio
import itertools
import math
import threading
import time

import httpx2 as httpx
import pytest

from crm_domain.tracking.tokens import Kind
from tests.tracker.conftest import BROWSER, Bus, Tracked, token

READERS = 16


class Crowd:
    """Readers who open mails, each mail once."""

    def __init__(self, tracked: Tracked) -> None:
        self._tracked = tracked
        self._mails = itertools.count(1)
        self.answered: set[int] = set()
        self.waited: list[float] = []
        """Seconds for each answer."""

    async def open(self, number: int, rate: float) -> None:
        """So many mails, `rate` a second in all."""
        started = time.monotonic()
        turns = iter(range(number))

        async def reader() -> None:
            async with httpx.AsyncClient(
                base_url=str(self._tracked.http.base_url), headers={"user-agent": BROWSER}
            ) as http:
                for turn in turns:
                    await asyncio.sleep(max(0.0, started + turn / rate - time.monotonic()))
                    mail, since = next(self._mails), time.monotonic()
                    if (await http.get(f"/o/{token(Kind.OPEN, message=mail)}.gif")).status_code == 200:
                        self.answered.add(mail)
                    self.waited.append(time.monotonic() - since)

        await asyncio.gather(*(reader() for _ in range(READERS)))

    def told(self) -> str:
        """How the readers fared."""
        slow = sorted(self.waited)[math.ceil(len(self.waited) * 0.99) - 1]
        return f"{len(self.answered)} opens answered, 99 of 100 within {slow * 1000:.1f} ms"


@pytest.mark.timeout(600)
async def test_rel_08_rel_20_nothing_is_lost_while_the_bus_is_away_under_load(
    tracked: Tracked, bus: Bus, long: bool
) -> None:
    """At its full size a minute at 500 opens a second; the tracker is killed in the middle of it."""
    crowd = Crowd(tracked)
    some, many, rate = (1000, 15_000, 500) if long else (800, 800, math.inf)
    away = threading.Timer(0.2, bus.stop)
    away.start()
    await crowd.open(some, rate)
    away.join()
    await crowd.open(many, rate)
    await asyncio.to_thread(tracked.kill)
    await asyncio.to_thread(tracked.start)
    await crowd.open(many, rate)
    await asyncio.to_thread(bus.start)
    await crowd.open(some, rate)
    print(crowd.told())
    events = await asyncio.to_thread(bus.events, tracked)
    assert len(crowd.answered) == 2 * (some + many)
    assert {event.message for event in events} == crowd.answered
