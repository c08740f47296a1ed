"""Mails of which nobody knows whether they went: settled by evidence, or by a person, never by themselves (4.3)."""

from typing import Literal
from uuid import UUID

from crm_storage.database import Session
from crm_storage.sending import states

SETTLE = """
WITH settled AS (
  UPDATE email_queue SET state = %(to)s, reason = %(why)s, ended_at = CASE WHEN %(to)s <> 'ready' THEN now() END,
    not_before = CASE WHEN %(to)s = 'ready' THEN now() ELSE not_before END,
    lease_token = CASE WHEN %(to)s = 'ready' THEN NULL ELSE lease_token END
  WHERE id = ANY(%(ids)s) AND state = 'uncertain' RETURNING id, run_id
), counted AS (
  UPDATE mkt_run r SET uncertain = r.uncertain - c.number,
    sent = r.sent + CASE WHEN %(to)s = 'sent' THEN c.number ELSE 0 END,
    failed = r.failed + CASE WHEN %(to)s = 'failed' THEN c.number ELSE 0 END
  FROM (SELECT run_id, count(*) AS number FROM settled GROUP BY run_id) c WHERE r.id = c.run_id
)
SELECT DISTINCT run_id FROM settled
"""
WAITING = """
SELECT count(*) FROM email_queue WHERE state = 'uncertain' AND begun_at < now() - make_interval(hours => %(hours)s)
AND run_id = ANY (SELECT id FROM mkt_run WHERE campaign_id = %(campaign)s AND uncertain > 0
  AND (%(marketing)s::uuid IS NULL OR marketing_id = %(marketing)s))
"""
REOPEN = """
WITH opened AS (
  UPDATE mkt_run SET state = 'sending', state_at = now(), finished_at = NULL,
    expires_at = greatest(expires_at, now() + interval '1 day')
  WHERE id = ANY(%(runs)s) AND state = 'finished' RETURNING marketing_id, kind
)
UPDATE email_marketing e SET run_state = 'sending' FROM opened o WHERE e.id = o.marketing_id AND o.kind = 'live'
"""
NOTE = """
INSERT INTO audit_event (actor_id, source, request_id, module, record_id, action, changes)
SELECT %(by)s, 'web', '', 'email_marketing', r.marketing_id, %(action)s, jsonb_build_object('mails', %(mails)s::int)
FROM mkt_run r WHERE r.id = ANY(%(runs)s)
"""
DECISION_HOURS = 24
Decision = Literal["sent", "again"]


async def proved(session: Session, ids: list[int], *, sent: bool, why: str) -> int:
    """Something showed what became of these mails: a click, an answer, returned mail. How many were settled."""
    return len(await _settle(session, ids, "sent" if sent else "failed", why))


async def decide(session: Session, ids: list[int], decision: Decision, *, by: UUID) -> int:
    """A person's word: they count as sent, or they are sent again under the same Message-ID. How many runs it concerned."""
    runs = await _settle(session, ids, "sent" if decision == "sent" else "ready", "decided")
    if runs and decision == "again":
        await session.execute(REOPEN, {"runs": runs})
        await states.wake(session)
    await session.execute(NOTE, {"by": by, "action": f"uncertain_{decision}", "mails": len(ids), "runs": runs})
    return len(runs)


async def undecided(session: Session, campaign: UUID, marketing: UUID | None = None) -> int:
    """How many mails of a campaign, or of one of its marketing records, have been uncertain for a day: a person should decide."""
    row = await session.one(WAITING, {"hours": DECISION_HOURS, "campaign": campaign, "marketing": marketing})
    return row[0] if row else 0


async def _settle(session: Session, ids: list[int], to: str, why: str) -> list[UUID]:
    return [row[0] for row in await session.rows(SETTLE, {"ids": ids, "to": to, "why": why})]
