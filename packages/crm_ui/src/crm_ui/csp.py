"""The headers that keep a page from running or showing what is not ours (SEC-43, SEC-46)."""

import secrets
from collections.abc import Sequence

from litestar.types import ASGIApp, Message, Receive, Scope, Send

_ALWAYS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()"),
]
_ONE_YEAR = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")


def nonce_of(scope: Scope) -> str:
    """The nonce of this request, for `nonce` and `hx-nonce` attributes and nowhere else."""
    return str(scope["state"]["nonce"])


def policy(nonce: str, image_origins: Sequence[str] = ()) -> str:
    """The Content-Security-Policy of a page that runs scripts of this nonce only."""
    images = " ".join(["'self'", "data:", *image_origins])
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src 'nonce-{nonce}'",
            f"style-src 'self' 'nonce-{nonce}'",
            f"img-src {images}",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "frame-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types htmx dompurify",
        ]
    )


class SecurityHeaders:
    """Wraps a whole ASGI app, also its 404s: a fresh nonce per request, the policy on HTML, the rest everywhere.

    An answer that names no caching of its own is not stored. `https` adds HSTS; leave it out only in development.
    """

    def __init__(self, app: ASGIApp, https: bool = True, image_origins: Sequence[str] = ()) -> None:
        self.app = app
        self._image_origins = tuple(image_origins)
        self._always = [*_ALWAYS, _ONE_YEAR] if https else _ALWAYS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and complete the head of its answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(18)
        scope.setdefault("state", {})["nonce"] = nonce

        async def complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = self._completed(list(message["headers"]), nonce)
            await send(message)

        await self.app(scope, receive, complete)

    def _completed(self, headers: list[tuple[bytes, bytes]], nonce: str) -> list[tuple[bytes, bytes]]:
        given = {name.lower(): value for name, value in headers}
        for name, value in self._always:
            if name not in given:
                headers.append((name, value))
        if b"cache-control" not in given:
            headers.append((b"cache-control", b"no-store"))
        if given.get(b"content-type", b"").startswith(b"text/html") and b"content-security-policy" not in given:
            headers.append((b"content-security-policy", policy(nonce, self._image_origins).encode()))
        return headers
