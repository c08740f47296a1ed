"""A demo company of a hundred thousand records, against its tables' rows copied into another tenant's as they are."""

import asyncio
import time
from datetime import UTC, datetime

import psycopg

from crm_domain.modules import REGISTRY
from crm_domain.tenancy import Tenant
from crm_storage.demo import load_demo
from crm_storage.records.context import Schema
from tests.bench.stage import QUICK, open_stage, report

SCALE = 5 if QUICK else 50
"""About two thousand records each."""
FILLED = """
SELECT c.relname, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = %(schema)s::regnamespace AND c.relkind = 'r' AND a.attgenerated = ''
  AND c.relname <> 'alembic_version'
GROUP BY c.relname
"""


async def main() -> None:
    async with open_stage() as stage:
        async with stage.installation.database() as database:
            loaded = await stage.installation.tenant(database, "loaded", "fa")
            bare = await stage.installation.tenant(database, "bare", "fa")
            stage.installation.empty(bare.number)
            started, now = time.perf_counter(), datetime.now(UTC)
            number = await load_demo(
                database, loaded.number, Schema(REGISTRY), scale=SCALE, seed=1, language="fa", now=now
            )
            took = time.perf_counter() - started
        floor = await asyncio.to_thread(copied, stage.installation.url, loaded, bare)
        report(f"demo of {number:,} records, against COPY of all its rows", took, "s", floor)


def copied(url: str, source: Tenant, target: Tenant) -> float:
    """Seconds for the rows of all tables, written in advance, into the same tables with the same indexes."""
    with psycopg.connect(url) as connection:
        tables = connection.execute(FILLED.encode(), {"schema": source.schema}).fetchall()
        data: dict[str, bytes] = {}
        for table, columns in tables:
            with connection.cursor().copy(f'COPY {source.schema}."{table}" ({columns}) TO STDOUT'.encode()) as copy:
                data[table] = b"".join(bytes(part) for part in copy)
        connection.execute(b"SET session_replication_role = replica")
        connection.execute(f"SET search_path = {target.schema}, crm".encode())
        started = time.perf_counter()
        for table, columns in tables:
            with connection.cursor().copy(f'COPY "{table}" ({columns}) FROM STDIN'.encode()) as copy:
                copy.write(data[table])
        connection.commit()
        return time.perf_counter() - started


if __name__ == "__main__":
    asyncio.run(main())
