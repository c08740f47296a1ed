"""A run's states and the ways between them; the marketing record shows its live run's state."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from crm_domain.sending.plan import (
    LEAST_COMPLAINTS,
    LEAST_JUDGED,
    MOST_BLOCKED,
    MOST_BOUNCED,
    MOST_COMPLAINED,
    MOST_UNRENDERED,
)
from crm_storage.database import Session

MOVE = """
WITH moved AS (
  UPDATE mkt_run SET state = %(to)s, state_at = now(), reason = %(reason)s, reason_facts = %(facts)s::jsonb,
    started_at = CASE WHEN %(to)s = 'filling' THEN coalesce(started_at, now()) ELSE started_at END,
    finished_at = CASE WHEN %(to)s IN ('finished', 'cancelled', 'failed') THEN now() END
  WHERE id = %(run)s AND state = ANY(%(from)s) RETURNING marketing_id, kind
)
UPDATE email_marketing e SET run_state = %(shown)s FROM moved m WHERE e.id = m.marketing_id AND m.kind = 'live'
RETURNING e.id
"""
STATE = "SELECT state FROM mkt_run WHERE id = %(run)s"
LOCKED = "SELECT state FROM mkt_run WHERE id = %(run)s FOR UPDATE"
UNDER_WAY = """
SELECT id FROM mkt_run WHERE marketing_id = %(marketing)s AND kind = 'live' AND state NOT IN ('finished', 'cancelled', 'failed')
"""
FINISH = """
SELECT NOT EXISTS (SELECT FROM email_queue WHERE run_id = %(run)s AND state IN ('ready', 'leased', 'begun'))
"""
CANCEL_BATCH = """
WITH batch AS (SELECT id FROM email_queue WHERE run_id = %(run)s AND state = 'ready' LIMIT 10000 FOR UPDATE SKIP LOCKED),
moved AS (
  UPDATE email_queue q SET state = 'cancelled', ended_at = now() FROM batch WHERE q.id = batch.id RETURNING q.id
), counted AS (
  UPDATE mkt_run SET cancelled = cancelled + (SELECT count(*) FROM moved) WHERE id = %(run)s
)
SELECT count(*) FROM moved
"""
HALTS = f"""
SELECT CASE
  WHEN attempted - judged_from >= {LEAST_JUDGED} AND bounced > {MOST_BOUNCED} * (attempted - judged_from) THEN 'bounces'
  WHEN attempted - judged_from >= {LEAST_JUDGED} AND blocked > {MOST_BLOCKED} * (attempted - judged_from) THEN 'blocks'
  WHEN attempted + unrendered - judged_from >= {LEAST_JUDGED}
    AND unrendered > {MOST_UNRENDERED} * (attempted + unrendered - judged_from) THEN 'unrendered'
END, bounced, blocked, unrendered, attempted - judged_from
FROM mkt_run WHERE id = %(run)s AND state = 'sending'
"""
COMPLAINTS = f"""
SELECT r.id, r.attempted, count(*) FROM email_queue q JOIN mkt_run r ON r.id = q.run_id AND r.state = 'sending'
JOIN campaign_log l ON l.campaign_id = r.campaign_id AND l.activity = 'complaint' AND l.marketing_id = r.marketing_id
  AND l.first_at >= r.state_at
