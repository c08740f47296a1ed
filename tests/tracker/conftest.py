"""A real tracker on a real bus, without a database, as recipients of mail reach it."""

import itertools
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx2 as httpx
import nats
import pytest

from crm_domain.tracking.events import Event, decode_batch
from crm_domain.tracking.tokens import Content, Kind
from crm_storage.bus.tracking import declare, publish_links
from sadra_cli.children import free_port
from sadra_cli.nats_server import Nats
from sadra_cli.processes import granian
from tests.loops import run
from tests.storage.mailing import KEY, TOKENS

TENANT, MESSAGE = 7, 4711
SHOP = "https://shop.example/فروش?a=1#b"
LOCATION = b"https://shop.example/%D9%81%D8%B1%D9%88%D8%B4?a=1#b"
LAST = 10**12
"""Messages from here on are this file's own."""
COUNT = itertools.count()
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


class Bus:
    """The bus, which tests stop and start; it keeps its port."""

    def __init__(self, folder: Path) -> None:
        self._server = Nats(folder, port=free_port())
        self.url = self._server.start()

    def start(self) -> None:
        self._server.start()

    def stop(self) -> None:
        self._server.stop()

    def teach(self, tenant: int = TENANT, **numbers: bytes) -> None:
        """Tells the trackers where links lead: `n1=b"https://…"`."""
        run(self._teach(tenant, {int(name[1:]): location for name, location in numbers.items()}))

    def events(self, tracked: "Tracked") -> list[Event]:
        """What was noted so far: everything on the bus before an event that is made now."""
        last = LAST + next(COUNT)
        tracked.http.get(f"/o/{token(Kind.OPEN, message=last)}.gif")
        return run(self._until(last))

    async def _teach(self, tenant: int, locations: dict[int, bytes]) -> None:
        client = await nats.connect(self.url)
        await declare(client)
        await publish_links(client, tenant, min(locations), locations)
        await client.close()

    async def _until(self, last: int) -> list[Event]:
        client = await nats.connect(self.url)
        await declare(client)
        found: dict[bytes, Event] = {}
        reader = await client.jetstream().pull_subscribe("track.>", durable="test", stream="TRACK")
        while not any(event.message == last for event in found.values()):
            with suppress(TimeoutError):
                for message in await reader.fetch(10, timeout=0.5):
                    found |= {event.id: event for event in decode_batch(message.data)}
                    await message.ack_sync()
        await client.close()
        return [event for event in found.values() if event.message < LAST]


class Tracked:
    """The tracker's process, and somebody who calls it."""

    def __init__(self, folder: Path, bus_url: str) -> None:
        self.port = free_port()
        self.folder = folder
        self._env = {
            "SADRA_DATABASE_URL": "postgresql://nobody@127.0.0.1:4/nothing",
            "SADRA_NATS_URL": bus_url,
            "SADRA_SECRET_KEY": KEY,
            "SADRA_DATA_DIR": str(folder),
            "SADRA_TRACKER_URL": f"http://127.0.0.1:{self.port}",
        }
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", headers={"user-agent": BROWSER}, timeout=30)
        self.start()

    def start(self) -> None:
        log = (self.folder / "tracker.log").open("ab")
        self._child = subprocess.Popen(
            granian("crm_tracker.app:create_app", self.port), env={**os.environ, **self._env}, stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip
        for _ in range(200):
            try:
                if self.http.get("/readyz").status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
        raise AssertionError((self.folder / "tracker.log").read_text()[-3000:])

    def kill(self) -> None:
        """At once, with all that belongs to it."""
        os.killpg(self._child.pid, signal.SIGKILL)
        self._child.wait(20)

    def stop(self) -> None:
        if self._child.poll() is None:
            self._child.terminate()
            self._child.wait(20)

    def rss_mb(self) -> float:
        """What the process that answers keeps in memory."""
        import psutil

        children = psutil.Process(self._child.pid).children(recursive=True)
        return max(child.memory_info().rss for child in children) / 2**20


def token(kind: Kind, message: int = MESSAGE, link: int = 0, marks: int = 0, tenant: int = TENANT) -> str:
    return TOKENS.sign(kind, Content(tenant, message, link, marks))


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[Bus]:
    bus = Bus(tmp_path / "bus")
    try:
        yield bus
    finally:
        bus.stop()


@pytest.fixture
def tracked(tmp_path: Path, bus: Bus) -> Iterator[Tracked]:
    tracked = Tracked(tmp_path, bus.url)
    try:
        yield tracked
    finally:
        tracked.stop()
