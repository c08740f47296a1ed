"""Changing tenants: suspend, resume, delete with grace, restore, rename, plan. Every step is noted with its reason."""

import re

import msgspec
from psycopg.errors import ForeignKeyViolation

from crm_domain.problems import BadValue, NotFound
from crm_domain.tenancy import (
    GRACE_DAYS,
    STATE_MAIL,
    Quotas,
    State,
    Tenant,
    check_transition,
    checked_name,
    schema_name,
)
from crm_storage.database import Database, Session
from crm_storage.files.door import FileDoor
from crm_storage.people.administrators import tell_administrators
from crm_storage.tenants.acting import within
from crm_storage.tenants.events import changed, record_event
from crm_storage.tenants.resume import resume
from crm_storage.tenants.rows import tenant_by_slug

LOCK = "SELECT number FROM host.tenant WHERE slug = %(slug)s FOR UPDATE"
SET_STATE = """
UPDATE host.tenant SET state = %(state)s,
  delete_after = CASE WHEN %(state)s = 'deleted' THEN now() + make_interval(days => %(days)s) END
WHERE number = %(number)s
"""
SET_FACTS = "UPDATE host.tenant SET name = %(name)s, plan = %(plan)s WHERE number = %(number)s"
EXPIRED = "SELECT number, slug FROM host.tenant WHERE state = 'deleted' AND delete_after < now() FOR UPDATE SKIP LOCKED"
FORGET = "DELETE FROM host.tenant WHERE number = %(number)s"
FORGET_BACKUPS = """
WITH gone AS (DELETE FROM host.backup WHERE tenant = %(number)s) DELETE FROM host.quota_override WHERE tenant = %(number)s
"""
PLAN_KEY = re.compile("[a-z][a-z0-9_-]{1,39}")
PLANS = """
SELECT p.key, p.quotas, (SELECT count(*) FROM host.tenant t WHERE t.plan = p.key AND t.state <> 'deleted')
FROM host.plan p ORDER BY p.key
"""
SET_PLAN = """
INSERT INTO host.plan (key, quotas) VALUES (%(key)s, %(quotas)s::jsonb)
ON CONFLICT (key) DO UPDATE SET quotas = excluded.quotas
"""


class Plan(msgspec.Struct, frozen=True):
    """A plan's limits, and how many tenants live under them."""

    key: str
    quotas: Quotas
    tenants: int


async def set_state(database: Database, slug: str, state: State, *, actor: str, reason: str) -> Tenant:
    """Moves a tenant to another state and tells its administrators why. Raises NotFound, Refused for a step that is not allowed."""
    async with database.host() as session:
        tenant = await _locked(session, slug)
        check_transition(tenant.state, state)
        await session.execute(SET_STATE, {"number": tenant.number, "state": state, "days": GRACE_DAYS})
        await record_event(session, tenant.number, actor, state, reason, {"from": tenant.state})
        async with within(session, tenant.number):
            if state == "active":
                await resume(session)
            await tell_administrators(
                session, f"tenant_{state}", {"company": tenant.name, "reason": reason or "—"}, subject=STATE_MAIL
            )
        return await _committed(session, slug)


async def set_facts(database: Database, slug: str, *, name: str, plan: str, actor: str, reason: str = "") -> Tenant:
    """Renames a tenant or moves it to another plan. Raises NotFound, BadValue."""
    async with database.host() as session:
        tenant = await _locked(session, slug)
        facts = {"name": checked_name(name), "plan": plan}
        try:
            await session.execute(SET_FACTS, {"number": tenant.number, **facts})
        except ForeignKeyViolation:
            raise BadValue("tenants.plan_unknown", plan=plan) from None
        await record_event(session, tenant.number, actor, "changed", reason, facts)
        return await _committed(session, slug)


async def plans(session: Session) -> list[Plan]:
    """Every plan, with how many tenants have it."""
    return [Plan(row[0], msgspec.convert(row[1], Quotas), row[2]) for row in await session.rows(PLANS)]


async def set_plan(database: Database, key: str, quotas: Quotas) -> None:
    """Makes or changes a plan; it counts for its tenants at once. Raises BadValue for a key that is no plain word."""
    if not PLAN_KEY.fullmatch(key):
        raise BadValue("host.plan_wrong", plan=key[:40])
    async with database.host() as session:
        await session.execute(SET_PLAN, {"key": key, "quotas": msgspec.json.encode(quotas).decode()})
        await changed(session)
        await session.commit()


async def purge_expired(database: Database, files: FileDoor) -> list[str]:
    """Drops schema, role, files and backups of every tenant whose grace has run out, each in its own transaction; their slugs."""
    gone: list[str] = []
    while (slug := await _purge_one(database, files)) is not None:
        gone.append(slug)
    return gone


async def _purge_one(database: Database, files: FileDoor) -> str | None:
    async with database.host() as session:
        row = await session.one(EXPIRED)
        if row is None:
            return None
        number, slug = row
        name = schema_name(number)
        await session.script(f"SET LOCAL ROLE {name}; DROP SCHEMA {name} CASCADE; RESET ROLE; DROP ROLE {name}")
        await session.execute(FORGET, {"number": number})
        await session.execute(FORGET_BACKUPS, {"number": number})
        await files.forget(number)
        await record_event(session, number, "system", "purged", "", {"slug": slug})
        await changed(session)
        await session.commit()
        return slug


async def _locked(session: Session, slug: str) -> Tenant:
    """The tenant, kept from changing until the work ends, so that two steps follow each other."""
    await session.one(LOCK, {"slug": slug})
    tenant = await tenant_by_slug(session, slug)
    if tenant is None:
        raise NotFound
    return tenant


async def _committed(session: Session, slug: str) -> Tenant:
    after = await tenant_by_slug(session, slug)
    assert after is not None
    await changed(session)
    await session.commit()
    return after
