"""Whether what must run for mail to leave and come back does run, as far as a company's own tables tell."""

from datetime import datetime, timedelta

import msgspec

from crm_storage.database import Session

SILENT = timedelta(minutes=15)
"""A mailing that is due for so long, or a bounce account nobody has looked into for so long, means that nobody does."""
STUCK = timedelta(minutes=5)
"""The same of a message to the worker."""
SKEW = timedelta(seconds=30)
READ = """
SELECT
  least(
    (SELECT min(scheduled_for) FROM mkt_run WHERE state = 'scheduled' AND scheduled_for < now()),
    (SELECT min(q.not_before) FROM mkt_run r JOIN email_queue q ON q.run_id = r.id AND q.state = 'ready' WHERE r.state = 'sending')),
  (SELECT min(coalesce(r.read_at, a.created_at)) FROM bounce_accounts a LEFT JOIN bounce_reading r ON r.account_id = a.id
    WHERE a.active AND a.deleted_at IS NULL),
  (SELECT min(coalesce(o.not_before, o.created_at)) FROM outbox o
    WHERE o.published_at IS NULL AND o.dead_at IS NULL AND (o.not_before IS NULL OR o.not_before < now())),
  (SELECT count(*) FROM rate_bucket b JOIN outbound_accounts a ON a.id::text = b.key AND a.deleted_at IS NULL
    WHERE b.scope = 'account' AND b.closed_until > now()),
  (SELECT count(*) FROM outbound_accounts WHERE deleted_at IS NULL AND state = 'disabled'),
  clock_timestamp()
"""


class Pulse(msgspec.Struct, frozen=True):
    """`due` and `waiting` are since when the oldest mail and message wait, `read_at` when bounce accounts were read last.

    `resting` accounts are given a rest after failures, `stopped` ones wait for a person.
    """

    due: datetime | None
    read_at: datetime | None
    waiting: datetime | None
    resting: int
    stopped: int
    clock: datetime

    def sends(self) -> bool:
        return self.due is None or self.clock - self.due < SILENT

    def reads(self) -> bool:
        return self.read_at is None or self.clock - self.read_at < SILENT

    def works(self) -> bool:
        return self.waiting is None or self.clock - self.waiting < STUCK

    def agrees(self, now: datetime) -> bool:
        """Whether the database's clock is this machine's."""
        return abs(self.clock - now) < SKEW


async def pulse(session: Session) -> Pulse:
    """As it is now; a few looks into indexes."""
    row = await session.one(READ)
    assert row is not None, "a SELECT of figures has a row"
    return Pulse(*row)
