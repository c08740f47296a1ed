"""People of a file into their table, by all rules, with addresses and history, beside COPY of the same rows into that table
alone; and the same people changed by a second file, beside an UPDATE of that table from a copied one."""

import asyncio
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

sys.path.insert(0, str(Path(__file__).parents[2]))

from crm_domain.access.rights import Access
from crm_domain.meaning.voice import Voice
from crm_domain.messages.catalogue import catalogue
from crm_domain.modules import REGISTRY
from crm_domain.records import import_many
from crm_domain.records.imports import Plan
from crm_domain.records.work import Work
from crm_domain.text.locale import PERSIAN
from crm_storage.database import Database, Session
from crm_storage.records.context import Context, Schema
from crm_storage.store import TenantStore
from crm_worker.workshop import SystemClock
from tests.bench.bare import QUICK, report
from tests.installation import open_installation

ROWS = 2_000 if QUICK else 20_000
HEADS = ("first_name", "last_name", "emails", "account_name", "phone_mobile", "birthdate")
NOW = datetime.now(UTC)
VOICE = Voice(catalogue("fa"), PERSIAN, NOW)


CHANGED = ("first_name", "last_name", "name", "account_name", "phone_mobile", "birthdate", "modified_at", "version")


def row(number: int, turn: int) -> list[str]:
    return [
        f"مینا{number}", f"احمدی‌نژاد {number + turn}", f"p{number}@site{number % 17}.example",
        f"بازرگانی {number % 300 + turn}", f"۰۹۱۲{number + turn:07}", f"۱۳۶۰/۰۵/{12 + turn}",
    ]  # fmt: skip


SCHEMA = Schema(REGISTRY)


def working(session: Session, me: UUID) -> Work:
    store = TenantStore(Context(session, SCHEMA, Access(user=me, admin=True), "import", "b"), SystemClock())
    return Work(store, REGISTRY, SystemClock(), PERSIAN, "IRR")


async def imported(database: Database, tenant: int, module: str, me: UUID, *, turn: int = 0) -> float:
    """Seconds of the run, batch after batch, each committed. The first turn makes the people, a later one changes them."""
    plan = Plan(mapping=HEADS, mode="update", key="emails") if turn else Plan(mapping=HEADS)
    async with database.tenant(tenant) as session:
        work = working(session, me)
        table = [HEADS, *(row(number, turn) for number in range(ROWS))]
        id_ = await import_many.open_import(work, REGISTRY[module], VOICE, "people.csv", table)
        await import_many.plan(work, await work.store.imports.get(id_), plan)
        await import_many.begin(work, id_)
        await session.commit()
    started, number = time.perf_counter(), 1
    while number:
        async with database.tenant(tenant) as session:
            number = await import_many.batch(working(session, me), VOICE, id_)
            await session.commit()
    taken = time.perf_counter() - started
    async with database.tenant(tenant) as session:
        counts = await working(session, me).store.imports.counts(id_)
    assert counts == {"updated" if turn else "created": ROWS}, counts
    return taken


async def copied(database: Database, tenant: int, other: int, module: str) -> float:
    """Seconds of the same rows, every column that is not generated, into the other company's table with all its indexes."""
    columns = [column for column in SCHEMA.tables[module].c if not column.computed]
    names = ", ".join(f'"{column.name}"' for column in columns)
    texts = ", ".join(f'"{column.name}"::text' for column in columns)
    async with database.tenant(tenant) as session:
        rows = await session.rows(f'SELECT {texts} FROM "{module}" ORDER BY id DESC LIMIT {ROWS}')
    async with database.tenant(other) as session:
        started = time.perf_counter()
        assert await session.copy(f'COPY "{module}" ({names}) FROM STDIN', reversed(rows)) == ROWS
        await session.commit()
        return time.perf_counter() - started


async def changed(database: Database, tenant: int, other: int, module: str) -> float:
    """Seconds in which the other company's table gets the same new values from a copied table."""
    names = ", ".join(CHANGED)
    async with database.tenant(tenant) as session:
        rows = await session.rows(f'SELECT id::text, {"::text, ".join(CHANGED)}::text FROM "{module}" ORDER BY id')
    async with database.tenant(other) as session:
        started = time.perf_counter()
        await session.execute(f'CREATE TEMP TABLE fresh ON COMMIT DROP AS SELECT id, {names} FROM "{module}" LIMIT 0')
        await session.copy(f"COPY fresh (id, {names}) FROM STDIN", rows)
        sets = ", ".join(f"{name} = f.{name}" for name in CHANGED)
        number = await session.execute(f'UPDATE "{module}" t SET {sets} FROM fresh f WHERE t.id = f.id')
        assert number == ROWS
        await session.commit()
        return time.perf_counter() - started


def told(what: str, taken: float, floor: float, beside: str) -> None:
    speed = f"{ROWS / taken:,.0f} rows/s, {beside} {ROWS / floor:,.0f} rows/s, {floor / taken:.0%} of it"
    print(f"{what}: {speed}", file=sys.stderr)
    report(f"{what}, one row of six columns", 1e6 * taken / ROWS, "µs", 1e6 * floor / ROWS)


async def main() -> None:
    with open_installation() as installation:
        async with installation.database() as database:
            tenant, other = [await installation.tenant(database, language="fa") for _ in range(2)]
            async with database.tenant(tenant.number) as session:
                [(me,)] = await session.rows("SELECT id FROM users WHERE user_name = 'admin'")
            for module in ("targets", "leads"):
                taken = await imported(database, tenant.number, module, me)
                floor = await copied(database, tenant.number, other.number, module)
                told(f"import into {module}", taken, floor, "COPY")
                taken = await imported(database, tenant.number, module, me, turn=1)
                floor = await changed(database, tenant.number, other.number, module)
                told(f"change of {module} by a file", taken, floor, "UPDATE")


if __name__ == "__main__":
    asyncio.run(main())
