"""The tracker: what recipients of e-mail reach. It knows no tables, no sessions and no templates.

So far it answers for its health and tells everybody else, in his language, that there is nothing at that address.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from crm_domain.messages.catalogue import catalogue

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"),
    (b"cache-control", b"no-store"),
)
PAGE = '<!doctype html><html lang="{language}" dir="{dir}"><meta charset="utf-8"><title>{title}</title><h1>{title}</h1><p>{text}</p></html>'
ALIVE = {"/livez": b"ok", "/readyz": b"ready"}


def create_app() -> App:
    """The app as a server starts it: a bare ASGI callable."""
    pages = {language: _nothing_here(language) for language in ("fa", "en")}

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] == "http":
            alive = ALIVE.get(scope["path"])
            if alive is not None:
                await _answer(send, 200, b"text/plain; charset=utf-8", alive)
            else:
                await _answer(send, 404, b"text/html; charset=utf-8", pages[_language(scope)])

    return app


def _nothing_here(language: str) -> bytes:
    words = catalogue(language)
    page = PAGE.format(
        language=language,
        dir="rtl" if language == "fa" else "ltr",
        title=words.text("tracker.nothing"),
        text=words.text("tracker.nothing_text"),
    )
    return page.encode()


def _language(scope: Scope) -> str:
    wanted = next((value for name, value in scope["headers"] if name == b"accept-language"), b"")
    return "en" if wanted[:2].lower() == b"en" else "fa"


async def _answer(send: Send, status: int, media_type: bytes, body: bytes) -> None:
    headers = [*HEADERS, (b"content-type", media_type), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
