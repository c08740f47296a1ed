"""Ending tasks, and connections to the bus, for certain."""

import asyncio
from contextlib import suppress
from typing import Any

from nats.aio.client import Client

AGAIN_S = 3.0


async def end(*tasks: asyncio.Task[Any]) -> None:
    """Cancels tasks until they have ended; raises what one of them raised.

    Once is not enough: before Python 3.12 `asyncio.wait_for`, which the bus client uses everywhere, swallows a cancellation
    that meets its answer, and the task goes on for ever. Whoever waits here and is cancelled himself gives way only when they
    have ended: nothing of theirs outlives what it works with.
    """
    given_up: asyncio.CancelledError | None = None
    while going := [task for task in tasks if not task.done()]:
        for task in going:
            task.cancel()
        try:
            await asyncio.wait(going, timeout=AGAIN_S)
        except asyncio.CancelledError as cancelled:
            given_up = cancelled
    if given_up:
        raise given_up
    for task in tasks:
        if not task.cancelled():
            task.result()


async def hang_up(client: Client) -> None:
    """Closes a connection to the bus, also one that is lost while it closes."""
    with suppress(OSError):
        await client.close()
