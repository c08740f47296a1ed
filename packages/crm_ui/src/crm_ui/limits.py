"""What one request may cost (SEC-49): over the limit it is refused early, with a 4xx."""

import asyncio
from collections.abc import Callable, Mapping

from litestar.exceptions import ClientException
from litestar.types import ASGIApp, HTTPReceiveMessage, Message, Receive, Scope, Send

KIB = 1024
MIB = 1024 * KIB
HEADER_BYTES = 32 * KIB
JSON_BYTES = 2 * MIB
FORM_PARTS = 200
PAGE_SIZE = 200
FILTER_DEPTH = 5
SECONDS = 30.0


class TooLarge(ClientException):
    """The body is larger than its kind may be."""

    status_code = 413


class TooManyHeaders(ClientException):
    """The head of the request is larger than 32 KiB."""

    status_code = 431


class TooSlow(ClientException):
    """The request was not finished within its time."""

    status_code = 408


class Limits:
    """ASGI middleware. `form_bytes` says how large a request's form may be (uploads follow the plan);
    `unhurried` requests, such as event streams and downloads, have no time limit.
    """

    def __init__(
        self,
        app: ASGIApp,
        form_bytes: Callable[[Scope], int] = lambda _: 2 * MIB,
        unhurried: Callable[[Scope], bool] = lambda _: False,
        seconds: float = SECONDS,
    ) -> None:
        self.app = app
        self._form_bytes = form_bytes
        self._unhurried = unhurried
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or raise one of the refusals above."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = {name.lower(): value for name, value in scope["headers"]}
        if sum(len(name) + len(value) + 4 for name, value in scope["headers"]) > HEADER_BYTES:
            raise TooManyHeaders
        most = self._most(scope, headers)
        if _declared(headers) > most:
            raise TooLarge
        counted = _counted(receive, most)
        if self._unhurried(scope):
            await self.app(scope, counted, send)
            return
        await self._in_time(scope, counted, send)

    def _most(self, scope: Scope, headers: Mapping[bytes, bytes]) -> int:
        kind = headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
        return self._form_bytes(scope) if kind == b"multipart/form-data" else JSON_BYTES

    async def _in_time(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def noting(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            async with asyncio.timeout(self._seconds):
                await self.app(scope, receive, noting)
        except TimeoutError:
            if started:
                raise
            raise TooSlow from None


def _declared(headers: Mapping[bytes, bytes]) -> int:
    length = headers.get(b"content-length", b"0")
    return int(length) if length.isdigit() else 0


def _counted(receive: Receive, most: int) -> Receive:
    """A receive that refuses the chunk that goes over `most`, whatever length was declared."""
    total = 0

    async def counting() -> HTTPReceiveMessage:
        nonlocal total
        message = await receive()
        if message["type"] == "http.request":
            total += len(message["body"])
            if total > most:
                raise TooLarge
        return message  # pyright: ignore[reportReturnType]

    return counting
