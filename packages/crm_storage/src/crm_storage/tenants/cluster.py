"""Preparing a database cluster: the shared schema, the logins of the apps, and what nobody may call (SEC-03)."""

from psycopg import AsyncConnection, sql

from crm_domain.text.sql_twin import SEARCH_KEY_SQL, SORT_KEY_SQL
from crm_storage.database import SHARED_SCHEMA

LOGINS = ("sadra_web", "sadra_worker", "sadra_tracker", "sadra_host")
TENANT_LOGINS = ("sadra_web", "sadra_worker")
"""Those who may become a tenant's role, one at a time."""
SHARED = f"""
CREATE SCHEMA IF NOT EXISTS {SHARED_SCHEMA};
GRANT USAGE ON SCHEMA {SHARED_SCHEMA} TO PUBLIC;
CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA {SHARED_SCHEMA};
CREATE EXTENSION IF NOT EXISTS btree_gin WITH SCHEMA {SHARED_SCHEMA};
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
"""
REVOKE = """
DO $$ DECLARE f regprocedure; BEGIN
  FOR f IN SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
           WHERE n.nspname = 'pg_catalog' AND (p.proname IN ('set_config', 'query_to_xml', 'cursor_to_xml', 'table_to_xml',
             'schema_to_xml', 'database_to_xml', 'pg_logical_emit_message')
             OR p.proname LIKE 'pg_sleep%%' OR p.proname LIKE 'lo\\_%%' OR p.proname IN ('loread', 'lowrite')
             OR p.proname LIKE 'pg_read\\_%%' OR p.proname LIKE 'pg_ls\\_%%' OR p.proname LIKE 'pg_stat_file%%'
             OR p.proname LIKE 'dblink%%' OR p.proname LIKE 'pg_advisory%%')
  LOOP EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f); END LOOP;
END $$;
""".replace("%%", "%")
HOST_PLANE = """
GRANT USAGE ON SCHEMA host TO sadra_web, sadra_worker, sadra_tracker, sadra_host;
GRANT SELECT ON host.tenant, host.plan TO sadra_web, sadra_worker, sadra_tracker;
GRANT UPDATE (overlay_version) ON host.tenant TO sadra_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA host TO sadra_host;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA host TO sadra_host;
"""


async def prepare_cluster(admin_url: str, passwords: dict[str, str]) -> None:
    """Makes schema, extensions, functions and logins; running it again changes nothing but passwords."""
    async with await AsyncConnection.connect(admin_url, autocommit=True) as connection:
        await connection.execute(SHARED.encode())
        await connection.execute((SEARCH_KEY_SQL + SORT_KEY_SQL).encode())
        await connection.execute(REVOKE.encode())
        for login in LOGINS:
            await _login(connection, login, passwords[login])


async def grant_host_plane(admin_url: str) -> None:
    """What each login may do with the host's tables, once they are there."""
    async with await AsyncConnection.connect(admin_url, autocommit=True) as connection:
        await connection.execute(HOST_PLANE.encode())


async def _login(connection: AsyncConnection[tuple[object, ...]], name: str, password: str) -> None:
    """NOINHERIT: by itself a login may do nothing in a tenant; it must take the tenant's role first."""
    role = sql.Identifier(name)
    found = await (await connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (name,))).fetchone()
    if not found:
        await connection.execute(sql.SQL("CREATE ROLE {} LOGIN NOINHERIT NOCREATEDB NOCREATEROLE").format(role))
    await connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(role, sql.Literal(password)))
