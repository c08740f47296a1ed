"""Mailings that wait for a person for a day: who scheduled them and who answers for the campaign hear of it, once (4.3)."""

from uuid import UUID

from crm_domain.definition import Ref
from crm_storage.database import Session
from crm_storage.notices import tell
from crm_storage.sending.uncertain import DECISION_HOURS

UNDECIDED, STOPPED = "mails_undecided", "mailing_waits"
TOLD = f"""
WITH span AS (SELECT make_interval(hours => {DECISION_HOURS}) AS wait),
undecided AS (
  SELECT r.id, count(*) AS mails FROM span, mkt_run r JOIN email_queue q ON q.run_id = r.id AND q.state = 'uncertain'
  WHERE r.uncertain > 0 AND q.begun_at < now() - wait
  GROUP BY r.id, r.told_at, wait HAVING r.told_at IS NULL OR max(q.begun_at) + wait > r.told_at
), stopped AS (
  SELECT r.id, 0 AS mails FROM span, mkt_run r
  WHERE r.state IN ('overdue', 'halted') AND r.kind = 'live' AND r.state_at < now() - wait
    AND (r.told_at IS NULL OR r.told_at < r.state_at)
), told AS (
  UPDATE mkt_run r SET told_at = now()
  FROM (SELECT id, max(mails) AS mails FROM (TABLE undecided UNION ALL TABLE stopped) w GROUP BY id) w
  WHERE r.id = w.id RETURNING r.marketing_id, r.campaign_id, r.created_by, w.mails
)
SELECT t.marketing_id, t.campaign_id, e.name, t.mails, t.created_by, c.assigned_to
FROM told t JOIN email_marketing e ON e.id = t.marketing_id JOIN campaigns c ON c.id = t.campaign_id
"""
"""Again only for what began to wait since they were told."""


async def tell_waiting(session: Session) -> int:
    """Tells of a company's mailings that wait; how many. The caller commits."""
    found = await session.rows(TOLD)
    for marketing, campaign, name, mails, *people in found:
        to = list({one for one in people if one is not None})
        await _tell(session, to, marketing, campaign, name, mails)
    return len(found)


async def _tell(session: Session, to: list[UUID], marketing: UUID, campaign: UUID, name: str, mails: int) -> None:
    if mails:
        href = f"/campaigns/{campaign}/queue?marketing={marketing}&status=uncertain"
        await tell(
            session, UNDECIDED, to, href, {"name": name, "number": mails}, about=Ref("email_marketing", marketing)
        )
    else:
        await tell(
            session,
            STOPPED,
            to,
            f"/email_marketing/{marketing}/send",
            {"name": name},
            about=Ref("email_marketing", marketing),
        )
