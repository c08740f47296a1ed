"""The data door: the only place that holds connections and hands out units of work (SEC-02).

Statements go to psycopg directly; SQLAlchemy builds them. Nothing relies on session state, so any pooler works.
"""

import time
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any
from weakref import WeakKeyDictionary

import msgspec
from psycopg import AsyncConnection, AsyncCursor
from psycopg.rows import TupleRow
from psycopg.types.json import set_json_dumps, set_json_loads
from psycopg_pool import AsyncConnectionPool

set_json_dumps(msgspec.json.encode)
set_json_loads(msgspec.json.decode)

Params = Mapping[str, Any]
CONNECTION_AGE_S = 600
CONNECTION_TENANTS = 100
"""A backend never gives back what it cached of a tenant's catalogue (25 kB a table), so it retires after so many tenants."""
PREPARED_MAX = 200
OPTIONS = "-c timezone=UTC -c statement_timeout=15s -c lock_timeout=3s -c idle_in_transaction_session_timeout=60s"
"""REL-21."""
SHARED_SCHEMA = "crm"
"""Functions and extensions that all tenants use."""


class Session:
    """One transaction. It opens with the first statement, in the same round trip as its role and search path."""

    def __init__(self, connection: AsyncConnection[TupleRow], opening: tuple[bytes, ...]) -> None:
        self._connection = connection
        self._opening = opening
        self._open = False
        self.statements = 0
        self.sql_seconds = 0.0

    async def rows(self, statement: str, params: Params | None = None) -> list[tuple[Any, ...]]:
        """All rows of a query; `%(name)s` marks a parameter."""
        cursor = await self._run(statement, params)
        return await cursor.fetchall()

    async def one(self, statement: str, params: Params | None = None) -> tuple[Any, ...] | None:
        """The first row, if any."""
        cursor = await self._run(statement, params)
        return await cursor.fetchone()

    async def execute(self, statement: str, params: Params | None = None) -> int:
        """Runs a statement; how many rows it touched."""
        return (await self._run(statement, params)).rowcount

    async def script(self, statements: str) -> None:
        """Runs several statements without parameters, as provisioning and migrations do."""
        await self._begin()
        await self._connection.execute(statements.encode())

    async def copy(self, statement: str, rows: Iterable[Sequence[Any]]) -> int:
        """Streams rows into `COPY … FROM STDIN`; how many."""
        await self._begin()
        number = 0
        async with self._connection.cursor() as cursor, cursor.copy(statement.encode()) as copy:
            for row in rows:
                await copy.write_row(row)
                number += 1
        return number

    async def commit(self) -> None:
        """Makes it last. The next statement opens a new transaction of the same tenant."""
        await self._end(b"COMMIT")

    async def rollback(self) -> None:
        await self._end(b"ROLLBACK")

    async def _begin(self) -> None:
        if not self._open:
            self._open = True
            async with self._connection.pipeline():
                for part in self._opening:
                    await self._connection.execute(part)

    async def _run(self, statement: str, params: Params | None) -> AsyncCursor[TupleRow]:
        self.statements += 1
        started = time.perf_counter()
        try:
            if self._open:
                return await self._connection.execute(statement.encode(), params)
            self._open = True
            async with self._connection.pipeline():
                for part in self._opening:
                    await self._connection.execute(part)
                return await self._connection.execute(statement.encode(), params)
        finally:
            self.sql_seconds += time.perf_counter() - started

    async def _end(self, how: bytes) -> None:
        if self._open:
            self._open = False
            await self._connection.execute(how)


class Database:
    """A pool of connections under one login, which by itself may see no tenant."""

    def __init__(self, url: str, *, size: int = 8) -> None:
        self._seen: WeakKeyDictionary[AsyncConnection[TupleRow], set[int]] = WeakKeyDictionary()
        self._pool = AsyncConnectionPool(
            url,
            min_size=1,
            max_size=size,
            max_lifetime=CONNECTION_AGE_S,
            timeout=10,
            open=False,
            configure=_configure,
            kwargs={"autocommit": True, "options": OPTIONS},
        )

    async def open(self) -> None:
        await self._pool.open()

    async def close(self) -> None:
        await self._pool.close()

    @asynccontextmanager
    async def tenant(self, number: int) -> AsyncGenerator[Session]:
        """A unit of work in a tenant's schema under its role; rolled back unless committed (SEC-05)."""
        opening = (b"BEGIN", b"SET LOCAL ROLE t_%d" % number, b"SET LOCAL search_path = t_%d, crm" % number)
        async with self._pool.connection() as connection:
            seen = self._seen.setdefault(connection, set())
            seen.add(number)
            try:
                async with _ended(Session(connection, opening)) as session:
                    yield session
            finally:
                if len(seen) > CONNECTION_TENANTS:
                    await connection.close()

    @asynccontextmanager
    async def host(self) -> AsyncGenerator[Session]:
        """A unit of work on the host's own tables."""
        opening = (b"BEGIN", b"SET LOCAL search_path = host, crm")
        async with self._pool.connection() as connection, _ended(Session(connection, opening)) as session:
            yield session


@asynccontextmanager
async def _ended(session: Session) -> AsyncGenerator[Session]:
    try:
        yield session
    finally:
        await session.rollback()


async def _configure(connection: AsyncConnection[TupleRow]) -> None:
    connection.prepared_max = PREPARED_MAX
