"""The message queue as people look at it: who gets what when, what the server last said, and what can be done about it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from crm_domain.definition import Ref
from crm_storage.database import Session
from crm_storage.marketing.responses import OF_MAILING

PAGE = f"""
SELECT q.id, q.module, q.record_id, a.address, q.marketing_id, q.list_id, q.state, q.not_before, q.attempts, q.begun_at, q.ended_at,
  q.reason, q.reply_code, q.reply, q.is_test
FROM email_queue q LEFT JOIN email_address a ON a.id = q.address_id
WHERE q.run_id = ANY (SELECT id FROM mkt_run WHERE campaign_id = %(campaign)s AND {OF_MAILING})
  AND (%(state)s = '' OR q.state = %(state)s) AND (%(like)s = '' OR a.address_key LIKE %(like)s) AND q.id > %(after)s
ORDER BY q.id LIMIT %(limit)s
"""
COUNTS = f"""
SELECT coalesce(sum(total), 0), coalesce(sum(sent), 0), coalesce(sum(failed), 0), coalesce(sum(skipped), 0),
  coalesce(sum(uncertain), 0), coalesce(sum(cancelled), 0)
FROM mkt_run WHERE campaign_id = %(campaign)s AND {OF_MAILING}
"""
CANCEL = """
WITH moved AS (
  UPDATE email_queue SET state = 'cancelled', ended_at = now(), reason = 'by_hand'
  WHERE id = ANY(%(ids)s) AND campaign_id = %(campaign)s AND state = 'ready' RETURNING run_id
), counted AS (
  UPDATE mkt_run r SET cancelled = r.cancelled + m.number
  FROM (SELECT run_id, count(*) AS number FROM moved GROUP BY run_id) m WHERE r.id = m.run_id
)
SELECT count(*) FROM moved
"""
RETRY = """
UPDATE email_queue SET not_before = now() WHERE id = ANY(%(ids)s) AND campaign_id = %(campaign)s AND state = 'ready' AND not_before > now()
"""
UNCERTAIN = """
SELECT id FROM email_queue WHERE id = ANY(%(ids)s) AND campaign_id = %(campaign)s AND state = 'uncertain'
"""


class Queued(msgspec.Struct, frozen=True):
    """One message: to whom, when, how often tried, and what came of it."""

    id: int
    who: Ref
    address: str
    marketing: UUID
    list_id: UUID | None
    state: str
    not_before: datetime
    attempts: int
    begun_at: datetime | None
    ended_at: datetime | None
    reason: str
    reply_code: int | None
    reply: str
    is_test: bool


class Counts(msgspec.Struct, frozen=True):
    """The runs' own counters; nothing is counted by looking at rows."""

    total: int
    sent: int
    failed: int
    skipped: int
    uncertain: int
    cancelled: int

    @property
    def waiting(self) -> int:
        return max(self.total - self.sent - self.failed - self.skipped - self.uncertain - self.cancelled, 0)


async def page(
    session: Session, campaign: UUID, *, marketing: UUID | None, state: str, address: str, after: int, limit: int
) -> list[Queued]:
    """Messages in the order in which they are sent; `address` is a part of an address or a domain, or empty."""
    like = f"%{escaped(address)}%" if address else ""
    facts = {"campaign": campaign, "marketing": marketing, "state": state, "like": like, "after": after, "limit": limit}
    return [Queued(row[0], Ref(row[1], row[2]), row[3] or "", *row[4:]) for row in await session.rows(PAGE, facts)]


async def counts(session: Session, campaign: UUID, marketing: UUID | None) -> Counts:
    row = await session.one(COUNTS, {"campaign": campaign, "marketing": marketing})
    assert row is not None
    return Counts(*map(int, row))


def escaped(text: str) -> str:
    """Part of an address as LIKE wants it: lower-cased, nothing in it a wildcard."""
    for mark in ("\\", "%", "_"):
        text = text.replace(mark, "\\" + mark)
    return text.lower()


async def cancel(session: Session, campaign: UUID, ids: Sequence[int]) -> int:
    """Takes waiting messages out of the queue; how many."""
    row = await session.one(CANCEL, {"campaign": campaign, "ids": list(ids)})
    return row[0] if row else 0


async def retry(session: Session, campaign: UUID, ids: Sequence[int]) -> int:
    """Lets messages that wait for their next try go at once; how many."""
    return await session.execute(RETRY, {"campaign": campaign, "ids": list(ids)})


async def uncertain(session: Session, campaign: UUID, ids: Sequence[int]) -> list[int]:
    """Those of the messages whose fate is unknown."""
    return [row[0] for row in await session.rows(UNCERTAIN, {"campaign": campaign, "ids": list(ids)})]
