"""What benchmarks share: an installation of their own, pages beside their own statements, and how to tell a figure."""

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import psycopg

from tests.inside import Inside, Reader, Sent, open_inside
from tests.installation import open_installation

QUICK = "--quick" in sys.argv
"""A tenth of the size."""
PAIRS = 3 if QUICK else 5
TRIES = 12
"""A pair is the best of so many tries for either side, taken in turns, so that a busy machine weighs on both alike."""
WARM_UP = 8
"""Tries before the first measured one: statements are prepared after five."""


def report(name: str, figure: float, unit: str, floor: float) -> None:
    """One line for the command that started this script."""
    print(msgspec.json.encode({"name": name, "figure": figure, "unit": unit, "floor": floor}).decode(), flush=True)


class Pair(NamedTuple):
    """Something and its floor, in milliseconds."""

    figure: float
    floor: float


async def beside_its_statements(reader: Reader, path: str) -> tuple[Pair, int]:
    """A page beside its own statements sent by plain psycopg, and how many they are."""
    sent = await reader.statements(path)
    login = reader.inside.installation.login("sadra_web")
    with psycopg.connect(login, autocommit=True, options="-c timezone=UTC") as plain:
        pair = await interleaved(lambda: reader.ask(path), lambda: _replay(plain, reader.number, sent))
    return pair, len(sent)


async def interleaved(figure: Callable[[], Awaitable[Any]], floor: Callable[[], Any]) -> Pair:
    """The median pair of both sides, taken in turns."""
    for _ in range(WARM_UP):
        await figure()
        floor()
    pairs: list[Pair] = []
    for _ in range(PAIRS):
        tries = [(await _timed(figure), _clocked(floor)) for _ in range(TRIES)]
        pairs.append(Pair(min(one for one, _ in tries), min(least for _, least in tries)))
    return sorted(pairs, key=lambda pair: pair.figure / pair.floor)[len(pairs) // 2]


async def _timed(ask: Callable[[], Awaitable[Any]]) -> float:
    started = time.perf_counter()
    await ask()
    return (time.perf_counter() - started) * 1000


def _clocked(floor: Callable[[], Any]) -> float:
    started = time.perf_counter()
    floor()
    return (time.perf_counter() - started) * 1000


def _replay(connection: psycopg.Connection[Any], number: int, sent: list[Sent]) -> None:
    """The same statements in one transaction, each row fetched, none looked at."""
    with connection.pipeline():
        connection.execute(b"BEGIN")
        connection.execute(b"SET LOCAL ROLE t_%d" % number)
        connection.execute(b"SET LOCAL search_path = t_%d, crm" % number)
    for text, params in sent:
        cursor = connection.execute(text.encode(), params)
        if cursor.description:
            cursor.fetchall()
    connection.execute(b"ROLLBACK")


@asynccontextmanager
async def open_stage() -> AsyncGenerator[Inside]:
    """A fresh installation and the app on it, both gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="sadra-bench-") as folder:
        opened = open_installation()
        installation = await asyncio.to_thread(opened.__enter__)
        try:
            async with open_inside(installation, Path(folder)) as inside:
                yield inside
        finally:
            await asyncio.to_thread(opened.__exit__, None, None, None)
