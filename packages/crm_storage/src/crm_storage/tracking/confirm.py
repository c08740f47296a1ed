"""Consent that counts once it is confirmed from the address itself: asking for it by mail, and what the answer changes (9.3)."""

from datetime import datetime
from uuid import UUID

from crm_storage.database import Session

ASK = """
WITH theirs AS (
  SELECT a.id, a.address, a.optin_state, a.opted_out FROM email_link l JOIN email_address a ON a.id = l.address_id
  WHERE l.record_id = %(record)s AND a.address_key = %(key)s AND a.complained_at IS NULL
    AND (a.optin_state <> 'confirmed' OR a.opted_out)
), asked AS (
  INSERT INTO consent_asking (address_id, campaign_id, at, evidence)
  SELECT id, %(campaign)s, %(at)s, %(evidence)s::jsonb FROM theirs t
  WHERE NOT EXISTS (SELECT FROM consent_asking c WHERE c.address_id = t.id AND c.at > %(at)s - interval '1 day')
  RETURNING number, address_id
), pending AS (
  UPDATE email_address a SET optin_state = 'pending_sent' FROM asked q
  WHERE a.id = q.address_id AND a.optin_state = 'none' AND NOT a.opted_out
), noted AS (
  INSERT INTO consent_log (address_id, campaign_id, old, new, source, at, evidence)
  SELECT t.id, %(campaign)s, CASE WHEN t.opted_out THEN 'opted_out' ELSE t.optin_state END, 'pending_sent', 'web_form', %(at)s,
    %(evidence)s::jsonb
  FROM theirs t JOIN asked q ON q.address_id = t.id
)
SELECT q.number, t.address FROM asked q JOIN theirs t ON t.id = q.address_id
"""
"""Nobody is asked twice a day, whoever fills in forms with his address. Who complained is not asked."""
CONFIRM = """
WITH asked AS (
  UPDATE consent_asking SET confirmed_at = %(at)s
  WHERE number = %(number)s AND confirmed_at IS NULL AND at > %(at)s - interval '30 days'
  RETURNING address_id, campaign_id, evidence
), meant AS (
  UPDATE email_address a SET optin_state = 'confirmed', optin_at = %(at)s, opted_out = false, opted_out_at = NULL,
    opted_out_source = NULL, invalid = false, invalid_at = NULL, invalid_reason = NULL, soft_bounces = 0
  FROM asked q WHERE a.id = q.address_id AND a.complained_at IS NULL
  RETURNING a.id, q.campaign_id, q.evidence, CASE WHEN old.opted_out THEN 'opted_out' ELSE old.optin_state END AS was
)
INSERT INTO consent_log (address_id, campaign_id, old, new, source, at, evidence)
SELECT id, campaign_id, was, 'confirmed', 'recipient', %(at)s, evidence FROM meant
"""
"""Whoever confirms has the address and wants mail: an older opt-out and an older bounce are over."""


async def ask(
    session: Session, record: UUID, key: str, *, campaign: UUID | None, at: datetime, evidence: str
) -> tuple[int, str] | None:
    """Notes that consent waits for the answer from that address of the record, by its key: the asking's number and the address
    to write to. None where nothing is to be asked. `evidence` is JSON; the caller commits."""
    facts = {"record": record, "key": key, "campaign": campaign, "at": at, "evidence": evidence}
    row = await session.one(ASK, facts)
    return (row[0], row[1]) if row else None


async def confirm(session: Session, number: int, at: datetime) -> None:
    """Consent was meant: once, within 30 days. The caller commits."""
    await session.execute(CONFIRM, {"number": number, "at": at})
