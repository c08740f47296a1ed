"""Migrated is provisioned, and a run that meets trouble goes on without it (REL-32)."""

import re
import shutil
from io import StringIO
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from crm_domain.modules import REGISTRY
from crm_storage.tenants.ddl import APPEND_ONLY, RIGHTS, host_ddl, tenant_ddl
from crm_storage.tenants.migrate import Report, migrate_host, migrate_tenants
from crm_storage.tenants.revise import comparable, write_revision
from crm_storage.tenants.revisions import FOLDER, HOST, TENANT, History
from crm_storage.tenants.targets import HOST_OPTIONS, host_metadata, tenant_metadata
from tests.installation import Installation
from tests.loops import run
from tests.storage.tenants.catalogue import describe

TAKEN = ("UPDATE", "DELETE", "TRUNCATE")


@pytest.fixture
def numbers(installation: Installation) -> list[int]:
    """Six companies at today's revision."""

    async def opened() -> list[int]:
        async with installation.database() as database:
            return [(await installation.tenant(database)).number for _ in range(6)]

    return run(opened())


@pytest.fixture
def behind(numbers: list[int], brought_back: None) -> list[int]:
    """The same, and brought back to today's revision afterwards."""
    return numbers


def versions(owner: psycopg.Connection, number: int) -> tuple[str, str]:
    """What the registry and the tenant's own schema say."""
    [(registry,)] = owner.execute("SELECT schema_version FROM host.tenant WHERE number = %s", (number,)).fetchall()
    [(own,)] = owner.execute(f"SELECT version_num FROM t_{number}.alembic_version".encode()).fetchall()
    return registry, own


def test_rel_32_migrated_tenants_are_provisioned_tenants(owner: psycopg.Connection) -> None:
    with owner.transaction(force_rollback=True):
        owner.execute("CREATE SCHEMA migrated; SET LOCAL search_path = migrated, crm")
        owner.execute((TENANT.script("") + RIGHTS).encode())
        owner.execute("CREATE SCHEMA provisioned; SET LOCAL search_path = provisioned, crm")
        owner.execute(tenant_ddl(REGISTRY).encode())
        migrated, provisioned = describe(owner, "migrated"), describe(owner, "provisioned")
    assert [line for line in migrated if "alembic_version" not in line] == provisioned


def test_rel_32_the_migrated_host_is_what_the_definitions_make(owner: psycopg.Connection) -> None:
    migrated = [line for line in describe(owner, "host") if not line.startswith("right ")]
    with owner.transaction(force_rollback=True):
        owner.execute("DROP SCHEMA host CASCADE; CREATE SCHEMA host")
        owner.execute(host_ddl().encode())
        defined = [line for line in describe(owner, "host") if not line.startswith("right ")]
    assert [line for line in migrated if "alembic_version" not in line] == defined


@pytest.mark.parametrize(
    ("history", "metadata", "options"), [(HOST, host_metadata(), HOST_OPTIONS), (TENANT, tenant_metadata(), {})]
)
def test_migrations_leave_autogenerate_nothing_to_write(
    installation: Installation, history: History, metadata: object, options: dict[str, object]
) -> None:
    with comparable(installation.url, history) as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []


def test_rel_32_provisioned_tenants_have_nothing_to_migrate(installation: Installation, numbers: list[int]) -> None:
    assert len(numbers) == 6
    migrate_host(installation.url)
    assert migrate_tenants(installation.url) == Report()


def test_rel_32_a_relation_begins_with_what_the_link_field_held_whose_place_it_took(owner: psycopg.Connection) -> None:
    former, before, after = StringIO(), UUID(int=1), UUID(int=2)
    command.upgrade(TENANT.config(former), "base:0056", sql=True)
    task = "INSERT INTO project_tasks (id, name, predecessor, relationship, lag) VALUES (%s, 'Step', %s, %s, %s)"
    with owner.transaction(force_rollback=True):
        owner.execute("CREATE SCHEMA kept; SET LOCAL search_path = kept, crm")
        owner.execute(former.getvalue().encode())
        owner.execute(task, (before, None, "fs", None))
        owner.execute(task, (after, before, "ss", 2))
        owner.execute("SET CONSTRAINTS ALL IMMEDIATE")
        owner.execute(TENANT.script("0056").encode())
        found = owner.execute("SELECT left_id, right_id, relationship, lag FROM project_task_waits").fetchall()
    assert found == [(after, before, "ss", 2)]


def _rights(owner: psycopg.Connection, number: int) -> list[str]:
    return [line for line in describe(owner, f"t_{number}") if line.startswith("right ")]


def test_rel_32_sec_52_many_at_once_each_in_its_own_schema_with_no_more_rights_than_provisioned(
    installation: Installation, owner: psycopg.Connection, coming: History, behind: list[int]
) -> None:
    provisioned = _rights(owner, behind[1])
    owner.execute(f"GRANT ALL ON t_{behind[0]}.audit_event, t_{behind[0]}.audit_seal TO t_{behind[0]}".encode())
    report = migrate_tenants(installation.url, workers=4, history=coming)
    assert report.failed == {}
    assert set(report.done) >= set(behind)
    assert "right teams UPDATE of the owner" in provisioned
    assert not any(f"{table} {right}" in line for line in provisioned for table in APPEND_ONLY for right in TAKEN)
    for number in behind:
        assert versions(owner, number) == ("9999", "9999")
        assert _rights(owner, number) == provisioned
        found = owner.execute(
            "SELECT tableowner, column_default FROM pg_tables, information_schema.columns WHERE schemaname = %(schema)s"
            " AND tablename = 'teams' AND table_schema = %(schema)s AND table_name = 'teams' AND column_name = 'motto'",
            {"schema": f"t_{number}"},
        ).fetchall()
        assert found == [(f"t_{number}", "'50%: x'::text")]
    assert migrate_tenants(installation.url, history=coming) == Report()


