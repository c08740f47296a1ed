"""Answers as bytes: every one with the headers that keep it from being stored, framed, searched or told on (SEC-43, SEC-46)."""

from collections.abc import Awaitable, Callable, Mapping
from functools import lru_cache
from typing import Any

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Headers = Mapping[bytes, bytes]

ALWAYS = (
    (b"cache-control", b"no-store"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-robots-tag", b"noindex, nofollow"),
)
PAGE_POLICY = (
    b"default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    b"frame-ancestors 'none'"
)
MAIL_POLICY = (
    b"default-src 'none'; style-src 'unsafe-inline'; img-src https: http: data:; font-src https: data:; "
    b"form-action 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox allow-popups allow-popups-to-escape-sandbox "
    b"allow-top-navigation-by-user-activation"
)
"""For a mail shown in the browser: its own inline styles and images, no script, no form (SEC-13)."""
GIF = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,"
    b"\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)
"""One transparent point in 43 bytes."""
MOST_BODY = 8192

_REDIRECT = (*ALWAYS, (b"content-length", b"0"))
PIXEL = {
    "type": "http.response.start",
    "status": 200,
    "headers": [
        (b"cache-control", b"no-store, no-cache, private, max-age=0"),
        *ALWAYS[1:],
        (b"content-type", b"image/gif"),
        (b"content-length", str(len(GIF)).encode()),
    ],
}
PICTURE = {"type": "http.response.body", "body": GIF}
EMPTY = {"type": "http.response.body", "body": b""}


class TooLarge(Exception):
    """A form of a recipient's page is never that long."""


@lru_cache(1024)
def redirected(location: bytes, status: int = 302) -> dict[str, Any]:
    """The head of an answer that leads on; `EMPTY` is its body."""
    return {"type": "http.response.start", "status": status, "headers": [*_REDIRECT, (b"location", location)]}


async def answer(
    send: Send,
    status: int,
    body: bytes,
    media_type: bytes = b"text/plain; charset=utf-8",
    extra: tuple[tuple[bytes, bytes], ...] = (),
) -> None:
    """Anything else."""
    headers = [*ALWAYS, (b"content-type", media_type), (b"content-length", str(len(body)).encode()), *extra]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def page(send: Send, status: int, body: bytes, policy: bytes = PAGE_POLICY, *, https: bool = False) -> None:
    """A page for people."""
    extra = (
        (b"content-security-policy", policy),
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=()"),
    )
    if https:
        extra += ((b"strict-transport-security", b"max-age=31536000; includeSubDomains"),)
    await answer(send, status, body, b"text/html; charset=utf-8", extra)


async def body_of(receive: Receive, most: int = MOST_BODY) -> bytes:
    """What was posted. Raises TooLarge."""
    found = b""
    while True:
        message = await receive()
        found += message.get("body", b"")
        if len(found) > most:
            raise TooLarge
        if not message.get("more_body"):
            return found
