"""Requests that change something must come from our own pages (SEC-45): origin, and a token bound to the session."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Awaitable, Callable
from urllib.parse import unquote_plus

from litestar.exceptions import PermissionDeniedException
from litestar.types import ASGIApp, HTTPReceiveMessage, Receive, Scope, Send, WebSocketReceiveMessage

HEADER = b"x-csrf-token"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_SITES = frozenset({"same-origin", "none"})
_HEAD_OF_BODY = 16 * 1024
_SALT_BYTES = 12
_PAIR = re.compile(rb"(?:^|&)_csrf=([^&]*)")
_PART = re.compile(rb'name="_csrf"\r\n(?:[^\r\n]+\r\n)*\r\n([^\r\n]*)\r\n')


def make_token(key: bytes, reference: str) -> str:
    """A token for the session `reference`; salted, so that no two pages carry the same text."""
    salt = secrets.token_hex(_SALT_BYTES)
    return f"{salt}.{_mac(key, reference, salt)}"


def is_token(key: bytes, reference: str, token: str) -> bool:
    """Whether `token` was made for this session; takes the same time for every wrong token."""
    salt, _, mac = token.partition(".")
    return hmac.compare_digest(_mac(key, reference, salt).encode(), mac.encode("utf-8", "replace"))


def _mac(key: bytes, reference: str, salt: str) -> str:
    return hmac.new(key, f"csrf\0{reference}\0{salt}".encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def is_foreign(scope: Scope) -> bool:
    """Whether the browser says that another site, or another tenant's page, sent this."""
    headers = _headers(scope)
    if headers.get(b"sec-fetch-site", b"none").decode("latin-1") not in _OWN_SITES:
        return True
    origin = headers.get(b"origin")
    return origin is not None and origin != f"{scope['scheme']}://".encode() + headers.get(b"host", b"")


def is_own(scope: Scope) -> bool:
    """Whether the browser says that a page of ours sent this; programs and old browsers say nothing."""
    headers = _headers(scope)
    told = b"origin" in headers or headers.get(b"sec-fetch-site") == b"same-origin"
    return told and not is_foreign(scope)


class CsrfGuard:
    """ASGI middleware. `reference` names a request's session, also before sign-in; `exempt` requests carry no cookie.

    The token comes in the header, or among the first fields of a form: no more than its head is read before the decision.
    `unbound` may raise what answers better where a page of ours sent no token of this session.
    """

    def __init__(
        self,
        app: ASGIApp,
        key: bytes,
        reference: Callable[[Scope], str],
        exempt: Callable[[Scope], bool] = lambda _: False,
        unbound: Callable[[Scope, Receive], Awaitable[None]] | None = None,
    ) -> None:
        self.app = app
        self._key = key
        self._reference = reference
        self._exempt = exempt
        self._unbound = unbound

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or raise PermissionDeniedException."""
        if scope["type"] != "http" or scope["method"] in _SAFE or self._exempt(scope):
            await self.app(scope, receive, send)
            return
        if is_foreign(scope):
            raise PermissionDeniedException(detail="foreign origin")
        token = _headers(scope).get(HEADER, b"").decode("latin-1")
        if not token:
            head, receive = await _peek(receive)
            token = _token_of_form(head)
        if not is_token(self._key, self._reference(scope), token):
            if self._unbound is not None and is_own(scope):
                await self._unbound(scope, receive)
            raise PermissionDeniedException(detail="no valid token")
        await self.app(scope, receive, send)


async def _peek(receive: Receive) -> tuple[bytes, Receive]:
    """The head of the body, and a receive that starts from its beginning again."""
    read: list[HTTPReceiveMessage | WebSocketReceiveMessage] = []
    head = b""
    more = True
    while more and len(head) < _HEAD_OF_BODY:
        message = await receive()
        read.append(message)
        more = message["type"] == "http.request" and bool(message.get("more_body"))
        head += message["body"] if message["type"] == "http.request" else b""

    async def again() -> HTTPReceiveMessage | WebSocketReceiveMessage:
        return read.pop(0) if read else await receive()

    return head[:_HEAD_OF_BODY], again


def _token_of_form(head: bytes) -> str:
    """The token of an urlencoded or multipart form, wherever it stands in the head."""
    if head.startswith(b"--"):
        part = _PART.search(head)
        return part[1].decode("latin-1") if part else ""
    pair = _PAIR.search(head)
    return unquote_plus(pair[1].decode("latin-1")) if pair else ""


def _headers(scope: Scope) -> dict[bytes, bytes]:
    return {name.lower(): value for name, value in scope["headers"]}