WHERE q.id = %(message)s AND r.attempted >= {LEAST_JUDGED}
GROUP BY r.id HAVING count(*) >= {LEAST_COMPLAINTS} AND count(*) > {MOST_COMPLAINED} * r.attempted
"""
"""Only those since the run was last let go on."""
JUDGE_ANEW = """
UPDATE mkt_run SET judged_from = attempted, bounced = 0, blocked = 0, unrendered = 0 WHERE id = %(run)s
"""
CHANNEL = "sending"
"""Where workers hear, once the change commits, in which schema there is something to send."""
WAKE = f"SELECT pg_notify('{CHANNEL}', current_schema())"
TRY_SERVER_AGAIN = """
UPDATE rate_bucket SET failures = 0, closed_until = NULL
WHERE scope = 'account' AND key = (SELECT settings ->> 'account' FROM mkt_run WHERE id = %(run)s)
"""
NOW = "UPDATE mkt_run SET scheduled_for = now() WHERE id = %(run)s"
OPEN = ("scheduled", "overdue", "filling", "ready", "sending", "paused", "halted")


class Halt(msgspec.Struct, frozen=True):
    """Why a run was stopped: the rule and the figures it judged."""

    rule: str
    number: int
    attempts: int


async def move(
    session: Session,
    run: UUID,
    start: tuple[str, ...],
    to: str,
    reason: str = "",
    facts: Mapping[str, Any] | None = None,
) -> bool:
    """Moves a run from one of these states; False when it was in none of them."""
    row = await session.one(LOCKED, {"run": run})
    if row is None or row[0] not in start:
        return False
    shown = "draft" if to == "unscheduled" else to
    params = {"run": run, "from": list(start), "to": "cancelled" if to == "unscheduled" else to, "shown": shown}
    await session.execute(MOVE, {**params, "reason": reason, "facts": msgspec.json.encode(facts or {}).decode()})
    return True


async def pause(session: Session, run: UUID, reason: str = "by_hand") -> bool:
    """Nothing new begins; what is on the wire ends."""
    return await move(session, run, ("sending", "filling", "ready"), "paused", reason)


async def resume(session: Session, run: UUID) -> bool:
    """Goes on exactly where it was: with filling when that was not done, else with sending. Rates are judged anew."""
    row = await session.one(
        "SELECT fill_done < fill_slices OR fill_slices = 0 FROM mkt_run WHERE id = %(run)s", {"run": run}
    )
    to = "filling" if row and row[0] else "sending"
    if not await move(session, run, ("paused", "halted"), to):
        return False
    await session.execute(JUDGE_ANEW, {"run": run})
    await session.execute(TRY_SERVER_AGAIN, {"run": run})
    await wake(session)
    return True


async def unschedule(session: Session, run: UUID) -> bool:
    """Takes a run back that has not begun; its record is a draft again."""
    return await move(session, run, ("scheduled", "overdue"), "unscheduled", "by_hand")


async def send_now(session: Session, run: UUID) -> bool:
    """Lets a run begin that waits for its time or missed it."""
    if not await move(session, run, ("scheduled", "overdue"), "scheduled"):
        return False
    await session.execute(NOW, {"run": run})
    await wake(session)
    return True


async def cancel(session: Session, run: UUID) -> bool:
    """Begins to cancel; rows that wait are cancelled in batches, those on the wire end."""
    moved = await move(session, run, OPEN, "cancelling", "by_hand")
    await wake(session)
    return moved


async def wake(session: Session) -> None:
    """Tells the workers, once this commits, not to wait for their next round."""
    await session.execute(WAKE)


async def cancel_batch(session: Session, run: UUID) -> int:
    """Cancels up to ten thousand waiting rows; how many. With none left and none under way the run is cancelled."""
    row = await session.one(CANCEL_BATCH, {"run": run})
    number = row[0] if row else 0
    if not number and await done(session, run):
        await move(session, run, ("cancelling",), "cancelled", "by_hand")
    return number


async def done(session: Session, run: UUID) -> bool:
    """Whether no row waits or is under way."""
    row = await session.one(FINISH, {"run": run})
    return bool(row and row[0])


async def finish(session: Session, run: UUID) -> bool:
    """Ends a run that has nothing left to do."""
    return await done(session, run) and await move(session, run, ("sending",), "finished")


async def halt_if_bad(session: Session, run: UUID) -> Halt | None:
    """Stops a run whose mails bounce, are blocked or cannot be made too often; a person must let it go on."""
    row = await session.one(HALTS, {"run": run})
    if row is None or row[0] is None:
        return None
    rule, bounced, blocked, unrendered, attempts = row
    number = {"bounces": bounced, "blocks": blocked, "unrendered": unrendered}[rule]
    facts = {"number": number, "attempts": attempts}
    if not await move(session, run, ("sending",), "halted", rule, facts):
        return None
    return Halt(rule, number, attempts)


async def halt_if_complained(session: Session, message: int) -> tuple[UUID, Halt] | None:
    """Stops the run that this mail belongs to when too many readers complained; the run that was stopped, and why."""
    row = await session.one(COMPLAINTS, {"message": message})
    if row is None:
        return None
    run, attempts, number = row
    facts = {"number": number, "attempts": attempts}
    if not await move(session, run, ("sending",), "halted", "complaints", facts):
        return None
    return run, Halt("complaints", number, attempts)


async def under_way(session: Session, marketing: UUID) -> UUID | None:
    """The live run of a marketing record that has not ended."""
    row = await session.one(UNDER_WAY, {"marketing": marketing})
    return row[0] if row else None


async def state_of(session: Session, run: UUID) -> str:
    """The run's state; empty when there is no such run."""
    row = await session.one(STATE, {"run": run})
    return row[0] if row else ""
