"""The least a tracker can do: read the token, answer as the real one does. What that does beside it is its price."""

import json
import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from crm_domain.keys import KeyRing
from crm_domain.tracking.tokens import Kind, Tokens
from crm_tracker.reply import ALWAYS, EMPTY, PICTURE, PIXEL

QUICK = "--quick" in sys.argv
"""A tenth of the size."""
KEY = "a key for benchmarks and nothing else"
CLICK, OPEN = Kind.CLICK, Kind.OPEN
HEADERS = [*ALWAYS, (b"content-length", b"0"), (b"location", b"https://shop.example/")]


def report(name: str, figure: float, unit: str, floor: float) -> None:
    """One line for the command that started a benchmark."""
    print(json.dumps({"name": name, "figure": figure, "unit": unit, "floor": floor}), flush=True)


def create_app() -> Callable[..., Awaitable[None]]:
    """A bare ASGI callable."""
    tokens = Tokens(KeyRing(KEY))

    async def app(scope: Mapping[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            while (await receive())["type"] != "lifespan.shutdown":
                await send({"type": "lifespan.startup.complete"})
            await send({"type": "lifespan.shutdown.complete"})
            return
        path = scope["path"]
        if path[:3] == "/o/":
            tokens.read(OPEN, path[3:49])
            await send(PIXEL)
            await send(PICTURE)
        else:
            good = tokens.read(CLICK, path[3:49]) is not None
            await send({"type": "http.response.start", "status": 302 if good else 404, "headers": HEADERS})
            await send(EMPTY)

    return app
