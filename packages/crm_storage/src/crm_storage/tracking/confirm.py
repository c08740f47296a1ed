"""Consent that counts once it is confirmed from the address itself: asking for it by mail, and what the answer changes (9.3)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from crm_domain.tenancy import Tenant
from crm_domain.tracking.tokens import Content, Kind, Tokens
from crm_storage.database import Session
from crm_storage.outbox import put

ASK = """
WITH theirs AS ({theirs}), asked AS (
  INSERT INTO consent_asking (address_id, campaign_id, at, evidence)
  SELECT id, %(campaign)s, %(at)s, %(evidence)s::jsonb FROM theirs t
  WHERE NOT EXISTS (SELECT FROM consent_asking c WHERE c.address_id = t.id AND c.at > %(at)s - interval '1 day')
  RETURNING number, address_id
), pending AS (
  UPDATE email_address a SET optin_state = 'pending_sent' FROM asked q
  WHERE a.id = q.address_id AND a.optin_state = 'none' AND NOT a.opted_out
), noted AS (
  INSERT INTO consent_log (address_id, campaign_id, old, new, source, actor_id, at, evidence)
  SELECT t.id, %(campaign)s, CASE WHEN t.opted_out THEN 'opted_out' ELSE t.optin_state END, 'pending_sent', %(source)s, %(by)s,
    %(at)s, %(evidence)s::jsonb
  FROM theirs t JOIN asked q ON q.address_id = t.id
)
SELECT q.number, t.address FROM asked q JOIN theirs t ON t.id = q.address_id
"""
"""Nobody is asked twice a day, whoever fills in forms with his address or subscribes him. Who complained is not asked."""
ONE = ASK.format(
    theirs="""
  SELECT a.id, a.address, a.optin_state, a.opted_out FROM email_link l JOIN email_address a ON a.id = l.address_id
  WHERE l.record_id = %(record)s AND a.address_key = %(key)s AND a.complained_at IS NULL
    AND (a.optin_state <> 'confirmed' OR a.opted_out)
"""
)
MANY = ASK.format(
    theirs="""
  SELECT DISTINCT a.id, a.address, a.optin_state, a.opted_out FROM email_link l JOIN email_address a ON a.id = l.address_id
  WHERE l.record_id = ANY(%(records)s) AND l.is_primary AND a.complained_at IS NULL AND a.optin_state <> 'confirmed'
    AND NOT a.opted_out AND NOT a.invalid
"""
)
"""What staff do for somebody is no reason to write to him who wants no mail."""
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


class Asker(msgspec.Struct, frozen=True):
    """Who asks, in which language, and where his trackers are."""

    tenant: Tenant
    language: str
    tracker_url: str
    tokens: Tokens


async def ask(
    session: Session, record: UUID, key: str, *, campaign: UUID | None, at: datetime, evidence: str
) -> tuple[int, str] | None:
    """Notes that consent waits for the answer from that address of the record, by its key: the asking's number and the address
    to write to. None where nothing is to be asked. `evidence` is JSON; the caller commits."""
    facts = {"record": record, "key": key, "campaign": campaign, "at": at, "evidence": evidence}
    row = await session.one(ONE, {**facts, "source": "web_form", "by": None})
    return (row[0], row[1]) if row else None


async def ask_subscribers(
    session: Session, asker: Asker, records: Sequence[UUID], newsletter: tuple[UUID, str], *, by: UUID, at: datetime
) -> int:
    """Asks those whom a colleague subscribed to a newsletter, by its id and name, to confirm it; how many. The caller commits."""
    evidence = '{"by": "staff"}'
    facts = {"records": list(records), "campaign": newsletter[0], "at": at, "evidence": evidence}
    asked = await session.rows(MANY, {**facts, "source": "staff", "by": by})
    for number, address in asked:
        await send_question(session, asker, number, address, "confirm_subscription", newsletter=newsletter[1])
    return len(asked)


async def send_question(session: Session, asker: Asker, number: int, address: str, template: str, **facts: str) -> None:
    """The mail with the link to the page that asks; it leaves with the change it belongs to."""
    token = asker.tokens.sign(Kind.PREFERENCES, Content(asker.tenant.number, number))
    told = {"tenant": asker.tenant.name, "link": f"{asker.tracker_url}/p/{token}?lang={asker.language}", **facts}
    await put(session, "mail.send", {"to": address, "template": template, "language": asker.language, "facts": told})


async def confirm(session: Session, number: int, at: datetime) -> None:
    """Consent was meant: once, within 30 days. The caller commits."""
    await session.execute(CONFIRM, {"number": number, "at": at})
