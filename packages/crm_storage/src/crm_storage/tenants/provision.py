"""Opening a tenant: schema, role, tables, seeds and registry entry in one transaction, or nothing (REL-33)."""

from datetime import UTC, datetime

import msgspec
from psycopg import sql
from psycopg.errors import ForeignKeyViolation, UniqueViolation

from crm_domain.definition import Registry
from crm_domain.ids import new_id
from crm_domain.problems import BadValue
from crm_domain.tenancy import NewTenant, Tenant, schema_name
from crm_storage.database import SHARED_SCHEMA, Database, Session
from crm_storage.people.seed import Administrator, seed_people
from crm_storage.tenants.acting import AS_HOST
from crm_storage.tenants.cluster import HOST_LOGIN, TENANT_LOGINS
from crm_storage.tenants.ddl import tenant_ddl
from crm_storage.tenants.events import changed, record_event
from crm_storage.tenants.revisions import TENANT, stamp
from crm_storage.tenants.rows import tenant_by_number

REGISTER = """
INSERT INTO host.tenant (id, slug, name, plan, locale, currency, schema_version)
VALUES (%(id)s, %(slug)s, %(name)s, %(plan)s, %(locale)s::jsonb, %(currency)s, %(version)s) RETURNING number
"""


async def provision(
    database: Database, registry: Registry, request: NewTenant, admin: Administrator, *, actor: str
) -> Tenant:
    """Opens a tenant; `database` is the login of the owner or of the host admin.

    Raises BadValue for a slug that is wrong or taken and for an unknown plan.
    """
    request = request.checked()
    async with database.host() as session:
        number = await _register(session, request)
        await session.script(schema_script(number) + tenant_ddl(registry) + stamp(TENANT))
        assert request.locale is not None
        zone = request.locale.time_zone
        await seed_people(session, request.language, request.currency, admin, time_zone=zone)
        await session.script(AS_HOST)
        await record_event(session, number, actor, "provisioned", request.reason)
        tenant = await tenant_by_number(session, number)
        await changed(session)
        await session.commit()
    assert tenant is not None
    return tenant


async def _register(session: Session, request: NewTenant) -> int:
    facts = {
        "id": new_id(datetime.now(UTC)),
        "slug": request.slug,
        "name": request.name,
        "plan": request.plan,
        "locale": msgspec.json.encode(request.locale).decode(),
        "currency": request.currency,
        "version": TENANT.head,
    }
    try:
        row = await session.one(REGISTER, facts)
    except UniqueViolation:
        raise BadValue("tenants.slug_taken", slug=request.slug) from None
    except ForeignKeyViolation:
        raise BadValue("tenants.plan_unknown", plan=request.plan) from None
    assert row is not None
    return row[0]


def schema_script(number: int) -> str:
    """Role and schema; afterwards the session acts as the tenant's role in its schema.

    A role's maker is its administrator already, so only another maker than the host admin has to grant it to that.
    """
    schema = sql.Identifier(schema_name(number))
    logins = sql.SQL(", ").join(map(sql.Identifier, TENANT_LOGINS))
    host = sql.Identifier(HOST_LOGIN)
    parts = [
        sql.SQL("CREATE ROLE {0} NOLOGIN").format(schema),
        sql.SQL("GRANT {0} TO {1} WITH INHERIT FALSE, SET TRUE").format(schema, logins),
        sql.SQL(
            "DO $$ BEGIN IF current_user <> {2} THEN "
            "GRANT {0} TO {1} WITH ADMIN TRUE, INHERIT FALSE, SET TRUE; END IF; END $$"
        ).format(schema, host, sql.Literal(HOST_LOGIN)),
        sql.SQL("CREATE SCHEMA {0} AUTHORIZATION {0}").format(schema),
        sql.SQL("SET LOCAL search_path = {0}, {1}").format(schema, sql.Identifier(SHARED_SCHEMA)),
        sql.SQL("SET LOCAL ROLE {0}").format(schema),
    ]
    return ";\n".join(part.as_string(None) for part in parts) + ";\n"
