"""The web app in this very process, so that one can listen to what it sends to the database."""

import os
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import structlog
from litestar.types import ASGIApp, Message

from crm_storage.database import Session
from crm_storage.people.sessions import open_session
from crm_storage.people.tokens import create_token
from crm_storage.settings import load
from crm_web.app import guarded
from crm_web.installation import Installation as WebInstallation
from tests.installation import Installation

ADMIN = "SELECT id FROM users WHERE user_name = 'admin'"
BASE_DOMAIN = "inside.example"


class Sent(NamedTuple):
    """A statement as it went to the database."""

    text: str
    params: Any


@contextmanager
def listening() -> Iterator[list[Sent]]:
    """Every statement that a session of any tenant sends meanwhile, in this process."""
    heard: list[Sent] = []
    run = Session._run

    async def noting(self: Session, statement: str, params: Any) -> Any:
        if self._tenant:
            heard.append(Sent(statement, params))
        return await run(self, statement, params)

    Session._run = noting  # type: ignore[method-assign]
    try:
        yield heard
    finally:
        Session._run = run  # type: ignore[method-assign]


class Inside:
    """An installation with the web app on it."""

    def __init__(self, installation: Installation, app: ASGIApp) -> None:
        self.installation = installation
        self.app = app

    async def sign_in(self, slug: str, number: int) -> "Reader":
        """A tenant's administrator, signed in."""
        async with self.installation.database() as database, database.tenant(number) as session:
            row = await session.one(ADMIN)
            assert row is not None
            secret = await open_session(session, row[0], agent="inside", address="127.0.0.1")
            await session.commit()
        return Reader(self, slug, number, {"cookie": f"session={secret}"})

    async def token(self, slug: str, number: int) -> "Reader":
        """A program with a token of the administrator's."""
        now = datetime.now(UTC)
        async with self.installation.database() as database, database.tenant(number) as session:
            row = await session.one(ADMIN)
            assert row is not None
            scopes, end = frozenset({"read", "write"}), now + timedelta(days=1)
            secret = await create_token(session, row[0], name="inside", scopes=scopes, expires_at=end, now=now)
            await session.commit()
        return Reader(self, slug, number, {"authorization": f"Bearer {secret}"})


class Reader:
    """Somebody who asks for pages of one tenant."""

    def __init__(self, inside: Inside, slug: str, number: int, headers: dict[str, str]) -> None:
        self.inside = inside
        self.number = number
        self._headers = headers | {"host": f"{slug}.{BASE_DOMAIN}"}

    async def ask(
        self,
        path: str,
        method: str = "GET",
        body: bytes = b"",
        *,
        answers: tuple[int, ...] = (200, 201),
        **headers: str,
    ) -> bytes:
        """The answer's body; anything but these answers is a mistake of whoever asked."""
        path, _, query = path.partition("?")
        given = self._headers | {"content-length": str(len(body))} | headers
        scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(name.encode(), value.encode()) for name, value in given.items()],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80),
        }
        status, parts = 0, list[bytes]()

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                parts.append(message.get("body", b""))  # type: ignore[arg-type]

        await self.inside.app(scope, receive, send)  # type: ignore[arg-type]
        assert status in answers, (status, path, b"".join(parts)[-500:])
        return b"".join(parts)

    async def statements(self, path: str, *, answers: tuple[int, ...] = (200, 201)) -> list[Sent]:
        """What a page sends, asked twice so that nothing is done for the first time."""
        await self.ask(path, answers=answers)
        with listening() as heard:
            await self.ask(path, answers=answers)
        return heard


@asynccontextmanager
async def open_inside(installation: Installation, folder: Path) -> AsyncGenerator[Inside]:
    """The app over an installation, with its files in `folder`."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    settings = {
        "SADRA_DATABASE_URL": installation.url,
        "SADRA_WEB_DATABASE_URL": installation.login("sadra_web"),
        "SADRA_NATS_URL": "nats://127.0.0.1:4",
        "SADRA_SECRET_KEY": "a key for this process and nothing else",
        "SADRA_BASE_DOMAIN": BASE_DOMAIN,
        "SADRA_WEB_URL": f"http://{{tenant}}.{BASE_DOMAIN}",
        "SADRA_DATA_DIR": str(folder),
    }
    web = WebInstallation(load({**os.environ, **settings}))
    await web.start()
    try:
        yield Inside(installation, guarded(web))
    finally:
        await web.stop()
        structlog.reset_defaults()
