"""Whether the process lives, and whether it may be sent requests."""

from collections.abc import Awaitable, Callable, Sequence

import structlog
from litestar import MediaType, Response, get
from litestar.handlers import HTTPRouteHandler

Check = Callable[[], Awaitable[None]]
"""Returns when the part it checks answers, raises when not."""


def health_routes(checks: Sequence[tuple[str, Check]]) -> list[HTTPRouteHandler]:
    """`/livez` and `/readyz`. Outside nobody learns which part is missing (SEC-57): that is in the log."""

    @get("/livez", media_type=MediaType.TEXT, include_in_schema=False)
    async def livez() -> str:
        return "ok"

    @get("/readyz", media_type=MediaType.TEXT, include_in_schema=False)
    async def readyz() -> Response[str]:
        for part, check in checks:
            try:
                await check()
            except Exception as error:
                structlog.get_logger().warning("not ready", part=part, error=type(error).__name__)
                return Response("not ready", status_code=503, media_type=MediaType.TEXT)
        return Response("ready", media_type=MediaType.TEXT)

    return [livez, readyz]
