"""One installation on a real PostgreSQL for all tests of a process; each takes a company of its own from it."""

import tempfile
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Literal

import psycopg

from crm_domain.modules import REGISTRY
from crm_domain.tenancy import NewTenant, Tenant, schema_name
from crm_storage.database import SHARED_SCHEMA, Database
from crm_storage.people.seed import Administrator
from crm_storage.tables import metadata_of
from crm_storage.tenants.cluster import LOGINS
from crm_storage.tenants.install import install
from crm_storage.tenants.provision import provision
from sadra_cli.postgres import Postgres
from tests.loops import run

PASSWORD = "p" * 24


class Installation:
    """A database cluster that has been set up; `url` is its owner's."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._made = 0

    def login(self, name: str) -> str:
        """The address of an app's login."""
        scheme, _, rest = self.url.partition("://")
        return f"{scheme}://{name}:{PASSWORD}@{rest.partition('@')[2]}"

    @asynccontextmanager
    async def database(self, login: str = "", size: int = 4) -> AsyncGenerator[Database]:
        """The data door of a login, or of the owner."""
        database = Database(self.login(login) if login else self.url, size=size)
        await database.open()
        try:
            yield database
        finally:
            await database.close()

    async def tenant(
        self, database: Database, slug: str = "", language: Literal["fa", "en"] = "en", *, password_hash: str = "x"
    ) -> Tenant:
        """A new company that has everything; its slug is made up when none is given."""
        self._made += 1
        request = NewTenant(slug=slug or f"company-{self._made}", name="Company", language=language)
        admin = Administrator(email="boss@company.example", password_hash=password_hash, company="Company")
        return await provision(database, REGISTRY, request, admin, actor="tests")

    def empty_tenant(self) -> int:
        """The number of a new company whose tables are there but hold nothing."""

        async def opened() -> int:
            async with self.database() as database:
                return (await self.tenant(database)).number

        number = run(opened())
        self.empty(number)
        return number

    def empty(self, number: int) -> None:
        """Takes every row out of a company's tables, at once and without asking any rule."""
        tables = "; ".join(f'DELETE FROM "{table}"' for table in metadata_of(REGISTRY).tables)
        path = f"SET LOCAL search_path = {schema_name(number)}, {SHARED_SCHEMA}"
        with psycopg.connect(self.url) as connection:
            connection.execute(f"SET LOCAL session_replication_role = replica; {path}; {tables}".encode())


@contextmanager
def open_installation() -> Iterator[Installation]:
    """A cluster set up as a new installation is, gone afterwards.

    Its folder is none of pytest's, whose every start closes them to the account that the server runs under.
    """
    with (
        tempfile.TemporaryDirectory(prefix="sadra-tests-", ignore_cleanup_errors=True) as folder,
        Postgres(Path(folder) / "postgres", fast=True) as postgres,
    ):
        run(install(postgres.url(), dict.fromkeys(LOGINS, PASSWORD)))
        yield Installation(postgres.url())
