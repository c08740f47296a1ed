"""Letting go of what a company's audit log has kept for as long as it settled: whole seals from the beginning, never a part of one.

The seals stay, so the chain holds; up to which one the events are gone the host notes, where the tenant's role cannot reach.
Only the owner's login does this: the apps add and read.
"""

from datetime import datetime, timedelta

import psycopg
import structlog

from crm_domain.tenancy import schema_name
from crm_storage.chain.anchor import last_anchor
from crm_storage.database import Database, Session
from crm_storage.people.keeping import keeping
from crm_storage.people.revoke import SAME_STANDING
from crm_storage.tenants.events import record_event
from crm_storage.tenants.rows import all_tenants

LAPSED = "audit_lapsed"
AT_ONCE = 100
"""Seals of one transaction: at most a million events."""
UP_TO = """
SELECT coalesce(max((e.facts ->> 'seal')::bigint), 0) FROM host.tenant_event e
WHERE e.tenant = %(tenant)s AND e.action = %(action)s AND (%(until)s::timestamptz IS NULL OR e.at <= %(until)s)
  AND NOT EXISTS (
    SELECT FROM host.tenant_event r WHERE r.tenant = e.tenant AND r.action = 'restored_backup' AND r.at > e.at
      AND (r.facts ->> 'taken_at')::timestamptz < e.at
  )
"""
"""What lapsed after the moment of a backup came back with it."""
NEXT = """
SELECT number, last_event FROM audit_seal
WHERE number > %(lapsed)s AND number <= least(%(anchored)s, %(lapsed)s + %(at_once)s) AND sealed_at < %(before)s
ORDER BY number DESC LIMIT 1
"""
NO_LONGER_GOOD = tuple(
    f"DELETE FROM {table} t USING users u WHERE u.id = t.user_id AND NOT ({SAME_STANDING.format(since='t.created_at')})"
    for table in ("personal_token", "calendar_feed")
)
"""What ended a token or a feed long ago is about to be forgotten; they go first."""
AWAY = "DELETE FROM audit_event WHERE id <= %(last)s"


async def lapsed(session: Session, tenant: int, until: datetime | None = None) -> int:
    """The seal up to which a tenant's events are gone as they should be, or were at a moment; 0 for none. `session` is the host's."""
    row = await session.one(UP_TO, {"tenant": tenant, "action": LAPSED, "until": until})
    return row[0] if row else 0


async def hand_on(session: Session, tenant: int, moment: datetime, copy: int) -> None:
    """Notes for a copy of a tenant what had lapsed at the moment it shows."""
    if seal := await lapsed(session, tenant, moment):
        await record_event(session, copy, "system", LAPSED, facts={"seal": seal})


async def lapse(database: Database, tenant: int, now: datetime) -> int:
    """Deletes what is older than the company keeps it, as far as it is anchored; how many events. `database` is the owner's."""
    events = 0
    while count := await _lapse_some(database, tenant, now):
        events += count
    return events


async def lapse_all(database: Database, now: datetime) -> None:
    """The same for every tenant; one whose log cannot be had now has its turn the next day."""
    async with database.host() as session:
        tenants = await all_tenants(session)
    for tenant in tenants:
        try:
            events = await lapse(database, tenant.number, now)
        except psycopg.Error as error:
            structlog.get_logger().warning("audit.unlapsed", tenant=tenant.number, error=type(error).__name__)
            continue
        if events:
            structlog.get_logger().info("audit.lapsed", tenant=tenant.number, events=events)


async def _lapse_some(database: Database, tenant: int, now: datetime) -> int:
    async with database.host() as session:
        anchored, before = await last_anchor(session, tenant), await lapsed(session, tenant)
        if anchored is None:
            return 0
        name = schema_name(tenant)
        await session.script(f"SET LOCAL ROLE {name}; SET LOCAL search_path = {name}, crm")
        days = (await keeping(session)).audit_days
        facts = {"lapsed": before, "anchored": anchored.seal, "at_once": AT_ONCE, "before": now - timedelta(days=days)}
        row = await session.one(NEXT, facts)
        if row is None:
            return 0
        for statement in NO_LONGER_GOOD:
            await session.execute(statement)
        await session.script("GRANT DELETE ON audit_event TO CURRENT_USER")
        events = await session.execute(AWAY, {"last": row[1]})
        await session.script("REVOKE DELETE ON audit_event FROM CURRENT_USER")
        await session.script("RESET ROLE; SET LOCAL search_path = host, crm")
        await record_event(session, tenant, "system", LAPSED, facts={"seal": row[0], "events": events, "days": days})
        await session.commit()
    return events
