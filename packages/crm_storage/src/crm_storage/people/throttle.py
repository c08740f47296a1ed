"""Counting failures by key, so that guessing slows down (SEC-29). Every count is one statement and safe in parallel."""

from collections.abc import Sequence
from datetime import datetime

from crm_domain.people.throttle import FORGOTTEN, WAITS
from crm_storage.database import Session

BLOCKED = "SELECT max(until) FROM login_throttle WHERE key = ANY(%(keys)s) AND until > now()"
COUNT = """
INSERT INTO login_throttle AS t (key, failures, until) VALUES (%(key)s, 1, clock_timestamp())
ON CONFLICT (key) DO UPDATE SET (failures, until) = (
  SELECT n, clock_timestamp()
    + coalesce((%(waits)s::interval[])[least(n - %(free)s::int + 1, %(steps)s::int)], interval '0')
  FROM (
    SELECT CASE WHEN t.until < clock_timestamp() - %(forgotten)s::interval THEN 1 ELSE t.failures + 1 END AS n
  ) AS next
)
WHERE t.until <= clock_timestamp()
RETURNING failures
"""
"""By the clock, not by the start of the transaction: a try that waited for another comes after it."""
CLEAR = "DELETE FROM login_throttle WHERE key = %(key)s"


async def blocked_until(session: Session, keys: Sequence[str]) -> datetime | None:
    """When these may be tried again; None when now."""
    row = await session.one(BLOCKED, {"keys": list(keys)})
    return row[0] if row else None


async def count(session: Session, key: str, free: int) -> int | None:
    """Counts a failure; how many there are now. None when the key is blocked meanwhile."""
    facts = {"key": key, "free": free, "waits": list(WAITS), "steps": len(WAITS), "forgotten": FORGOTTEN}
    row = await session.one(COUNT, facts)
    return row[0] if row else None


async def clear(session: Session, key: str) -> None:
    """Forgets the failures, after a success or by an administrator's hand."""
    await session.execute(CLEAR, {"key": key})
