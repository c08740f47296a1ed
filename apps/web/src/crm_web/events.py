"""Pages that follow what happens: a stream of server-sent events, each only the word that there is something new."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any

from litestar import Request
from litestar.response import Stream

from crm_domain.people.actor import Actor
from crm_storage.database import Session
from crm_storage.listen import Ear
from crm_storage.people.actor import load_actor
from crm_web.cookies import cookie_name, cookies_of, token_hash
from crm_web.visit import Visit

STREAM_S = 25.0
"""Then the stream ends and the browser opens the next one, so that a stopping server waits for nobody (REL-22)."""
CHECK_S = 3.0
"""How often the session is asked for again, heard or not (SEC-32)."""
BREATH_S = 0.25
"""Least time between two events."""
RETRY = b"retry: 1000\n\n"

Watch = Callable[[Session, Actor], Awaitable[tuple[str, bool]]]
"""Reads what a page follows, as far as its reader may now: a mark that changes with it, and whether it is over."""


def follow(visit: Visit, ear: Ear, heard: str, watch: Watch) -> Stream:
    """A stream that tells of every new mark. It holds no connection between two looks, and ends with the session."""
    return Stream(
        _events(visit.request, visit, ear, heard, watch),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _events(
    request: Request[Any, Any, Any], visit: Visit, ear: Ear, heard: str, watch: Watch
) -> AsyncGenerator[bytes]:
    installation, number = visit.installation, visit.tenant.number
    secret = token_hash(cookies_of(request.scope).get(cookie_name(secure=installation.secure), ""))
    loop = asyncio.get_running_loop()
    ends, former = loop.time() + STREAM_S, ""
    yield RETRY
    with ear.bell(heard) as bell:
        while loop.time() < ends:
            async with installation.database.tenant(number) as session:
                actor = await load_actor(session, secret, used=False)
                if actor is None:
                    return
                mark, over = await watch(session, actor)
            if mark != former:
                former = mark
                yield f"data: {mark}\n\n".encode()
            if over:
                yield b"event: over\ndata: over\n\n"
                return
            await asyncio.sleep(BREATH_S)
            await bell.wait(CHECK_S)
