"""The development mailbox: an SMTP sink and the pages that show what was sent. One process, one loop."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import msgspec
from aiosmtpd.smtp import SMTP, Envelope, Session
from jinja2 import Environment, PackageLoader

from sadra_cli.mailbox.store import Mailbox, opened

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

PAGE = 100
SIZE_MAX = 40 * 1024**2
FOLDER = "SADRA_MAILBOX_DIR"
SMTP_PORT = "SADRA_MAILBOX_SMTP_PORT"
PAGE_POLICY = "default-src 'none'; style-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'"
MAIL_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src * data:; "
    "style-src 'unsafe-inline'; font-src *"
)
"""A mail's own page runs no script, whatever is in it."""


class Answer(Exception):
    """What a request gets."""

    def __init__(self, status: int, kind: str, body: bytes, *, policy: str = PAGE_POLICY) -> None:
        super().__init__(status)
        self.status = status
        self.headers = [
            (b"content-type", kind.encode()),
            (b"content-security-policy", policy.encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"no-referrer"),
            (b"cache-control", b"no-store"),
        ]
        self.body = body


class Sink:
    """Takes every mail for every recipient."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        content = envelope.original_content or b""
        kept = self._mailbox.add(envelope.mail_from or "", tuple(envelope.rcpt_tos), content, datetime.now(UTC))
        return f"250 OK kept as {kept.id}"


class MailboxApp:
    """The ASGI application; its lifespan is also the SMTP server's."""

    def __init__(self, mailbox: Mailbox, smtp_port: int) -> None:
        self._mailbox = mailbox
        self._smtp_port = smtp_port
        self._smtp: asyncio.Server | None = None
        loader = PackageLoader("sadra_cli.mailbox", "pages")
        self._pages = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            answer = self._answer(scope)
            await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
            await send({"type": "http.response.body", "body": answer.body})

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        loop = asyncio.get_running_loop()
        sink = Sink(self._mailbox)
        self._smtp = await loop.create_server(
            lambda: SMTP(sink, data_size_limit=SIZE_MAX, enable_SMTPUTF8=True, loop=loop),
            host="127.0.0.1",
            port=self._smtp_port,
        )
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self._smtp.close()
        await send({"type": "lifespan.shutdown.complete"})

    def _answer(self, scope: Scope) -> Answer:
        query = {name: values[-1] for name, values in parse_qs(scope["query_string"].decode()).items()}
        parts = [part for part in scope["path"].split("/") if part]
        match scope["method"], parts:
            case "GET", ["livez" | "readyz"]:
                return Answer(200, "text/plain", b"ok")
            case "GET", []:
                return self._list(query)
            case "GET", ["mailbox.css"]:
                return Answer(200, "text/css", (Path(__file__).parent / "pages/mailbox.css").read_bytes())
            case "GET", ["api", "messages"]:
                return self._messages(query)
            case "DELETE", ["api", "messages"]:
                self._mailbox.clear()
                return Answer(204, "text/plain", b"")
            case "GET", ["api", "messages", name, "raw"] if self._mailbox.find(name):
                return Answer(200, "message/rfc822", self._mailbox.raw(name))
            case "GET", ["api", "messages", name] if self._mailbox.find(name):
                return _json(self._described(name))
            case "GET", ["messages", name] if self._mailbox.find(name):
                return self._page("message.html", self._described(name))
            case "GET", ["messages", name, "html"] if self._mailbox.find(name):
                body = '<base target="_blank">' + opened(self._mailbox.raw(name)).html
                return Answer(200, "text/html; charset=utf-8", body.encode(), policy=MAIL_POLICY)
        return Answer(404, "text/plain", b"There is no such page.")

    def _list(self, query: dict[str, str]) -> Answer:
        to, start = query.get("to", ""), _number(query.get("start"), 0)
        found = list(self._mailbox.newest_first(to))
        context = {"mails": found[start : start + PAGE], "total": len(found), "to": to, "start": start, "page": PAGE}
        return self._page("list.html", context)

    def _messages(self, query: dict[str, str]) -> Answer:
        start, limit = _number(query.get("start"), 0), _number(query.get("limit"), 1000)
        found = list(self._mailbox.newest_first(query.get("to", "")))
        return _json({"items": [asdict(mail) for mail in found[start : start + limit]], "count": len(found)})

    def _described(self, name: str) -> dict[str, Any]:
        envelope = self._mailbox.find(name)
        content = opened(self._mailbox.raw(name))
        return {**(asdict(envelope) if envelope else {}), **asdict(content)}

    def _page(self, name: str, context: dict[str, Any]) -> Answer:
        body = self._pages.get_template(name).render(context)
        return Answer(200, "text/html; charset=utf-8", body.encode())


def create_app() -> MailboxApp:
    """Puts the mailbox together as the environment says."""
    return MailboxApp(Mailbox(Path(os.environ[FOLDER])), int(os.environ[SMTP_PORT]))


def _json(value: object) -> Answer:
    return Answer(200, "application/json", msgspec.json.encode(value))


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else otherwise
