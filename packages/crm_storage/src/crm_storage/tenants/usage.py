"""What tenants use of their plans: measured in their own schema, kept by day in the host's."""

from datetime import UTC, datetime

from crm_domain.definition import Registry
from crm_domain.tenancy import Tenant, Usage, near
from crm_storage.database import Database, Session
from crm_storage.people.administrators import tell_administrators
from crm_storage.people.preferences import save_setting, setting

USERS = "SELECT count(*) FROM users WHERE status = 'active' AND deleted_at IS NULL"
MAILS = "SELECT count(*) FROM outbox WHERE subject = 'mail.send' AND created_at > now() - interval '1 day'"
STORAGE = """
SELECT (coalesce(sum(pg_total_relation_size(c.oid)), 0) + (SELECT coalesce(sum(size), 0) FROM blob))::bigint
FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'
"""
KEEP = """
INSERT INTO host.usage (tenant, day, users, records, storage, mails)
VALUES (%(tenant)s, %(day)s, %(users)s, %(records)s, %(storage)s, %(mails)s)
ON CONFLICT (tenant, day) DO UPDATE
SET at = now(), users = excluded.users, records = excluded.records, storage = excluded.storage, mails = excluded.mails
"""
LATEST = "SELECT users, records, storage, mails FROM host.usage WHERE tenant = %(tenant)s ORDER BY day DESC LIMIT 1"
FORGET = "DELETE FROM host.usage WHERE day < to_char(now() - interval '400 days', 'YYYY-MM-DD')"
NEAR = "quota_near"
"""The tenant's setting that holds which limits are nearly used up, as `crm_domain.tenancy.near` says."""


async def measure(database: Database, registry: Registry, tenant: int) -> Usage:
    """What a tenant uses now. Counts every module's table, so it is for jobs and not for pages."""
    counts = " + ".join(f"(SELECT count(*) FROM {key} WHERE deleted_at IS NULL)" for key in registry.modules)
    async with database.tenant(tenant) as session:
        row = await session.one(f"SELECT ({USERS}), {counts}, ({STORAGE}), ({MAILS})")
    assert row is not None
    users, records, storage, mails = row
    return Usage(users=users, records=records, storage=storage, mails=mails)


async def keep_usage(database: Database, tenant: int, usage: Usage, now: datetime) -> None:
    """Keeps the day's measure; `database` is the host admin's login."""
    facts = {"tenant": tenant, "day": now.astimezone(UTC).date().isoformat()}
    async with database.host() as session:
        await session.execute(
            KEEP,
            {
                **facts,
                "users": usage.users,
                "records": usage.records,
                "storage": usage.storage,
                "mails": usage.mails,
            },
        )
        await session.commit()


async def latest_usage(database: Database, tenant: int) -> Usage | None:
    """The last measure that was kept."""
    async with database.host() as session:
        row = await session.one(LATEST, {"tenant": tenant})
    return Usage(users=row[0], records=row[1], storage=row[2], mails=row[3]) if row else None


async def forget_usage(session: Session) -> int:
    """Drops the measures of more than a year ago; how many. The caller commits."""
    return await session.execute(FORGET)


async def warn(session: Session, tenant: Tenant, usage: Usage) -> None:
    """Keeps in the tenant's settings which limits are nearly used up, and tells its administrators when one reached a higher
    mark. The caller commits."""
    before: dict[str, int] = await setting(session, NEAR) or {}
    after = near(tenant.quotas, usage)
    if before == after:
        return
    await save_setting(session, NEAR, after)
    for name, mark in after.items():
        if mark > before.get(name, 0):
            said = {"company": tenant.name, "what": {"id": f"tenants.limit_{name}"}, "percent": mark}
            await tell_administrators(session, "quota_near", said)
