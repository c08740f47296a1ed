"""A tenant of its own on a real PostgreSQL, for what the modules do with records."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import UUID

import pytest

from crm_domain.access.rights import Access
from crm_domain.modules import REGISTRY
from crm_domain.records.work import Work
from crm_domain.text.locale import Locale
from crm_storage.database import Database
from crm_storage.records.context import Context, Schema
from crm_storage.store import TenantStore
from crm_storage.tenants.cluster import LOGINS, prepare_cluster
from crm_storage.tenants.ddl import tenant_ddl
from sadra_cli.postgres import Postgres

ADMIN = UUID("0193a000-0000-7000-8000-000000000001")
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
TENANT = 1
SCHEMA = Schema(REGISTRY)
OPEN_TENANT = """
CREATE ROLE t_1 NOLOGIN; CREATE SCHEMA t_1 AUTHORIZATION t_1; SET LOCAL search_path = t_1, crm; SET LOCAL ROLE t_1;
"""
SEED = f"""
INSERT INTO users (id, user_name, last_name, name, status, user_type)
VALUES ('{ADMIN}', 'admin', 'A', 'A', 'active', 'administrator');
INSERT INTO currencies (id, name, symbol, iso4217, conversion_rate, status, is_base)
VALUES (uuidv7(), 'ریال', 'ریال', 'IRR', 1, 'active', true);
"""


class Clock:
    """Stands still unless a test moves it."""

    def __init__(self) -> None:
        self.time = NOW

    def now(self) -> datetime:
        return self.time


class Company:
    """The tenant's database, and units of work in it."""

    tenant = TENANT
    schema = SCHEMA

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = Clock()

    @asynccontextmanager
    async def work(self, access: Access | None = None) -> AsyncIterator[Work]:
        """Rolled back at the end, so that tests leave nothing behind."""
        async with self.database.tenant(TENANT) as self.session:
            yield self.within(access or Access(user=ADMIN, admin=True))

    def within(self, access: Access) -> Work:
        """Somebody's work in the transaction that is open."""
        context = Context(self.session, SCHEMA, access, "test", "")
        return Work(TenantStore(context, self.clock), REGISTRY, self.clock, Locale(), "IRR")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with Postgres(tmp_path_factory.mktemp("postgres"), fast=True) as postgres:
        asyncio.run(_open_tenant(postgres.url()))
        yield postgres.url()


@pytest.fixture
async def company(server: str) -> AsyncIterator[Company]:
    database = Database(server, size=2)
    await database.open()
    yield Company(database)
    await database.close()


async def _open_tenant(url: str) -> None:
    await prepare_cluster(url, dict.fromkeys(LOGINS, "a-long-password-for-tests"))
    database = Database(url, size=1)
    await database.open()
    async with database.host() as session:
        await session.script(OPEN_TENANT + tenant_ddl(REGISTRY) + SEED)
        await session.commit()
    await database.close()
