"""The data door: a connection belongs to a unit of work only while a transaction is open."""

from collections.abc import AsyncIterator

import pytest
from psycopg import Error

from crm_storage import database as door
from crm_storage.database import Database
from crm_storage.failures import UNAVAILABLE
from tests.installation import Installation

PID = "SELECT pg_backend_pid()"


@pytest.fixture(scope="module")
def number(installation: Installation) -> int:
    return installation.empty_tenant()


@pytest.fixture
async def narrow(installation: Installation) -> AsyncIterator[Database]:
    """A pool of one connection: whoever holds it lets nobody else work."""
    async with installation.database("sadra_web", size=1) as database:
        yield database


async def test_between_transactions_others_may_have_the_connection(narrow: Database, number: int) -> None:
    async with narrow.tenant(number) as slow, narrow.tenant(number) as other:
        await slow.execute("INSERT INTO teams (id, name) VALUES (uuidv7(), 'kept')")
        await slow.commit()
        assert await other.one("SELECT name FROM teams") == ("kept",)
        await other.rollback()
        await slow.execute("DELETE FROM teams")
        await slow.rollback()
        assert await other.one("SELECT count(*) FROM teams") == (1,)


async def test_a_connection_is_back_after_whatever_went_wrong(narrow: Database, number: int) -> None:
    for wrong in ("SELECT 1 / 0", "SELECT FROM nowhere", "SELEC"):
        with pytest.raises(Error):
            async with narrow.tenant(number) as session:
                await session.one(wrong)
    async with narrow.tenant(number) as session:
        assert await session.one("SELECT 1") == (1,)


async def test_rel_34_a_connection_retires_after_many_tenants(
    narrow: Database, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "CONNECTION_TENANTS", 0)
    async with narrow.tenant(number) as session:
        first = await session.one(PID)
    async with narrow.tenant(number) as session:
        assert await session.one(PID) != first


async def test_rel_21_every_wait_for_the_database_has_its_limit(narrow: Database, number: int) -> None:
    names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
    async with narrow.tenant(number) as session:
        assert [await session.one(f"SHOW {name}") for name in names] == [("15s",), ("3s",), ("1min",)]


async def test_rel_21_who_waits_for_a_row_too_long_is_told_to_try_again(
    installation: Installation, narrow: Database, number: int
) -> None:
    async with installation.database() as others, others.tenant(number) as holder:
        await holder.execute("INSERT INTO teams (id, name) VALUES (uuidv7(), 'held')")
        await holder.commit()
        await holder.execute("UPDATE teams SET name = 'mine' WHERE name = 'held'")
        with pytest.raises(UNAVAILABLE):
            async with narrow.tenant(number) as session:
                await session.execute("SET LOCAL lock_timeout = '20ms'")
                await session.execute("UPDATE teams SET name = 'theirs' WHERE name = 'held'")
        await holder.execute("DELETE FROM teams WHERE name = 'mine'")
        await holder.commit()
    async with narrow.tenant(number) as session:
        assert await session.one("SELECT 1") == (1,), "and the connection is there for the next one"
