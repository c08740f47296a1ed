"""Preparing a database cluster: the shared schema, the logins of the apps, and what nobody may call (SEC-03)."""

from collections.abc import Mapping

from psycopg import AsyncConnection, sql

from crm_domain.text.sql_twin import SEARCH_KEY_SQL, SORT_KEY_SQL
from crm_storage.database import SHARED_SCHEMA

HOST_LOGIN = "sadra_host"
LOGINS = ("sadra_web", "sadra_worker", "sadra_tracker", HOST_LOGIN)
TENANT_LOGINS = ("sadra_web", "sadra_worker")
"""Those who may become a tenant's role, one at a time. The tracker knows its tokens and needs no tenant's table."""
SHARED = f"""
CREATE SCHEMA IF NOT EXISTS {SHARED_SCHEMA};
CREATE SCHEMA IF NOT EXISTS host;
GRANT USAGE ON SCHEMA {SHARED_SCHEMA} TO PUBLIC;
CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA {SHARED_SCHEMA};
CREATE EXTENSION IF NOT EXISTS btree_gin WITH SCHEMA {SHARED_SCHEMA};
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
"""
NOBODYS = """
p.proname IN ('set_config', 'pg_logical_emit_message', 'loread', 'lowrite', 'pg_stat_file')
OR p.proname LIKE ANY (ARRAY['pg_sleep%', 'lo\\_%', 'pg\\_read\\_%', 'pg\\_ls\\_%', 'dblink%'])
OR p.proname ~ '^(query|table|schema|database|cursor)_to_xml'
"""
"""Functions that reach settings, files, large objects, other servers, that wait, or that run text as a query."""
REVOKE = f"""
DO $$ DECLARE f regprocedure; BEGIN
  FOR f IN SELECT p.oid::regprocedure FROM pg_proc p WHERE ({NOBODYS})
  LOOP EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f); END LOOP;
END $$;
"""
HOST_PLANE = f"""
GRANT USAGE ON SCHEMA host TO {", ".join(LOGINS)};
GRANT SELECT ON host.tenant, host.plan, host.domain TO {", ".join(LOGINS)};
GRANT UPDATE (overlay_version) ON host.tenant TO sadra_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA host TO {HOST_LOGIN};
GRANT USAGE ON ALL SEQUENCES IN SCHEMA host TO {HOST_LOGIN};
"""
"""The apps read who the tenants are; the host admin does the rest."""
APPEND_ONLY = ("operator_audit", "tenant_event", "anchor")
"""The host's tables in which what was noted stays (SEC-52)."""
WORKERS_OWN = {
    "slot": "SELECT, INSERT, UPDATE, DELETE",
    "usage": "SELECT, INSERT, UPDATE",
    "anchor": "SELECT, INSERT",
    "quota_override": "SELECT",
}
WEBS_OWN = {"backup": "SELECT", "quota_override": "SELECT"}
TRACKERS_OWN = {"quota_override": "SELECT"}
"""By table of the host: what is done by the clock, and the daily measure, are the worker's to write; a company's
administrators see its backups."""


async def prepare_cluster(url: str, passwords: Mapping[str, str]) -> None:
    """Makes schemas, extensions, functions and logins; running it again changes nothing but passwords.

    `url` is the login that owns the installation.
    """
    async with await AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute(SHARED.encode())
        await connection.execute((SEARCH_KEY_SQL + SORT_KEY_SQL).encode())
        await connection.execute(REVOKE.encode())
        for login in LOGINS:
            await _login(connection, login, passwords[login])


async def grant_host_plane(url: str) -> None:
    """What each login may do with the host's tables, once they are there."""
    async with await AsyncConnection.connect(url) as connection:
        await connection.execute(HOST_PLANE.encode())
        for table in APPEND_ONLY:
            if await _there(connection, table):
                await connection.execute(f"REVOKE UPDATE, DELETE ON host.{table} FROM {HOST_LOGIN}".encode())
        for login, granted in (("sadra_worker", WORKERS_OWN), ("sadra_web", WEBS_OWN), ("sadra_tracker", TRACKERS_OWN)):
            for table, rights in granted.items():
                if await _there(connection, table):
                    await connection.execute(f"GRANT {rights} ON host.{table} TO {login}".encode())


async def _there(connection: AsyncConnection[tuple[object, ...]], table: str) -> bool:
    """Whether the host has that table: while a revision is being written, the newest are still to come."""
    found = await (await connection.execute("SELECT to_regclass(%s)", (f"host.{table}",))).fetchone()
    return found is not None and found[0] is not None


async def _login(connection: AsyncConnection[tuple[object, ...]], name: str, password: str) -> None:
    """NOINHERIT: by itself a login may do nothing in a tenant; it must take the tenant's role first."""
    role = sql.Identifier(name)
    found = await (await connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (name,))).fetchone()
    if not found:
        await connection.execute(sql.SQL("CREATE ROLE {} LOGIN NOINHERIT NOCREATEDB NOCREATEROLE").format(role))
    await connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(role, sql.Literal(password)))
    if name == HOST_LOGIN:
        await _let_provision(connection, role)


async def _let_provision(connection: AsyncConnection[tuple[object, ...]], role: sql.Identifier) -> None:
    """The host admin opens tenants: it makes roles and schemas and may take the roles it made."""
    database = sql.Identifier(connection.info.dbname)
    await connection.execute(sql.SQL("ALTER ROLE {} CREATEROLE").format(role))
    await connection.execute(sql.SQL("ALTER ROLE {} SET createrole_self_grant = 'set'").format(role))
    await connection.execute(sql.SQL("GRANT CREATE ON DATABASE {} TO {}").format(database, role))
