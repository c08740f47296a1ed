"""One installation on a real PostgreSQL, reached by each login with its own password."""

from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from crm_domain.modules import REGISTRY
from crm_domain.tenancy import NewTenant, Tenant
from crm_storage.database import Database
from crm_storage.people.seed import Administrator
from crm_storage.tenants.cluster import LOGINS
from crm_storage.tenants.install import install
from crm_storage.tenants.provision import provision
from sadra_cli.postgres import Postgres
from tests.loops import run

PASSWORD = "p" * 24


@dataclass
class Installation:
    """A database cluster that has been set up; `url` is its owner's."""

    url: str
    _made: list[str] = field(default_factory=list)

    def login(self, name: str) -> str:
        """The address of an app's login."""
        scheme, _, rest = self.url.partition("://")
        return f"{scheme}://{name}:{PASSWORD}@{rest.partition('@')[2]}"

    @asynccontextmanager
    async def database(self, login: str = "") -> AsyncGenerator[Database]:
        """The data door of a login, or of the owner."""
        database = Database(self.login(login) if login else self.url, size=4)
        await database.open()
        try:
            yield database
        finally:
            await database.close()

    async def tenant(self, database: Database, slug: str = "", language: str = "en") -> Tenant:
        """A new company that has everything; its slug is made up when none is given."""
        self._made.append(slug)
        request = NewTenant(slug=slug or f"company-{len(self._made)}", name="Company", language=language)  # type: ignore[arg-type]
        admin = Administrator(email="boss@company.example", password_hash="x", company="Company")
        return await provision(database, REGISTRY, request, admin, actor="tests")


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with Postgres(tmp_path_factory.mktemp("installation"), fast=True) as postgres:
        run(install(postgres.url(), dict.fromkeys(LOGINS, PASSWORD)))
        yield Installation(postgres.url())


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
