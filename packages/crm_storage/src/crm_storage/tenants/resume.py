"""Letting a company's work go on after a pause, without a flood of what gathered meanwhile (scenario 57)."""

from crm_domain.tenancy import NOTICES
from crm_storage.database import Session

STALE = f"""
UPDATE outbox SET handled_at = now(), published_at = coalesce(published_at, now()), payload = '{{}}'
WHERE handled_at IS NULL AND dead_at IS NULL AND subject = '{NOTICES}' AND created_at < now() - interval '1 day'
"""
"""Links in such mails have ended, and what they tell stands in the company's pages."""
HOLD_RUNS = """
WITH held AS (
  UPDATE mkt_run SET state = 'paused', state_at = now(), reason = 'tenant_paused'
  WHERE state IN ('filling', 'ready', 'sending')
  RETURNING marketing_id, kind
)
UPDATE email_marketing e SET run_state = 'paused' FROM held WHERE held.marketing_id = e.id AND held.kind = 'live'
"""


async def resume(session: Session) -> None:
    """Gives up notices older than a day and pauses mailings that were under way, for their people to let them go on.

    The caller commits.
    """
    await session.execute(STALE)
    await session.execute(HOLD_RUNS)
