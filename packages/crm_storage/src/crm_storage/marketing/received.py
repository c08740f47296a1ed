"""The mails of campaigns that somebody was sent, with what he did about each: read from the queue, copied nowhere (8.5)."""

from datetime import datetime
from uuid import UUID

import msgspec

from crm_storage.database import Session

MAILS = """
SELECT q.campaign_id, q.marketing_id, coalesce(q.ended_at, q.begun_at, q.created_at), q.state,
  coalesce(l.opens, 0)::int, coalesce(l.clicks, 0)::int, coalesce(l.activities, '{}')
FROM email_queue q LEFT JOIN LATERAL (
  SELECT sum(g.hits) FILTER (WHERE g.activity = 'viewed') AS opens, sum(g.hits) FILTER (WHERE g.activity = 'link') AS clicks,
    array_agg(DISTINCT g.activity) AS activities
  FROM campaign_log g WHERE g.message = q.id AND g.hits > 0
) l ON true
WHERE q.record_id = %(record)s AND NOT q.is_test AND q.state IN ('sent', 'failed', 'uncertain')
ORDER BY q.id DESC LIMIT %(limit)s
"""


class Received(msgspec.Struct, frozen=True):
    """One mail: of which campaign and marketing record, when it went, its state in the queue, and what people, not machines,
    did about it."""

    campaign: UUID
    marketing: UUID
    at: datetime
    state: str
    opens: int
    clicks: int
    activities: frozenset[str]


async def received(session: Session, record: UUID, *, limit: int) -> list[Received]:
    """The newest first, tests apart. Which campaigns the reader may see is the caller's to ask."""
    rows = await session.rows(MAILS, {"record": record, "limit": limit})
    return [Received(*row[:6], activities=frozenset(row[6])) for row in rows]
