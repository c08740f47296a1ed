"""A lane whose connections to the database are cut again and again (REL-19)."""

import asyncio

import pytest
from tests.mailing import Office
from tests.sink import Sink

from crm_storage.sending import lane

CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = current_user AND pid <> pg_backend_pid()"
CUTS = range(50, 550, 100)


async def test_rel_19_cut_connections_lose_no_mail_and_double_none(
    office: Office, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Leases are renewed all the time, so that some of the cuts meet that too."""
    monkeypatch.setattr(lane, "RENEW_S", 0.005)
    await office.campaign()
    await office.many(await office.list_of("default"), 1, 600)
    run, _ = await office.filled()
    due = asyncio.Semaphore(0)
    sink.on_taken = lambda taken: due.release() if taken in CUTS else None
    running = asyncio.create_task(office.lane())
    for _ in CUTS:
        await due.acquire()
        await office.rows(CUT)
    await running
    assert await office.states(run) == {"sent": 600}
    assert sink.total == 600 and all(len(ids) == 1 for ids in sink.accepted.values())
