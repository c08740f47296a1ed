"""What a refusal, a complaint or a success does to the log, the queue and the address (each once, REL-16)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from crm_domain.bounces.judge import (
    LATE_WITHIN_DAYS,
    SOFT_DAYS,
    SOFT_MOST,
    SOFT_WITHIN_DAYS,
    Verdict,
)
from crm_storage.database import Session
from crm_storage.sending.alarm import halt_if_complained
from crm_storage.tracking.fold import Entry, enter

HARD = """
UPDATE email_address a SET invalid = true, invalid_at = %(at)s, invalid_reason = %(rule)s
FROM email_queue q WHERE q.id = %(message)s AND a.id = q.address_id AND NOT a.invalid RETURNING a.id
"""
AGAIN = """
SELECT count(*) FROM campaign_log l JOIN email_queue q ON q.id = %(message)s AND l.address_id = q.address_id
WHERE l.activity = 'invalid' AND l.message <> q.id AND l.first_at > %(since)s::timestamptz - make_interval(days => %(days)s)
"""
SOFT = f"""
WITH streak AS (
  SELECT a.id, count(*) AS number, count(DISTINCT (l.first_at AT TIME ZONE 'UTC')::date) AS days, max(l.first_at) AS at
  FROM email_queue q JOIN email_address a ON a.id = q.address_id
    JOIN campaign_log l ON l.address_id = a.id AND l.activity IN ('send_error', 'invalid') AND l.via = 'soft'
      AND l.first_at > greatest(%(at)s::timestamptz - interval '{SOFT_WITHIN_DAYS} days', a.heard_at)
  WHERE q.id = ANY (%(messages)s) GROUP BY a.id
), over AS (SELECT id, number, at, number >= {SOFT_MOST} AND days >= {SOFT_DAYS} AS over FROM streak)
UPDATE email_address a SET soft_bounces = s.number, invalid = a.invalid OR s.over,
  invalid_at = CASE WHEN s.over AND NOT a.invalid THEN s.at ELSE a.invalid_at END,
  invalid_reason = CASE WHEN s.over AND NOT a.invalid THEN 'soft' ELSE a.invalid_reason END
FROM over s WHERE a.id = s.id
"""
"""So many on so many days since somebody was last heard of. That a server took a mail is no sign: it may still return it."""
SUCCESS = """
UPDATE email_address a SET soft_bounces = 0, last_success_at = greatest(a.last_success_at, %(at)s), heard_at = greatest(a.heard_at, %(at)s)
FROM email_queue q WHERE q.id = %(message)s AND a.id = q.address_id
"""
RESOLVED = """
WITH row AS (
  UPDATE email_queue SET state = %(state)s, reason = %(rule)s WHERE id = %(message)s AND state = 'uncertain' RETURNING run_id
)
UPDATE mkt_run r SET uncertain = r.uncertain - 1, sent = r.sent + (%(state)s = 'sent')::int, failed = r.failed + (%(state)s = 'failed')::int
FROM row WHERE r.id = row.run_id
"""
COMPLAIN = """
WITH hit AS (
  UPDATE email_address a SET opted_out = true, opted_out_at = coalesce(a.opted_out_at, %(at)s), opted_out_source = 'complaint',
    complained_at = coalesce(a.complained_at, %(at)s), optin_state = 'none'
  FROM email_queue q WHERE q.id = %(message)s AND a.id = q.address_id AND a.complained_at IS NULL RETURNING a.id, q.campaign_id
)
INSERT INTO consent_log (address_id, campaign_id, old, new, source, at)
SELECT id, campaign_id, 'subscribed', 'complained', 'complaint', %(at)s FROM hit
"""


async def refused(session: Session, message: int, verdict: Verdict, at: datetime) -> bool:
    """Applies a verdict on one message; whether it was news. The caller commits."""
    facts: dict[str, Any] = {"message": message, "rule": verdict.rule, "at": at}
    match verdict.outcome:
        case "delay":
            return False
        case "success":
            await session.execute(SUCCESS, facts)
            await session.execute(RESOLVED, {**facts, "state": "sent"})
            return True
        case "hard" | "hard_late":
            activity, via = "invalid", "hard"
        case "soft":
            activity, via = "send_error", "soft"
        case "block":
            activity, via = "send_error", "block"
    new = await enter(session, Entry(message, activity, at, verdict.rule, via))
    await session.execute(RESOLVED, {**facts, "state": "failed"})
    if new and verdict.outcome == "hard":
        await session.execute(HARD, facts)
    elif new and verdict.outcome == "hard_late":
        row = await session.one(AGAIN, {"message": message, "since": at, "days": LATE_WITHIN_DAYS})
        if row and row[0]:
            await session.execute(HARD, facts)
    elif new and verdict.outcome == "soft":
        await count_streaks(session, [message], at)
    return bool(new)


async def count_streaks(session: Session, messages: Sequence[int], at: datetime) -> None:
    """Gives up the addresses of these messages that were refused too often on too many days."""
    await session.execute(SOFT, {"messages": list(messages), "at": at})


async def complained(session: Session, message: int, at: datetime) -> bool:
    """Somebody called the mail spam: he gets none any more, and nobody here can change that. Too many of them halt the mailing."""
    new = await enter(session, Entry(message, "complaint", at), Entry(message, "removed", at, "complaint"))
    await session.execute(COMPLAIN, {"message": message, "at": at})
    if (message, "complaint") not in new:
        return False
    await halt_if_complained(session, message)
    return True


async def replied(session: Session, message: int, at: datetime) -> bool:
    """A person answered, so the address works."""
    await session.execute(SUCCESS, {"message": message, "at": at})
    await session.execute(RESOLVED, {"message": message, "at": at, "rule": "replied", "state": "sent"})
    return bool(await enter(session, Entry(message, "replied", at)))
