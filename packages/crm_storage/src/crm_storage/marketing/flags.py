"""An address that asked for no mail, or that mail did not reach: what is known of it, and taking that back with a reason."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from crm_domain.problems import FieldProblem, Invalid, NotFound, Refused
from crm_storage.database import Session

REASON_MAX = 500
KNOWN = 20
FIND = """
SELECT id, address, opted_out, invalid, complained_at IS NOT NULL FROM email_address WHERE address_key = lower(%(address)s)
"""
HISTORY = """
SELECT l.at, l.old, l.new, l.source, coalesce(u.name, ''), coalesce(c.name, ''), coalesce(l.evidence ->> 'reason', '')
FROM consent_log l LEFT JOIN users u ON u.id = l.actor_id LEFT JOIN campaigns c ON c.id = l.campaign_id
WHERE l.address_id = %(id)s ORDER BY l.at DESC, l.id DESC LIMIT %(most)s
"""
CLEAR = """
WITH cleared AS (
  UPDATE email_address SET opted_out = false, opted_out_at = NULL, opted_out_source = NULL, invalid = false, invalid_at = NULL,
    invalid_reason = NULL, soft_bounces = 0
  WHERE id = %(id)s AND complained_at IS NULL AND (opted_out OR invalid) RETURNING id, old.opted_out
)
INSERT INTO consent_log (address_id, old, new, source, actor_id, evidence)
SELECT id, CASE WHEN opted_out THEN 'opted_out' ELSE 'invalid' END, 'cleared', 'staff', %(by)s,
  jsonb_build_object('reason', %(reason)s::text)
FROM cleared RETURNING address_id
"""


class Change(msgspec.Struct, frozen=True):
    """One step in an address's history of consent. `source` is who took it: the recipient himself, staff, a bounce."""

    at: datetime
    old: str
    new: str
    source: str
    actor: str
    campaign: str
    reason: str


class Flags(msgspec.Struct, frozen=True):
    """What is known of an address. Who complained to his provider is never mailed again by staff's decision."""

    id: UUID
    address: str
    opted_out: bool
    invalid: bool
    complained: bool
    history: Sequence[Change]


async def flags_of(session: Session, address: str) -> Flags:
    """Raises NotFound for an address nobody has."""
    row = await session.one(FIND, {"address": address})
    if row is None:
        raise NotFound
    history = await session.rows(HISTORY, {"id": row[0], "most": KNOWN})
    return Flags(*row, history=tuple(Change(*change) for change in history))


async def clear_flags(session: Session, address: str, reason: str, *, by: UUID) -> None:
    """Lets an address be mailed again and notes who decided so and why; the caller commits and has asked for the right.

    Raises NotFound, Invalid without a reason, Refused when the person complained or nothing is to be cleared.
    """
    known = await flags_of(session, address)
    reason = reason.strip()
    if not reason:
        raise Invalid({"reason": (FieldProblem("problems.required"),)})
    if len(reason) > REASON_MAX:
        raise Invalid({"reason": (FieldProblem("problems.too_long", {"most": REASON_MAX}),)})
    if not await session.rows(CLEAR, {"id": known.id, "reason": reason, "by": by}):
        raise Refused("addresses.complained" if known.complained else "addresses.nothing_to_clear")
