"""Workers killed in the middle of a mailing, again and again, and the books afterwards."""

import asyncio
import random
import sys
from dataclasses import dataclass
from uuid import UUID

from crm_storage.sending.tick import tick
from tests.mailing import Office
from tests.sink import Sink

EXPIRE = "UPDATE email_queue SET lease_until = now() - interval '10 minutes' WHERE state IN ('leased', 'begun')"
"""Stands for the minutes after which a dead worker's rows are picked up."""


@dataclass
class Books:
    """What came of a drill."""

    states: dict[str, int]
    doubled: int
    """Addresses that the server took more than once."""
    unexplained: int
    """Rows that say sent where the server took nothing, or took something of which the row knows nothing."""
    kills: int


async def worker(office: Office) -> asyncio.subprocess.Process:
    """A new worker that has begun."""
    words = ("-m", "tests.faults.sender", office.url, str(office.number), str(office.port))
    child = await asyncio.create_subprocess_exec(sys.executable, *words, stdout=asyncio.subprocess.PIPE)
    assert child.stdout is not None
    await child.stdout.readline()
    return child


async def drill(office: Office, sink: Sink, run: UUID, *, workers: int, kills: int, seed: int) -> Books:
    """Kills a worker at chance moments and starts another, until so many have died; then lets the rest end."""
    chance = random.Random(seed)
    alive = [await worker(office) for _ in range(workers)]
    killed = 0
    while killed < kills and sink.total < await _total(office, run):
        await _mails(sink, chance.randrange(5, 120), alive)
        victim = chance.choice([child for child in alive if child.returncode is None] or alive)
        if victim.returncode is None:
            victim.kill()
            await victim.wait()
            killed += 1
        alive.remove(victim)
        alive.append(await worker(office))
    for child in alive:
        await child.wait()
    for _ in range(3):
        await office.run(EXPIRE)
        await tick(office.station)
        await office.lane()
    return await books(office, sink, run, killed)


async def books(office: Office, sink: Sink, run: UUID, kills: int) -> Books:
    """Compares every row with what the server says it took."""
    rows = await office.rows("SELECT dedupe_key, state FROM email_queue WHERE run_id = %(run)s", run=run)
    wrong = sum(
        (state == "sent" and not sink.accepted.get(address)) or (state == "ready" and bool(sink.accepted.get(address)))
        for address, state in rows
    )
    doubled = sum(len(ids) > 1 for ids in sink.accepted.values())
    return Books(await office.states(run), doubled, wrong, kills)


async def _mails(sink: Sink, number: int, alive: list[asyncio.subprocess.Process]) -> None:
    """Waits until so many more mails were taken, or a worker has nothing left to do."""
    at, enough = sink.total + number, asyncio.Event()
    sink.on_taken = lambda total: enough.set() if total >= at else None
    ends = [asyncio.create_task(child.wait()) for child in alive]
    taken = asyncio.create_task(enough.wait())
    await asyncio.wait((taken, *ends), return_when=asyncio.FIRST_COMPLETED)
    for task in (taken, *ends):
        task.cancel()


async def _total(office: Office, run: UUID) -> int:
    return (await office.rows("SELECT total FROM mkt_run WHERE id = %(run)s", run=run))[0][0]
