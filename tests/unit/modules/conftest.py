"""A tenant of its own on a real PostgreSQL, for what the modules do with records."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import UUID

import psycopg
import pytest
from tests.installation import Installation

from crm_domain.access.rights import Access
from crm_domain.keys import KeyRing
from crm_domain.modules import REGISTRY
from crm_domain.records.work import Work
from crm_domain.text.locale import Locale
from crm_storage.database import Database
from crm_storage.records.context import Context, Schema
from crm_storage.sealing import Seals
from crm_storage.store import TenantStore
from crm_storage.vault import Vault

ADMIN = UUID("0193a000-0000-7000-8000-000000000001")
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
SCHEMA = Schema(REGISTRY)
SEALS = Seals(KeyRing("an installation key for tests"))
SEED = f"""
SET LOCAL search_path = t_{{number}}, crm;
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

    schema = SCHEMA

    def __init__(self, database: Database, tenant: int) -> None:
        self.database = database
        self.tenant = tenant
        self.vault = Vault(SEALS, tenant)
        self.clock = Clock()

    @asynccontextmanager
    async def work(self, access: Access | None = None) -> AsyncIterator[Work]:
        """Rolled back at the end, so that tests leave nothing behind."""
        async with self.database.tenant(self.tenant) as self.session:
            yield self.within(access or Access(user=ADMIN, admin=True))

    def within(self, access: Access) -> Work:
        """Somebody's work in the transaction that is open."""
        context = Context(self.session, SCHEMA, access, "test", "", self.vault)
        return Work(TenantStore(context, self.clock), REGISTRY, self.clock, Locale(), "IRR")


@pytest.fixture(scope="session")
def number(installation: Installation) -> int:
    """A company with an administrator and rials, and nothing else."""
    number = installation.empty_tenant()
    with psycopg.connect(installation.url) as connection:
        connection.execute(SEED.format(number=number).encode())
    return number


@pytest.fixture
async def company(installation: Installation, number: int) -> AsyncIterator[Company]:
    async with installation.database(size=2) as database:
        yield Company(database, number)
