"""Workers and the database die in the middle of a mailing: nobody is lost, nobody gets a mail twice (REL-12, REL-23)."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from crm_storage.sending.lane import GROUP
from crm_storage.tenants.cluster import LOGINS
from crm_storage.tenants.install import install
from sadra_cli.postgres import Postgres
from tests.faults.drill import books, drill, settle
from tests.installation import PASSWORD, Installation
from tests.mailing import Office, open_office
from tests.sink import Sink

CONNECTIONS = 10


@pytest.fixture
async def sink() -> AsyncIterator[Sink]:
    made = Sink()
    await made.start()
    yield made
    await made.stop()


async def mailing_to(office: Office, number: int):
    await office.campaign()
    await office.many(await office.list_of("default"), 1, number)
    return (await office.filled())[0]


@pytest.mark.timeout(900)
async def test_scenario_17_rel_12_killed_workers_lose_nobody_and_double_nobody(
    installation: Installation, sink: Sink, long: bool
) -> None:
    """Every kill meets a worker in the middle of its work; of a worker no more becomes unknown than was on the wire."""
    mails, workers, kills = (20_000, 4, 20) if long else (1500, 2, 6)
    async with open_office(installation.url, installation.empty_tenant(), sink.port) as office:
        run = await mailing_to(office, mails)
        started = time.monotonic()
        found = await drill(office, sink, run, workers=workers, kills=kills, seed=17)
    print(f"{found} in {time.monotonic() - started:.0f} s")
    assert found.doubled == 0 and found.unexplained == 0 and found.kills == kills
    assert set(found.states) <= {"sent", "uncertain"} and sum(found.states.values()) == mails
    assert sink.total <= mails
    assert found.states.get("uncertain", 0) <= kills * (CONNECTIONS + GROUP)
    assert found.states["sent"] >= mails - kills * (CONNECTIONS + GROUP)


@pytest.mark.timeout(300)
async def test_scenario_21_the_database_restarts_in_the_middle(tmp_path: Path, sink: Sink) -> None:
    with Postgres(tmp_path / "postgres", port=0) as postgres:
        await install(postgres.url(), dict.fromkeys(LOGINS, PASSWORD))
        installation = Installation(postgres.url())
        async with installation.database() as database:
            number = (await installation.tenant(database)).number
        restart = asyncio.Event()
        async with open_office(f"{postgres.url()}", number, sink.port) as office:
            run = await mailing_to(office, 1500)
            sink.on_taken = lambda taken: restart.set() if taken == 300 else None
            lane = asyncio.create_task(office.lane())
            await restart.wait()
            same = Postgres(tmp_path / "postgres", port=postgres.port)
            await asyncio.to_thread(postgres.stop)
            await asyncio.to_thread(same.start)
            try:
                await lane
                await settle(office)
                found = await books(office, sink, run, 0)
            finally:
                await asyncio.to_thread(same.stop)
    assert found.doubled == 0 and found.unexplained == 0
    assert set(found.states) <= {"sent", "uncertain"} and sum(found.states.values()) == 1500
    assert found.states.get("uncertain", 0) <= CONNECTIONS + GROUP


@pytest.mark.timeout(300)
async def test_rel_14_a_server_that_does_everything_wrong_leaves_every_row_right(
    installation: Installation, sink: Sink
) -> None:
    """Half of the addresses make trouble; what each of them must come to is known beforehand."""
    orders = {
        "at.rcpt.550.5-1-1": "failed", "at.rcpt.552.5-2-2": "failed", "at.rcpt.550.5-7-1": "failed", "at.content.554": "failed",
        "at.rcpt.451": "ready", "at.rcpt.450.4-7-1": "ready", "at.data.451.4-3-0": "ready",
        "drop.content": "uncertain", "drop.taken": "uncertain", "once.at.rcpt.421": "sent", "once.drop.rcpt": "sent",
        "once.drop.data": "sent",
    }  # fmt: skip
    async with open_office(installation.url, installation.empty_tenant(), sink.port) as office:
        await office.campaign()
        names = list(orders)
        trouble = [f"{names[n % len(names)]}.r{n}@x.example" for n in range(240)]
        fine = [f"r{n}@x.example" for n in range(760)]
        ids = await office.people(
            "targets", *(address for pair in zip(trouble, fine, strict=False) for address in pair), *fine[240:]
        )
        await office.list_of("default", [("targets", ids)])
        run, _ = await office.filled()
        await office.run("UPDATE mkt_run SET judged_from = 1000000")
        for _ in range(12):
            await office.lane()
            await office.run("UPDATE email_queue SET not_before = now() WHERE state = 'ready' AND reason = 'service'")
            await office.run("DELETE FROM rate_bucket")
        rows = await office.rows("SELECT dedupe_key, state FROM email_queue WHERE run_id = %(run)s", run=run)
        found = await books(office, sink, run, 0)
    expected = {address: orders[address.rpartition(".r")[0]] for address in trouble} | dict.fromkeys(fine, "sent")
    assert dict(rows) == expected
    assert found.doubled == 0 and found.unexplained == 0
