"""Opening a tenant: schema, role, tables, seeds and registry entry in one transaction, or nothing (REL-33)."""

from datetime import UTC, datetime

import msgspec
from psycopg import sql
from psycopg.errors import UniqueViolation

from crm_domain.definition import Registry
from crm_domain.ids import new_id
from crm_domain.problems import BadValue
from crm_domain.tenancy import NewTenant, Tenant
from crm_storage.database import SHARED_SCHEMA, Database, Session
from crm_storage.people.seed import Administrator, seed_people
from crm_storage.tenants.cluster import TENANT_LOGINS
from crm_storage.tenants.ddl import tenant_ddl
from crm_storage.tenants.directory import CHANNEL
from crm_storage.tenants.revisions import STAMP, head
from crm_storage.tenants.rows import tenant_by_number

LOCALES = {"fa": ("Asia/Tehran", "IRR"), "en": ("UTC", "USD")}
REGISTER = """
INSERT INTO host.tenant (id, slug, name, domain, plan, language, time_zone, currency)
VALUES (%(id)s, %(slug)s, %(name)s, nullif(%(domain)s, ''), %(plan)s, %(language)s, %(zone)s, %(currency)s) RETURNING number
"""
EVENT = """
INSERT INTO host.tenant_event (tenant, actor, action, reason, facts)
VALUES (%(tenant)s, %(actor)s, %(action)s, %(reason)s, %(facts)s::jsonb)
"""
PLANS = """
INSERT INTO host.plan (key, quotas) VALUES
  ('standard', '{"users": 25, "records": 250000, "storage_mb": 10240, "mails_a_day": 5000}'),
  ('business', '{"users": 200, "records": 5000000, "storage_mb": 102400, "mails_a_day": 100000}'),
  ('unlimited', '{}') ON CONFLICT (key) DO NOTHING
"""


async def provision(
    database: Database, registry: Registry, request: NewTenant, admin: Administrator, *, actor: str
) -> Tenant:
    """Opens a tenant; `database` is the login that owns the installation. Raises BadValue for a slug in use."""
    request = request.checked()
    zone, currency = LOCALES[request.language]
    async with database.host() as session:
        try:
            row = await session.one(
                REGISTER,
                {
                    **msgspec.to_builtins(request),
                    "id": new_id(datetime.now(UTC)),
                    "zone": zone,
                    "currency": currency,
                },
            )
        except UniqueViolation:
            raise BadValue("tenants.slug_taken", slug=request.slug) from None
        assert row is not None
        number: int = row[0]
        await session.script(_schema_script(number, tenant_ddl(registry)))
        await seed_people(session, request.language, currency, admin)
        await session.execute(STAMP, {"tenant": number, "revision": head()})
        await session.script("RESET ROLE; SET LOCAL search_path = host, crm;")
        await record_event(session, number, actor, "provisioned", request.reason)
        tenant = await tenant_by_number(session, number)
        await session.script(f"NOTIFY {CHANNEL}")
        await session.commit()
    assert tenant is not None
    return tenant


async def record_event(session: Session, tenant: int, actor: str, action: str, reason: str) -> None:
    """Notes what was done to a tenant, by whom and why."""
    facts = {"tenant": tenant, "actor": actor, "action": action, "reason": reason, "facts": "{}"}
    await session.execute(EVENT, facts)


def _schema_script(number: int, ddl: str) -> str:
    """Role, schema and tables; afterwards the session acts as the tenant's role in its schema."""
    schema = sql.Identifier(f"t_{number}")
    logins = sql.SQL(", ").join(map(sql.Identifier, TENANT_LOGINS))
    parts = [
        sql.SQL("CREATE ROLE {0} NOLOGIN").format(schema),
        sql.SQL("GRANT {0} TO {1} WITH INHERIT FALSE, SET TRUE").format(schema, logins),
        sql.SQL("CREATE SCHEMA {0} AUTHORIZATION {0}").format(schema),
        sql.SQL("SET LOCAL search_path = {0}, {1}").format(schema, sql.Identifier(SHARED_SCHEMA)),
        sql.SQL("SET LOCAL ROLE {0}").format(schema),
    ]
    return ";\n".join(part.as_string(None) for part in parts) + ";\n" + ddl
