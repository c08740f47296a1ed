"""Workers killed in the middle of a mailing, again and again, and the books afterwards."""

import asyncio
import random
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from crm_storage.sending.tick import tick
from tests.mailing import Office
from tests.sink import Sink

Child = asyncio.subprocess.Process
EXPIRE = "UPDATE email_queue SET lease_until = now() - interval '10 minutes' WHERE state IN ('leased', 'begun')"
"""Stands for the minutes after which a dead worker's rows are picked up."""
LEFT = "SELECT id FROM email_queue WHERE state IN ('ready', 'leased', 'begun') LIMIT 1"


@dataclass
class Books:
    """What came of a drill."""

    states: dict[str, int]
    doubled: int
    """Addresses that the server took more than once."""
    unexplained: int
    """Rows that say sent where the server took nothing, or took something of which the row knows nothing."""
    kills: int
    """How many workers died of it, and had not ended before."""


async def standby(office: Office, batch: int) -> Child:
    """A worker that is ready and waits for the word; so many rows it takes at a time."""
    words = ("-m", "tests.faults.sender", office.url, str(office.number), str(office.port), str(batch))
    pipe = asyncio.subprocess.PIPE
    child = await asyncio.create_subprocess_exec(sys.executable, *words, stdin=pipe, stdout=pipe)
    assert child.stdout is not None
    await child.stdout.readline()
    return child


def go(child: Child) -> Child:
    assert child.stdin is not None
    child.stdin.write(b"go\n")
    return child


async def drill(office: Office, sink: Sink, run: UUID, *, workers: int, kills: int, seed: int) -> Books:
    """Kills a worker at chance moments and lets another begin, until so many have died; then lets the rest end.

    All are made ready beforehand, so that the mailing does not end while one starts.
    """
    chance = random.Random(seed)
    total = (await office.rows("SELECT total FROM mkt_run WHERE id = %(run)s", run=run))[0][0]
    batch = total // (4 * (workers + kills))
    waiting = [await standby(office, batch) for _ in range(workers + kills)]
    alive = [go(waiting.pop()) for _ in range(workers)]
    step, dead = total // (2 * (kills + 1)), 0
    for number in range(kills):
        await _mails(sink, step * number + chance.randrange(1, step), alive)
        victim = chance.choice(alive)
        with suppress(ProcessLookupError):
            victim.kill()
        dead += await victim.wait() == -signal.SIGKILL
        alive.remove(victim)
        alive.append(go(waiting.pop()))
    for child in alive:
        await child.wait()
    await settle(office)
    return await books(office, sink, run, dead)


async def settle(office: Office) -> None:
    """Sends what is left, until every row has come to its end."""
    while await office.rows(LEFT):
        await office.run(EXPIRE)
        await tick(office.station)
        await office.lane()


async def _mails(sink: Sink, number: int, alive: list[Child]) -> None:
    """Waits until so many mails were taken in all, or a worker ended by itself."""
    enough = asyncio.Event()
    sink.on_taken = lambda total: enough.set() if total >= number else None
    if sink.total >= number:
        return
    ends = [asyncio.create_task(child.wait()) for child in alive]
    taken = asyncio.create_task(enough.wait())
    await asyncio.wait((taken, *ends), return_when=asyncio.FIRST_COMPLETED)
    for task in (taken, *ends):
        task.cancel()


async def books(office: Office, sink: Sink, run: UUID, kills: int) -> Books:
    """Compares every row with what the server says it took."""
    rows = await office.rows("SELECT dedupe_key, state FROM email_queue WHERE run_id = %(run)s", run=run)
    wrong = sum(
        (state == "sent" and not sink.accepted.get(address)) or (state == "ready" and bool(sink.accepted.get(address)))
        for address, state in rows
    )
    doubled = sum(len(ids) > 1 for ids in sink.accepted.values())
    return Books(await office.states(run), doubled, wrong, kills)