def test_rel_32_a_migration_gives_shipped_roles_their_rights_on_new_modules(
    installation: Installation, owner: psycopg.Connection, coming: History, behind: list[int]
) -> None:
    schema = f"t_{behind[0]}"
    named = f"SELECT grants -> 'invitees' FROM {schema}.role WHERE shipped = 'sales_rep'".encode()
    shipped = owner.execute(named).fetchone()
    owner.execute(f"UPDATE {schema}.role SET grants = grants - 'invitees' WHERE shipped IS NOT NULL".encode())
    owner.execute(f"UPDATE {schema}.setting SET value = value - 'invitees' WHERE key = 'offered_rights'".encode())
    assert owner.execute(named).fetchone() == (None,)
    assert migrate_tenants(installation.url, history=coming).failed == {}
    assert owner.execute(named).fetchone() == shipped != (None,)


def test_rel_32_a_failing_tenant_is_set_aside_and_taken_up_again(
    installation: Installation, owner: psycopg.Connection, coming: History, behind: list[int]
) -> None:
    broken = behind[2]
    owner.execute(f"CREATE INDEX ix_teams_motto ON t_{broken}.teams (name)".encode())
    report = migrate_tenants(installation.url, history=coming)
    assert list(report.failed) == [broken]
    assert "ix_teams_motto" in report.failed[broken]
    assert set(behind) - set(report.done) == {broken}
    assert versions(owner, broken) == (TENANT.head, TENANT.head)
    noted = owner.execute("SELECT error FROM host.migration WHERE tenant = %s", (broken,)).fetchone()
    assert noted == (report.failed[broken],)
    columns = describe(owner, f"t_{broken}")
    assert not any("motto" in line and "column" in line for line in columns)
    owner.execute(f"DROP INDEX t_{broken}.ix_teams_motto".encode())
    assert migrate_tenants(installation.url, history=coming) == Report(done=[broken])
    assert versions(owner, broken) == ("9999", "9999")


def test_rel_32_a_tenant_whose_tables_are_held_makes_nobody_wait(
    installation: Installation, owner: psycopg.Connection, coming: History, behind: list[int]
) -> None:
    held = behind[0]
    with psycopg.connect(installation.url) as reader:
        reader.execute(f"LOCK TABLE t_{held}.teams IN ACCESS SHARE MODE".encode())
        report = migrate_tenants(installation.url, history=coming)
    assert list(report.failed) == [held]
    assert "LockNotAvailable" in report.failed[held]
    assert migrate_tenants(installation.url, history=coming) == Report(done=[held])
    assert versions(owner, held) == ("9999", "9999")


def test_rel_32_a_tenant_of_a_later_release_is_reported_and_left_alone(
    installation: Installation, owner: psycopg.Connection, behind: list[int]
) -> None:
    owner.execute("UPDATE host.tenant SET schema_version = '8888' WHERE number = %s", (behind[1],))
    report = migrate_tenants(installation.url)
    assert report.done == []
    assert "8888" in report.failed[behind[1]]


def test_migrations_the_next_revision_writes_itself(installation: Installation, tmp_path: Path) -> None:
    shutil.copytree(FOLDER / "tenant", tmp_path / "tenant")
    first = tmp_path / "tenant" / "versions" / "0001_first.sql"
    for later in first.parent.glob("*.py"):
        if later.stem != first.stem:
            later.unlink()
    gone = re.compile(r"ix_team_member_team|TABLE leads|ON leads|REFERENCES leads|CREATE TABLE \w*_leads|ON \w+_leads")
    without = [part for part in first.read_text().split(";\n") if not gone.search(part)]
    first.write_text(";\n".join(without).replace("  description TEXT,\n", "", 1))
    write_revision(installation.url, History("tenant", tmp_path), "what was left out")
    [written] = (tmp_path / "tenant" / "versions").glob("0002_what_was_left_out.sql")
    text = written.read_text()
    assert "ALTER TABLE accounts ADD COLUMN description TEXT" in text
    assert text.count("ix_team_member_team") == 1
    assert "CREATE TABLE leads" in text
    assert text.count("CREATE INDEX ix_leads_name") == 1
    migrated = History("tenant", tmp_path)
    assert migrated.head == "0002"
    assert not write_revision(installation.url, migrated, "nothing")


def test_migrations_a_numbered_field_of_an_old_table_brings_its_sequence(
    installation: Installation, tmp_path: Path
) -> None:
    shutil.copytree(FOLDER / "tenant", tmp_path / "tenant")
    for file in (tmp_path / "tenant" / "versions").glob("*.sql"):
        kept = [part for part in file.read_text().split(";\n") if "link_number" not in part]
        file.write_text(";\n".join(kept))
    before = int(History("tenant", tmp_path).head)
    write_revision(installation.url, History("tenant", tmp_path), "numbers")
    [written] = (tmp_path / "tenant" / "versions").glob(f"{before + 1:04d}_numbers.sql")
    text = written.read_text()
    assert text.index("CREATE SEQUENCE tracker_urls_link_number_seq") < text.index("ADD COLUMN link_number")
    assert not write_revision(installation.url, History("tenant", tmp_path), "nothing")
