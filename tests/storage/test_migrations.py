"""Migrations and definitions lead to the same tables (REL-32)."""

from collections.abc import Iterator

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from crm_domain.modules import REGISTRY
from crm_domain.problems import BadValue
from crm_domain.tenancy import NewTenant
from crm_storage.database import Database
from crm_storage.people.seed import Administrator
from crm_storage.tenants import migrate
from crm_storage.tenants.cluster import LOGINS
from crm_storage.tenants.ddl import host_ddl, tenant_ddl
from crm_storage.tenants.install import install
from crm_storage.tenants.provision import provision
from crm_storage.tenants.revisions import HOST, TENANT
from crm_storage.tenants.targets import host_metadata, tenant_metadata
from sadra_cli.postgres import Postgres
from tests.loops import run


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with Postgres(tmp_path_factory.mktemp("migrations"), fast=True) as postgres:
        run(install(postgres.url(), dict.fromkeys(LOGINS, "w" * 24)))
        yield postgres.url()


def test_migrations_rel_32_the_first_revisions_are_what_the_definitions_make() -> None:
    for history, ddl in ((HOST, host_ddl()), (TENANT, tenant_ddl(REGISTRY))):
        written = (history.folder / "versions" / "0001_first.sql").read_text("utf-8")
        assert sorted(written.split(";\n")) == sorted(ddl.split(";\n"))


def test_migrations_rel_32_a_provisioned_tenant_has_nothing_to_migrate(url: str) -> None:
    async def open_one() -> int:
        database = Database(url, size=1)
        await database.open()
        admin = Administrator(email="a@b.example", password_hash="x")
        tenant = await provision(database, REGISTRY, NewTenant(slug="acme-one", name="Acme"), admin, actor="t")
        await database.close()
        return tenant.number

    number = run(open_one())
    with migrate._connected(url, number) as connection:
        assert compare_metadata(MigrationContext.configure(connection), tenant_metadata()) == []
    options = {
        "include_schemas": True,
        "version_table_schema": "host",
        "include_name": lambda n, t, _: t != "schema" or n == "host",
    }
    with migrate._connected(url) as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts=options), host_metadata()) == []


def test_rel_33_a_slug_in_use_leaves_nothing_behind(url: str) -> None:
    async def again() -> None:
        database = Database(url, size=1)
        await database.open()
        try:
            await provision(
                database,
                REGISTRY,
                NewTenant(slug="acme-one", name="Acme"),
                Administrator(email="a@b.example"),
                actor="t",
            )
        finally:
            await database.close()

    with psycopg.connect(url) as connection:
        before = connection.execute("SELECT count(*) FROM pg_namespace").fetchone()
    with pytest.raises(BadValue):
        run(again())
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM pg_namespace").fetchone() == before
