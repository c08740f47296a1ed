"""The data door: the only place that holds connections and hands out units of work (SEC-02).

Statements go to psycopg directly; SQLAlchemy builds them. Nothing relies on session state, so any pooler works.
"""

import time
from collections.abc import AsyncGenerator, AsyncIterable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from ipaddress import ip_address
from typing import Any
from weakref import WeakKeyDictionary

import msgspec
from psycopg import AsyncConnection, AsyncCursor, sql
from psycopg.rows import TupleRow
from psycopg.types.json import set_json_dumps, set_json_loads
from psycopg_pool import AsyncConnectionPool

set_json_dumps(msgspec.json.encode)
set_json_loads(msgspec.json.decode)

Connection = AsyncConnection[TupleRow]
Params = Mapping[str, Any]
CONNECTION_AGE_S = 600
CONNECTION_TENANTS = 50
"""A backend never gives back what it cached of a tenant's catalogue, about 1 MB, so it retires after so many tenants."""
PREPARED_MAX = 200
OPTIONS = "-c timezone=UTC -c statement_timeout=15s -c lock_timeout=3s -c idle_in_transaction_session_timeout=60s"
"""REL-21."""
SHARED_SCHEMA = "crm"
"""Functions and extensions that all tenants use."""
IN_HANDS_OF = "sadra.support"
"""What a unit of work says of the operator who acts in a user's place; the audit takes it from there."""
ASKED_FROM = "sadra.address"
"""What a unit of work says of where it was asked for; the audit takes it from there."""


class Session:
    """One transaction. It opens with the first statement, in the same round trip as its role and search path.

    A connection is taken when it opens and given back when it ends, so nobody holds one while he does something else.
    """

    def __init__(self, pool: "_Pool", opening: tuple[bytes, ...], tenant: int = 0) -> None:
        self._pool = pool
        self._opening = opening
        self._tenant = tenant
        self._connection: Connection | None = None
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
        connection = await self._begun()
        await connection.execute(statements.encode())

    async def copy(self, statement: str, rows: Iterable[Sequence[Any]]) -> int:
        """Streams rows into `COPY … FROM STDIN`; how many."""
        connection = await self._begun()
        number = 0
        async with connection.cursor() as cursor, cursor.copy(statement.encode()) as copy:
            for row in rows:
                await copy.write_row(row)
                number += 1
        return number

    async def pour(self, statement: str, rows: bytes) -> None:
        """Streams rows into `COPY … FROM STDIN` that are in its format already."""
        connection = await self._begun()
        async with connection.cursor() as cursor, cursor.copy(statement.encode()) as copy:
            await copy.write(rows)

    async def stream(self, statement: str, pieces: AsyncIterable[bytes]) -> None:
        """The same for what arrives piece by piece."""
        connection = await self._begun()
        async with connection.cursor() as cursor, cursor.copy(statement.encode()) as copy:
            async for piece in pieces:
                await copy.write(piece)

    async def copied(self, statement: str) -> AsyncGenerator[bytes]:
        """What `COPY … TO STDOUT` gives, a row at a time."""
        connection = await self._begun()
        async with connection.cursor() as cursor, cursor.copy(statement.encode()) as copy:
            async for row in copy:
                yield bytes(row)

    async def in_hands_of(self, operator: str) -> None:
        """From now on, also in later transactions, what is noted names this operator beside the user."""
        said = sql.SQL("SET LOCAL {} = {}").format(sql.SQL(IN_HANDS_OF), sql.Literal(operator)).as_bytes(None)
        self._opening += (said,)
        if self._connection is not None:
            await self._connection.execute(said)

    async def commit(self) -> None:
        """Makes it last. The next statement opens a new transaction of the same tenant."""
        await self._end(b"COMMIT")

    async def rollback(self) -> None:
        await self._end(b"ROLLBACK")

    async def _begun(self) -> Connection:
        if self._connection is None:
            self._connection = await self._pool.take(self._tenant)
            async with self._connection.pipeline():
                await self._send_opening(self._connection)
        return self._connection

    async def _run(self, statement: str, params: Params | None) -> AsyncCursor[TupleRow]:
        self.statements += 1
        started = time.perf_counter()
        try:
            if self._connection is not None:
                return await self._connection.execute(statement.encode(), params)
            self._connection = await self._pool.take(self._tenant)
            async with self._connection.pipeline():
                await self._send_opening(self._connection)
                return await self._connection.execute(statement.encode(), params)
        finally:
            self.sql_seconds += time.perf_counter() - started

    async def _send_opening(self, connection: Connection) -> None:
        for part in self._opening:
            await connection.execute(part)

    async def _end(self, how: bytes) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                await connection.execute(how)
            finally:
                await self._pool.give_back(connection)


class _Pool:
    """Connections, and which tenants each of them has served."""

    def __init__(self, url: str, size: int) -> None:
        self._seen: WeakKeyDictionary[Connection, set[int]] = WeakKeyDictionary()
        self.connections: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            url,
            min_size=1,
            max_size=size,
            max_lifetime=CONNECTION_AGE_S,
            timeout=10,
            open=False,
            configure=_configure,
            kwargs={"autocommit": True, "options": OPTIONS},
        )

    async def take(self, tenant: int) -> Connection:
        """A connection for a tenant, or for the host when that is 0."""
        connection = await self.connections.getconn()
        if tenant:
            self._seen.setdefault(connection, set()).add(tenant)
        return connection

    async def give_back(self, connection: Connection) -> None:
        """Retires a connection that has served many tenants."""
        if len(self._seen.get(connection, ())) > CONNECTION_TENANTS:
            await connection.close()
        await self.connections.putconn(connection)


class Database:
    """A pool of connections under one login, which by itself may see no tenant."""

    def __init__(self, url: str, *, size: int = 8) -> None:
        self._pool = _Pool(url, size)

    async def open(self) -> None:
        await self._pool.connections.open()

    async def close(self) -> None:
        await self._pool.connections.close()

    async def answers(self) -> None:
        """Returns when the database does, raises when not."""
        async with self.host() as session:
            await session.one("SELECT 1")

    @asynccontextmanager
    async def tenant(self, number: int, *, address: str = "") -> AsyncGenerator[Session]:
        """A unit of work in a tenant's schema under its role; rolled back unless committed (SEC-05).

        What it notes in the audit bears the address it was asked for from, where that is an IP address.
        """
        opening = (b"BEGIN", b"SET LOCAL ROLE t_%d" % number, b"SET LOCAL search_path = t_%d, crm" % number)
        async with _ended(Session(self._pool, opening + _asked_from(address), number)) as session:
            yield session

    @asynccontextmanager
    async def host(self) -> AsyncGenerator[Session]:
        """A unit of work on the host's own tables."""
        opening = (b"BEGIN", b"SET LOCAL search_path = host, crm")
        async with _ended(Session(self._pool, opening)) as session:
            yield session


def _asked_from(address: str) -> tuple[bytes, ...]:
    """Made anew from its bytes, so that nothing of the text reaches the statement."""
    try:
        plain = ip_address(ip_address(address).packed)
    except ValueError:
        return ()
    return (f"SET LOCAL {ASKED_FROM} = '{plain}'".encode(),)


@asynccontextmanager
async def _ended(session: Session) -> AsyncGenerator[Session]:
    try:
        yield session
    finally:
        await session.rollback()


async def _configure(connection: Connection) -> None:
    connection.prepared_max = PREPARED_MAX
