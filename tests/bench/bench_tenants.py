"""Many tenants: opening one, bringing all to the next revision, and what their pages leave in the database's memory."""

import asyncio
import shutil
import tempfile
import time
from pathlib import Path

import psutil
import psycopg

from crm_domain.modules import REGISTRY
from crm_domain.tenancy import Tenant
from crm_storage.tenants.ddl import tenant_ddl
from crm_storage.tenants.migrate import migrate_tenants
from crm_storage.tenants.revisions import FOLDER, TENANT, History
from tests.bench.stage import QUICK, open_stage, report
from tests.inside import Inside

TENANTS = 20 if QUICK else 200
COLUMN = "ALTER TABLE teams ADD COLUMN motto text"
INDEX = "CREATE INDEX ix_teams_motto ON teams (motto)"
NEXT = f'''"""Another column."""

from alembic import op

revision = "9999"
down_revision = "{{head}}"


def upgrade() -> None:
    op.execute("{COLUMN}")
    op.execute("{INDEX}")
'''
PAGES = ("/", "/accounts", "/contacts", "/opportunities?sort=-amount")
BACKENDS = "SELECT pid FROM pg_stat_activity WHERE usename = 'sadra_web' AND backend_type = 'client backend'"
MB = 1024 * 1024


async def main() -> None:
    async with open_stage() as stage:
        tenants, took = await opened(stage)
        report("opening a tenant, against its tables' statements", took, "s", bare_tables(stage.installation.url))
        await memory(stage, tenants)
        await asyncio.to_thread(migration, stage.installation.url, tenants)


async def opened(stage: Inside) -> tuple[list[Tenant], float]:
    """So many tenants, and the median time for one."""
    tenants: list[Tenant] = []
    times: list[float] = []
    async with stage.installation.database() as database:
        for number in range(TENANTS):
            started = time.perf_counter()
            tenants.append(await stage.installation.tenant(database, f"tenant-{number}"))
            times.append(time.perf_counter() - started)
    return tenants, sorted(times)[len(times) // 2]


def bare_tables(url: str) -> float:
    """Seconds for the tables of one tenant alone; the median of five."""
    times: list[float] = []
    with psycopg.connect(url) as connection:
        for _ in range(5):
            started = time.perf_counter()
            connection.execute(b"CREATE SCHEMA bare; SET LOCAL search_path = bare, crm")
            connection.execute(tenant_ddl(REGISTRY).encode())
            times.append(time.perf_counter() - started)
            connection.rollback()
    return sorted(times)[len(times) // 2]


async def memory(stage: Inside, tenants: list[Tenant]) -> None:
    """The largest of the web app's database processes after pages of all tenants in turn, against a new one."""
    for tenant in tenants:
        reader = await stage.sign_in(tenant.slug, tenant.number)
        for page in PAGES:
            await reader.ask(page)
    with psycopg.connect(stage.installation.login("sadra_web"), autocommit=True) as fresh:
        fresh.execute(b"SELECT 1")
        floor = psutil.Process(fresh.info.backend_pid).memory_full_info().uss / MB
        with psycopg.connect(stage.installation.url) as owner:
            pids = [pid for (pid,) in owner.execute(BACKENDS.encode()) if pid != fresh.info.backend_pid]
    largest = max(psutil.Process(pid).memory_full_info().uss for pid in pids) / MB
    report(f"a database process after pages of {len(tenants)} tenants", largest, "MB", floor)


def migration(url: str, tenants: list[Tenant]) -> None:
    """The runner over all tenants, against their statements one tenant after the other on one connection."""
    with psycopg.connect(url, autocommit=True) as connection:
        started = time.perf_counter()
        for tenant in tenants:
            with connection.transaction():
                connection.execute(f"SET LOCAL ROLE {tenant.schema}; SET LOCAL search_path = {tenant.schema}".encode())
                connection.execute(f"{COLUMN}; {INDEX}".encode())
        floor = time.perf_counter() - started
        for tenant in tenants:
            connection.execute(f"ALTER TABLE {tenant.schema}.teams DROP COLUMN motto".encode())
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(FOLDER / "tenant", Path(folder) / "tenant")
        (Path(folder) / "tenant/versions/9999_motto.py").write_text(NEXT.format(head=TENANT.head))
        history = History("tenant", Path(folder))
        started = time.perf_counter()
        done = migrate_tenants(url, history=history)
        took = time.perf_counter() - started
    assert len(done.done) == len(tenants), done.failed
    report(f"migrating {len(tenants)} tenants", took, "s", floor)


if __name__ == "__main__":
    asyncio.run(main())
