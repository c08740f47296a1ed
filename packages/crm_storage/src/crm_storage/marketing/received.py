"""The mails of campaigns that somebody was sent, with what he did about each: read from the queue, copied nowhere (8.5)."""

from datetime import datetime
from uuid import UUID

import msgspec

from crm_domain.definition import Ref
from crm_storage.database import Session

MAILS = """
SELECT q.id, r.template_version_id IS NOT NULL AND q.state <> 'failed', q.campaign_id, q.marketing_id,
  coalesce(q.ended_at, q.begun_at, q.created_at), q.state,
  coalesce(l.opens, 0)::int, coalesce(l.clicks, 0)::int, coalesce(l.activities, '{}')
FROM email_queue q LEFT JOIN mkt_run r ON r.id = q.run_id LEFT JOIN LATERAL (
  SELECT sum(g.hits) FILTER (WHERE g.activity = 'viewed') AS opens, sum(g.hits) FILTER (WHERE g.activity = 'link') AS clicks,
    array_agg(DISTINCT g.activity) AS activities
  FROM campaign_log g WHERE g.message = q.id AND g.hits > 0
) l ON true
WHERE q.record_id = %(record)s AND NOT q.is_test AND q.state IN ('sent', 'failed', 'uncertain')
ORDER BY q.id DESC LIMIT %(limit)s
"""

TO = """
SELECT q.module, q.record_id, a.address, coalesce(q.ended_at, q.begun_at, q.created_at) FROM email_queue q
JOIN email_address a ON a.id = q.address_id WHERE q.id = %(message)s AND q.campaign_id = %(campaign)s AND NOT q.is_test
"""


class Received(msgspec.Struct, frozen=True):
    """One mail: its number, whether it can still be looked at, of which campaign and marketing record, when it went, its state
    in the queue, and what people, not machines, did about it."""

    message: int
    kept: bool
    campaign: UUID
    marketing: UUID
    at: datetime
    state: str
    opens: int
    clicks: int
    activities: frozenset[str]


class To(msgspec.Struct, frozen=True):
    """To whom a mail went, at which address, and when."""

    who: Ref
    address: str
    at: datetime


async def received(session: Session, record: UUID, *, limit: int) -> list[Received]:
    """The newest first, tests apart. Which campaigns the reader may see is the caller's to ask."""
    rows = await session.rows(MAILS, {"record": record, "limit": limit})
    return [Received(*row[:8], activities=frozenset(row[8])) for row in rows]


async def mail_to(session: Session, campaign: UUID, message: int) -> To | None:
    """The recipient of one of a campaign's mails; None for a trial's or another campaign's."""
    row = await session.one(TO, {"campaign": campaign, "message": message})
    return To(Ref(row[0], row[1]), row[2], row[3]) if row else None
