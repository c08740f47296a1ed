"""Letters whose writers asked to see when they are opened: numbered for the tracker, counted as mailings are."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from crm_domain.letters.rules import FIRST_NUMBER
from crm_domain.tracking.events import Act
from crm_storage.database import Session
from crm_storage.tracking.fold import MACHINES

NUMBER = """
INSERT INTO letter_open AS o (email_id) SELECT %(email)s
WHERE NOT EXISTS (SELECT FROM email_address WHERE address_key = ANY(%(addresses)s) AND opted_out)
ON CONFLICT (email_id) DO UPDATE SET email_id = o.email_id RETURNING number
"""
OPENED = "SELECT opens, machine_opens, first_at, last_at FROM letter_open WHERE email_id = %(email)s"
COUNT = f"""
letters AS (
  UPDATE letter_open o SET opens = o.opens + s.opens, machine_opens = o.machine_opens + s.machines,
    first_at = least(o.first_at, s.first_at), last_at = greatest(o.last_at, s.last_at)
  FROM (
    SELECT message, count(*) FILTER (WHERE via NOT IN {MACHINES}) AS opens, count(*) FILTER (WHERE via IN {MACHINES}) AS machines,
      min(at) FILTER (WHERE via NOT IN {MACHINES}) AS first_at, max(at) FILTER (WHERE via NOT IN {MACHINES}) AS last_at
    FROM fresh WHERE kind = {Act.OPEN:d} AND message >= {FIRST_NUMBER} GROUP BY message
  ) s WHERE o.number = s.message
)
"""
"""Follows a common table `fresh` of new events."""


class Opens(msgspec.Struct, frozen=True):
    """How often people opened a letter, and when; how often programs fetched it."""

    times: int
    by_machines: int
    first_at: datetime | None
    last_at: datetime | None


async def number_for(session: Session, email: UUID, addresses: Sequence[str]) -> int:
    """The number under which the tracker knows a letter; 0 where one of its readers wants nothing of the kind."""
    row = await session.one(NUMBER, {"email": email, "addresses": [address.lower() for address in addresses]})
    return row[0] if row else 0


async def opens_of(session: Session, email: UUID) -> Opens | None:
    """What is known of a letter's readers; None for one that nobody asked about."""
    row = await session.one(OPENED, {"email": email})
    return Opens(*row) if row else None
