"""The rights of the production bus, as its configuration grants them."""

import asyncio
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import nats
import pytest
from nats.aio.client import Client
from tests.worker.conftest import until

from crm_domain.tracking.answers import Question
from crm_storage.bus.broker import NatsBroker
from crm_storage.bus.tracking import TrackBus, answer, connected, publish_links
from sadra_cli.children import free_port
from sadra_cli.nats_server import BINARY
from sadra_cli.places import ROOT

CONFIGURATION = (ROOT / "infra/nats/nats.conf").read_text()
PASSWORDS = {"SADRA_NATS_PASSWORD": "worker", "SADRA_NATS_TRACKER_PASSWORD": "tracker"}


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """The server on the very file that production has, but for its port and folder."""
    port, file = free_port(), tmp_path / "nats.conf"
    file.write_text(
        CONFIGURATION.replace("127.0.0.1:4222", f"127.0.0.1:{port}").replace("/var/lib/nats", str(tmp_path))
    )
    with subprocess.Popen([BINARY, "--config", file], env=os.environ | PASSWORDS) as server:
        yield port
        server.terminate()


def url(user: str, port: int) -> str:
    return f"nats://sadra_{user}:{user}@127.0.0.1:{port}"


async def opened(user: str, port: int) -> Client:
    return await nats.connect(url(user, port), max_reconnect_attempts=20, reconnect_time_wait=0.2)


async def _true(fact: bool) -> bool:
    return fact


async def test_sec_06_worker_and_tracker_have_the_rights_they_need(port: int) -> None:
    await (await opened("worker", port)).close()
    broker = NatsBroker(url("worker", port))
    await broker.startup()
    learned: dict[int, bytes] = {}
    bus = TrackBus(url("tracker", port))
    bus.start(lambda _, links: learned.update(links))
    async with connected(url("worker", port)) as client:
        await publish_links(client, 7, 1, {1: b"https://a.example"})

        async def reply(question: Question) -> bytes:
            return str(question.tenant).encode()

        await answer(client, "ask.link", reply)
        async with asyncio.timeout(60):
            await until(lambda: _true(learned == {1: b"https://a.example"}), "the tracker learns the link")
            assert await bus.ask("ask.link", Question(7)) == b"7"
            await bus.publish(7, b"events", "1")
        assert (await client.jetstream().stream_info("TRACK")).state.messages == 1
    await bus.stop()
    await broker.shutdown()


@pytest.mark.parametrize(
    "subject", ["jobs.7.mail_send", "links.7.1", "$JS.API.STREAM.DELETE.TRACK", "$JS.API.STREAM.PURGE.JOBS"]
)
async def test_sec_06_a_tracker_gives_no_orders(port: int, subject: str) -> None:
    async with connected(url("worker", port)) as worker:
        client = await opened("tracker", port)
        refused: list[str] = []

        async def note(error: Exception) -> None:
            refused.append(str(error))

        client._error_cb = note
        await client.publish(subject, b"")
        await client.flush()
        async with asyncio.timeout(30):
            await until(lambda: _true(any("permissions violation" in one.lower() for one in refused)), "it is refused")
        await client.close()
        assert (await worker.jetstream().stream_info("LINKS")).state.messages == 0
