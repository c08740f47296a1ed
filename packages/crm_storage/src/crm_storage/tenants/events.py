"""What was done to tenants, by whom and why, and telling every process that something changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from crm_storage.database import Session
from crm_storage.tenants.directory import CHANNEL

EVENT = """
INSERT INTO host.tenant_event (tenant, actor, action, reason, facts)
VALUES (%(tenant)s, %(actor)s, %(action)s, %(reason)s, %(facts)s::jsonb)
"""
EVENTS = """
SELECT at, actor, action, reason, facts FROM host.tenant_event WHERE tenant = %(tenant)s ORDER BY at DESC, id DESC
LIMIT %(limit)s
"""


class TenantEvent(msgspec.Struct, frozen=True):
    """One step in a tenant's life."""

    at: datetime
    actor: str
    action: str
    reason: str
    facts: Mapping[str, Any]


async def record_event(
    session: Session, tenant: int, actor: str, action: str, reason: str = "", facts: Mapping[str, Any] | None = None
) -> None:
    """Notes what was done to a tenant, by whom and why."""
    said = msgspec.json.encode(facts or {}).decode()
    await session.execute(EVENT, {"tenant": tenant, "actor": actor, "action": action, "reason": reason, "facts": said})


async def read_events(session: Session, tenant: int, *, limit: int = 100) -> list[TenantEvent]:
    """The newest events of a tenant; also of one that is gone."""
    return [TenantEvent(*row) for row in await session.rows(EVENTS, {"tenant": tenant, "limit": limit})]


async def changed(session: Session) -> None:
    """Makes every process read the directory again once this work commits."""
    await session.script(f"NOTIFY {CHANNEL}")
