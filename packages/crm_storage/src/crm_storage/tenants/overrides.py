"""Limits that one tenant has instead of its plan's, until a moment or for good."""

from datetime import datetime

import msgspec

from crm_domain.problems import BadValue, NotFound
from crm_domain.tenancy import LIMITS
from crm_storage.database import Database, Session
from crm_storage.tenants.events import changed, record_event

SET = """
INSERT INTO host.quota_override (tenant, name, amount, expires_at, reason, actor)
VALUES (%(tenant)s, %(name)s, %(amount)s, %(until)s, %(reason)s, %(actor)s)
ON CONFLICT (tenant, name) DO UPDATE SET amount = excluded.amount, expires_at = excluded.expires_at,
  reason = excluded.reason, actor = excluded.actor, created_at = now()
"""
LIST = """
SELECT name, amount, expires_at, reason, actor FROM host.quota_override
WHERE tenant = %(tenant)s AND (expires_at IS NULL OR expires_at > now()) ORDER BY name
"""
DROP = "DELETE FROM host.quota_override WHERE tenant = %(tenant)s AND name = %(name)s"
FORGET = "DELETE FROM host.quota_override WHERE expires_at < now() - interval '1 day'"


class Override(msgspec.Struct, frozen=True):
    """One limit of a tenant's own; 0 is none. `expires_at` is empty for one that stays."""

    name: str
    amount: int
    expires_at: datetime | None
    reason: str
    actor: str


async def overrides(session: Session, tenant: int) -> list[Override]:
    """Those that count now."""
    return [Override(*row) for row in await session.rows(LIST, {"tenant": tenant})]


async def set_override(database: Database, tenant: int, override: Override, now: datetime) -> None:
    """Sets a limit; it counts at once. Raises BadValue for an unknown one, one without reason, one that has ended already."""
    if override.name not in LIMITS:
        raise BadValue("problems.not_an_option", value=override.name[:40])
    if not override.reason.strip():
        raise BadValue("host.reason_needed")
    if override.expires_at and override.expires_at <= now:
        raise BadValue("host.override_past")
    facts = {"tenant": tenant, "name": override.name, "amount": override.amount, "until": override.expires_at}
    async with database.host() as session:
        await session.execute(SET, {**facts, "reason": override.reason.strip()[:500], "actor": override.actor})
        await record_event(session, tenant, override.actor, "override_set", override.reason, facts)
        await changed(session)
        await session.commit()


async def drop_override(database: Database, tenant: int, name: str, *, actor: str) -> None:
    """The plan's limit counts again. Raises NotFound."""
    async with database.host() as session:
        if not await session.execute(DROP, {"tenant": tenant, "name": name}):
            raise NotFound
        await record_event(session, tenant, actor, "override_dropped", "", {"name": name})
        await changed(session)
        await session.commit()


async def forget_overrides(session: Session) -> int:
    """Drops those that ended; how many. The caller commits."""
    return await session.execute(FORGET)
