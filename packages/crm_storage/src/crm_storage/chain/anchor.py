"""Anchors: the head of each tenant's chain, kept daily where the tenant's role cannot reach, and told to the log.

Who rewrites a chain from some event on cannot rewrite what was anchored after it.
"""

from datetime import UTC, datetime

import msgspec

from crm_storage.database import Database, Session

HEAD = "SELECT number, chain FROM audit_seal ORDER BY number DESC LIMIT 1"
KEEP = """
INSERT INTO host.anchor (tenant, day, seal, chain) VALUES (%(tenant)s, %(day)s, %(seal)s, %(chain)s)
ON CONFLICT (tenant, day) DO NOTHING RETURNING seal
"""
ANCHORS = "SELECT seal, chain, at FROM host.anchor WHERE tenant = %(tenant)s ORDER BY seal, day"

LAST = "SELECT seal, chain, at FROM host.anchor WHERE tenant = %(tenant)s ORDER BY day DESC LIMIT 1"


class Anchor(msgspec.Struct, frozen=True):
    """What the chain's head was at some moment."""

    seal: int
    chain: bytes
    at: datetime


async def anchor(database: Database, tenant: int, now: datetime) -> Anchor | None:
    """Keeps the day's anchor of a tenant; None when the day has one or nothing was ever sealed."""
    async with database.tenant(tenant) as session:
        head = await session.one(HEAD)
    if head is None:
        return None
    found = Anchor(seal=head[0], chain=head[1], at=now)
    day = now.astimezone(UTC).date().isoformat()
    async with database.host() as session:
        kept = await session.one(KEEP, {"tenant": tenant, "day": day, "seal": found.seal, "chain": found.chain})
        await session.commit()
    return found if kept else None


async def anchors(session: Session, tenant: int) -> list[Anchor]:
    """Every anchor of a tenant, in order."""
    return [Anchor(*row) for row in await session.rows(ANCHORS, {"tenant": tenant})]


async def last_anchor(session: Session, tenant: int) -> Anchor | None:
    """The newest anchor of a tenant."""
    row = await session.one(LAST, {"tenant": tenant})
    return Anchor(*row) if row else None
