"""One JSON line for each request, with the id that ties it to everything it caused (SEC-53)."""

import secrets
import sys
from time import perf_counter
from typing import Any, TextIO

import structlog
from litestar.types import ASGIApp, Message, Receive, Scope, Send

HEADER = b"x-request-id"


def log_to(stream: TextIO = sys.stdout) -> None:
    """Write the process's log as JSON lines: time in UTC, level, event, then the facts as values."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )


def request_id_of(scope: Scope) -> str:
    """The id of this request, as the log and the error page show it."""
    return str(scope["state"]["request_id"])


class RequestLog:
    """Wraps a whole ASGI app. Logs method, path without query, status, time, and whose request it was."""

    def __init__(self, app: ASGIApp, name: str) -> None:
        self.app = app
        self._name = name

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; log it when it has been answered, also when that failed."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        state: dict[str, Any] = scope.setdefault("state", {})
        request_id = state["request_id"] = secrets.token_hex(8)
        began = perf_counter()
        status = 500

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (HEADER, request_id.encode())]
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self.app(scope, receive, noting)
            finally:
                structlog.get_logger().info(
                    "request",
                    app=self._name,
                    method=scope["method"],
                    path=scope["path"],
                    status=status,
                    ms=round((perf_counter() - began) * 1000, 1),
                    tenant=str(state.get("tenant_name", "")),
                    user=str(state.get("user_id", "")),
                )
