"""What PostgreSQL itself lets each role do: twenty companies by every table by every role (SEC-02, SEC-03)."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege, UndefinedTable

from crm_storage.tenants.cluster import LOGINS, TENANT_LOGINS
from tests.installation import Installation
from tests.loops import run

COMPANIES = 20
MATRIX = """
SELECT r.rolname, n.nspname, c.relname, p.privilege
FROM pg_roles r, pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
  unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN']) AS p (privilege)
WHERE (r.rolname = ANY (%(logins)s) OR r.rolname ~ '^t_[0-9]+$') AND n.nspname ~ '^t_[0-9]+$' AND c.relkind = 'r'
  AND has_table_privilege(r.oid, c.oid, p.privilege)
"""
SEQUENCES = """
SELECT r.rolname, n.nspname FROM pg_roles r, pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE (r.rolname = ANY (%(logins)s) OR r.rolname ~ '^t_[0-9]+$') AND n.nspname ~ '^t_[0-9]+$' AND c.relkind = 'S'
  AND has_sequence_privilege(r.oid, c.oid, 'USAGE, SELECT, UPDATE')
"""
SCHEMAS = """
SELECT r.rolname, n.nspname FROM pg_roles r, pg_namespace n
WHERE (r.rolname = ANY (%(logins)s) OR r.rolname ~ '^t_[0-9]+$') AND n.nspname !~ '^pg_'
  AND n.nspname NOT IN ('information_schema') AND has_schema_privilege(r.oid, n.oid, %(privilege)s)
"""
BECOMES = """
SELECT r.rolname, t.rolname FROM pg_roles r, pg_roles t
WHERE (r.rolname = ANY (%(logins)s) OR r.rolname ~ '^t_[0-9]+$') AND t.rolname <> r.rolname
  AND pg_has_role(r.oid, t.oid, 'SET')
"""
OWNS = """
SELECT r.rolname, c.oid::regclass::text FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner
WHERE r.rolname = ANY (%(logins)s)
"""
CROSSING = """
SELECT k.conname FROM pg_constraint k JOIN pg_class a ON a.oid = k.conrelid JOIN pg_class b ON b.oid = k.confrelid
WHERE k.contype = 'f' AND a.relnamespace <> b.relnamespace
"""
REACHING = """
SELECT r.rolname, p.oid::regprocedure::text FROM pg_roles r, pg_proc p
WHERE (r.rolname = ANY (%(logins)s) OR r.rolname ~ '^t_[0-9]+$') AND has_function_privilege(r.oid, p.oid, 'EXECUTE')
  AND p.proname ~ ('^(set_config|pg_sleep.*|lo_.*|loread|lowrite|pg_read_.*|pg_ls_.*|pg_stat_file|dblink.*'
    || '|(query|table|schema|database|cursor)_to_xml.*)$')
"""
LOGIN_LIST = {"logins": list(LOGINS)}
Pairs = set[tuple[str, str]]


@pytest.fixture(scope="module")
def owner(installation: Installation) -> Iterator[psycopg.Connection]:
    async def fill() -> None:
        async with installation.database("sadra_host") as host, installation.database() as owner:
            for number in range(COMPANIES):
                await installation.tenant(host if number % 2 else owner, f"matrix-{number}")

    run(fill())
    with psycopg.connect(installation.url, autocommit=True) as connection:
        yield connection


def companies(owner: psycopg.Connection) -> set[str]:
    return {f"t_{number}" for (number,) in owner.execute("SELECT number FROM host.tenant").fetchall()}


def pairs(owner: psycopg.Connection, statement: str, **facts: str) -> Pairs:
    return set(owner.execute(statement.encode(), {**LOGIN_LIST, **facts}).fetchall())


def test_sec_03_only_a_companys_own_role_may_anything_in_it(owner: psycopg.Connection) -> None:
    found = owner.execute(MATRIX, LOGIN_LIST).fetchall()
    tables = {(schema, table) for _, schema, table, _ in found}
    assert len(companies(owner)) >= COMPANIES
    assert {schema for schema, _ in tables} == companies(owner)
    assert {(role, schema) for role, schema, _, _ in found} == {(name, name) for name in companies(owner)}
    assert pairs(owner, SEQUENCES) == {(name, name) for name in companies(owner)}


def test_sec_03_schemas_are_open_to_whom_they_belong(owner: psycopg.Connection) -> None:
    own = {(name, name) for name in companies(owner)}
    everybody = {(role, schema) for role in (*LOGINS, *companies(owner)) for schema in ("crm", "public")}
    host = {(login, "host") for login in LOGINS}
    assert pairs(owner, SCHEMAS, privilege="USAGE") == own | everybody | host
    assert pairs(owner, SCHEMAS, privilege="CREATE") == own


def test_sec_02_only_web_worker_and_host_admin_may_take_a_companys_role(owner: psycopg.Connection) -> None:
    takers = (*TENANT_LOGINS, "sadra_host")
    assert pairs(owner, BECOMES) == {(login, name) for login in takers for name in companies(owner)}


def test_sec_03_the_apps_own_nothing(owner: psycopg.Connection) -> None:
    assert pairs(owner, OWNS) == set()


def test_sec_03_nobody_may_call_what_reaches_out(owner: psycopg.Connection) -> None:
    assert pairs(owner, REACHING) == set()


def test_rel_42_no_foreign_key_crosses_schemas(owner: psycopg.Connection) -> None:
    assert owner.execute(CROSSING).fetchall() == []


@pytest.mark.parametrize("login", LOGINS)
def test_sec_02_a_login_by_itself_sees_no_table(
    installation: Installation, owner: psycopg.Connection, login: str
) -> None:
    found = owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = ANY (%s)", (list(companies(owner)),))
    tables = {name for (name,) in found.fetchall()}
    name = min(companies(owner))
    with psycopg.connect(installation.login(login), autocommit=True) as connection:
        for table in tables:
            with pytest.raises(UndefinedTable):
                connection.execute(f"SELECT FROM {table}".encode())
            with pytest.raises(InsufficientPrivilege):
                connection.execute(f"SELECT FROM {name}.{table}".encode())


def test_sec_02_within_a_company_another_ones_role_cannot_be_taken(
    installation: Installation, owner: psycopg.Connection
) -> None:
    one, other = sorted(companies(owner))[:2]
    with psycopg.connect(installation.login("sadra_tracker")) as tracker, pytest.raises(InsufficientPrivilege):
        tracker.execute(f"SET LOCAL ROLE {one}".encode())
    with psycopg.connect(installation.login("sadra_web")) as web:
        web.execute(f"SET LOCAL ROLE {one}".encode())
        with pytest.raises(InsufficientPrivilege):
            web.execute(f"SELECT FROM {other}.users".encode())
