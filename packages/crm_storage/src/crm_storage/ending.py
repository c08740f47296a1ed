"""Ending tasks for certain."""

import asyncio
from typing import Any

AGAIN_S = 3.0


async def end(*tasks: asyncio.Task[Any]) -> None:
    """Cancels tasks until they have ended; raises what one of them raised.

    Once is not enough: before Python 3.12 `asyncio.wait_for`, which the bus client uses everywhere, swallows a cancellation
    that meets its answer, and the task goes on for ever.
    """
    while going := [task for task in tasks if not task.done()]:
        for task in going:
            task.cancel()
        await asyncio.wait(going, timeout=AGAIN_S)
    for task in tasks:
        if not task.cancelled():
            task.result()
