"""The tracker's hot paths beside a bare ASGI callable that checks the same tokens, on the same server, under the same load."""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import httpx2 as httpx
import psutil

from crm_domain.keys import KeyRing
from crm_domain.tracking.tokens import Content, Kind, Tokens
from crm_storage.bus.tracking import connected, publish_links
from sadra_cli.children import free_port
from sadra_cli.nats_server import Nats
from sadra_cli.processes import granian
from tests.bench.bare import KEY, QUICK, report

CONNECTIONS, DEPTH, MESSAGES = 8, 16, 20_000
ROUNDS, SECONDS = (15, 0.4) if QUICK else (61, 0.4)
"""Many short rounds: what else a machine does changes from second to second."""
BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Safari/537.36"
HEAD = (
    f"Host: t.company.example\r\nUser-Agent: {BROWSER}\r\nAccept: text/html,application/xhtml+xml\r\n"
    "Accept-Language: fa-IR,fa;q=0.9,en;q=0.8\r\nAccept-Encoding: gzip, deflate, br\r\n\r\n"
)
TOKENS = Tokens(KeyRing(KEY))


def requests(path: str, kind: Kind, ending: str) -> list[bytes]:
    """Bundles of requests, each for another message."""
    every = [
        f"GET {path}{TOKENS.sign(kind, Content(7, n, 1))}{ending} HTTP/1.1\r\n{HEAD}".encode() for n in range(MESSAGES)
    ]
    return [b"".join(every[start : start + DEPTH]) for start in range(0, MESSAGES, DEPTH)]


async def rate(port: int, bundles: list[bytes], seconds: float) -> float:
    """Answers a second over kept connections, each with several requests on their way."""
    started = time.monotonic()
    end = started + seconds
    counts = await asyncio.gather(*(_drive(port, bundles[part::CONNECTIONS], end) for part in range(CONNECTIONS)))
    return sum(counts) / (time.monotonic() - started)


async def _drive(port: int, bundles: list[bytes], end: float) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    count = 0
    while time.monotonic() < end:
        for bundle in bundles:
            writer.write(bundle)
            found = 0
            while found < DEPTH:
                found += (await reader.read(65536)).count(b"HTTP/1.1 ")
            count += found
            if time.monotonic() > end:
                break
    writer.close()
    return count


@contextmanager
def served(app: str, folder: Path, bus: str) -> Iterator[tuple[int, psutil.Process]]:
    """The app on the server the product uses; its port and the process that answers."""
    port = free_port()
    env = {
        "SADRA_DATABASE_URL": "postgresql://nobody@127.0.0.1:4/nothing",
        "SADRA_NATS_URL": bus,
        "SADRA_SECRET_KEY": KEY,
        "SADRA_DATA_DIR": str(folder),
    }
    with subprocess.Popen(granian(app, port), env={**os.environ, **env}) as child:
        try:
            with httpx.Client(transport=httpx.HTTPTransport(retries=0)) as http:
                for _ in range(300):
                    try:
                        http.get(f"http://127.0.0.1:{port}/readyz")
                        break
                    except httpx.TransportError:
                        time.sleep(0.1)
            yield port, max(psutil.Process(child.pid).children(), key=lambda one: one.memory_info().rss)
        finally:
            child.terminate()


async def main() -> None:
    with tempfile.TemporaryDirectory() as name, Nats(Path(name) / "bus") as bus:
        async with connected(bus.url) as client:
            await publish_links(client, 7, 1, {1: b"https://shop.example/"})
        folder = Path(name)
        with (
            served("crm_tracker.app:create_app", folder, bus.url) as (port, process),
            served("tests.bench.bare:create_app", folder, bus.url) as (floor, _),
        ):
            for what, path, kind, ending in (("click", "/c/", Kind.CLICK, ""), ("open", "/o/", Kind.OPEN, ".gif")):
                await compare(what, port, floor, requests(path, kind, ending))
            before = process.memory_info().rss
            await rate(port, requests("/c/", Kind.CLICK, ""), SECONDS * ROUNDS)
            report(
                "tracker's memory after as many clicks again", process.memory_info().rss / 2**20, "MiB", before / 2**20
            )


async def compare(what: str, port: int, floor: int, bundles: list[bytes]) -> None:
    """Rounds in turns, either first as often as the other, so that a busy machine weighs on both alike; the median ratio."""
    for one in (port, floor):
        await rate(one, bundles, SECONDS / 2)
    pairs: list[tuple[float, float]] = []
    for round_ in range(ROUNDS):
        turns = (port, floor) if round_ % 2 else (floor, port)
        found = {one: await rate(one, bundles, SECONDS) for one in turns}
        pairs.append((found[port], found[floor]))
    ours, bare = sorted(pairs, key=lambda pair: pair[0] / pair[1])[ROUNDS // 2]
    print(f"{what}: {ours:,.0f}/s, bare {bare:,.0f}/s, {ours / bare:.0%}", file=sys.stderr)
    report(f"{what}, one worker", 1e6 / ours, "µs", 1e6 / bare)


if __name__ == "__main__":
    asyncio.run(main())
