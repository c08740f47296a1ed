"""Ending tasks for certain."""

import asyncio
from contextlib import suppress

import pytest

from crm_storage import ending
from crm_storage.ending import end


async def test_a_task_that_swallows_a_cancellation_ends_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "AGAIN_S", 0.01)
    swallowed = 0

    async def stubborn() -> None:
        nonlocal swallowed
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        swallowed += 1
        await asyncio.Event().wait()

    task = asyncio.create_task(stubborn())
    await asyncio.sleep(0)
    async with asyncio.timeout(30):
        await end(task)
    assert task.cancelled()
    assert swallowed == 1


async def test_what_a_task_died_of_is_raised() -> None:
    async def broken() -> None:
        raise LookupError("lost")

    task = asyncio.create_task(broken())
    await asyncio.wait([task])
    with pytest.raises(LookupError, match="lost"):
        await end(task)
