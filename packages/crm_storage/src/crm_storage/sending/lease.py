"""Taking rows of the queue for a while, and giving them back. Who may no longer be mailed is left out by the same statement (REL-15)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from crm_domain.sending.audience import CONSENT_RANKS, MEMBERS
from crm_storage.database import Session
from crm_storage.sending.judged import RANK
from crm_storage.sending.suffixes import suffixes
from crm_storage.sending.suppressed import logged

LEASE_S = 120
GRACE_S = 60
"""After a lease's end until a mail that was begun counts as unknown."""
STAFF = ", ".join(f"'{member.module}'" for member in MEMBERS if member.staff)
SPARING = """
ARRAY(SELECT t.id FROM campaign_target_lists c JOIN target_lists t ON t.id = c.right_id AND t.deleted_at IS NULL
WHERE c.left_id = %(campaign)s AND t.list_type = '{}')
"""
NOT_EXPIRED = "coalesce(s.expires_at, 'infinity') > now()"
REASONS = f"""
CASE
  WHEN a.opted_out AND NOT (q.is_test AND q.module IN ({STAFF})) THEN 'opt_out'
  WHEN a.invalid AND NOT (q.is_test AND q.module IN ({STAFF})) THEN 'invalid'
  WHEN q.is_test THEN NULL
  WHEN EXISTS (SELECT FROM newsletter_optout n WHERE n.campaign_id = %(newsletter)s AND n.address_id = a.id)
    THEN 'newsletter_optout'
  WHEN {RANK.format(column="a.optin_state")} < %(needed)s THEN 'consent'
  WHEN EXISTS (SELECT FROM suppression s WHERE s.kind = 'address' AND s.value = a.address_key AND {NOT_EXPIRED})
    OR EXISTS (SELECT FROM suppression s WHERE s.kind = 'domain' AND s.value = ANY({suffixes("a.domain")})
      AND (s.include_subdomains OR s.value = a.domain) AND {NOT_EXPIRED}) THEN 'tenant'
  WHEN EXISTS (SELECT FROM target_list_address x, lists l WHERE x.list_id = ANY(l.addresses) AND x.address_key = a.address_key)
    OR EXISTS (SELECT FROM email_link e JOIN target_list_member m ON m.right_id = e.record_id, lists l
      WHERE e.address_id = a.id AND m.left_id = ANY(l.addresses)) THEN 'by_address'
  WHEN EXISTS (SELECT FROM target_list_domain x, lists l WHERE x.list_id = ANY(l.domains)
    AND x.domain = ANY({suffixes("a.domain")}) AND (x.include_subdomains OR x.domain = a.domain)) THEN 'by_domain'
  WHEN %(most)s::int IS NOT NULL AND (SELECT count(*) FROM email_queue f WHERE f.address_id = a.id AND f.state = 'sent'
    AND NOT f.is_test AND f.ended_at > now() - make_interval(days => %(days)s::int)) >= %(most)s::int THEN 'frequency'
END
"""
LEASE = f"""
WITH lists AS MATERIALIZED (
  SELECT {SPARING.format("exempt_address")} AS addresses, {SPARING.format("exempt_domain")} AS domains
), picked AS (
  SELECT q.id FROM email_queue q JOIN mkt_run r ON r.id = q.run_id AND r.state = 'sending'
  WHERE q.run_id = %(run)s AND q.state = 'ready' AND q.not_before <= now() AND NOT q.provider = ANY(%(resting)s)
  ORDER BY q.not_before, q.id LIMIT %(limit)s FOR UPDATE OF q SKIP LOCKED
), judged AS (
  SELECT q.id, a.address, {REASONS} AS reason
  FROM picked JOIN email_queue q USING (id) JOIN email_address a ON a.id = q.address_id
), moved AS (
  UPDATE email_queue q SET state = CASE WHEN j.reason IS NULL THEN 'leased' ELSE 'skipped' END,
    reason = coalesce(j.reason, ''), lease_token = %(token)s, lease_until = now() + make_interval(secs => {LEASE_S}),
    ended_at = CASE WHEN j.reason IS NULL THEN NULL ELSE now() END
  FROM judged j WHERE q.id = j.id
  RETURNING q.id, q.module, q.record_id, j.address, q.attempts, q.provider, q.state, q.address_id, q.list_id, q.class, q.reason
), noted AS (
  INSERT INTO email_skip (run_id, module, record_id, address_id, list_id, reason)
  SELECT %(run)s, module, record_id, address_id, list_id, reason FROM moved WHERE state = 'skipped'
), tallied AS (
  UPDATE mkt_run SET skipped = skipped + (SELECT count(*) FROM moved WHERE state = 'skipped')
  WHERE id = %(run)s AND EXISTS (SELECT FROM moved WHERE state = 'skipped')
), {logged("moved")}
SELECT id, module, record_id, address, attempts, provider FROM moved WHERE state = 'leased' ORDER BY id
"""
RENEW = f"""
UPDATE email_queue SET lease_until = now() + make_interval(secs => {LEASE_S})
WHERE id IN (
  SELECT id FROM email_queue WHERE id = ANY(%(ids)s) AND lease_token = %(token)s AND state IN ('leased', 'begun')
  FOR UPDATE SKIP LOCKED)
"""
GIVE_BACK = """
UPDATE email_queue SET state = 'ready', lease_token = NULL, lease_until = NULL, not_before = greatest(not_before, %(after)s)
WHERE id = ANY(%(ids)s) AND lease_token = %(token)s AND state = 'leased'
"""
REAP = f"""
WITH late AS (
  SELECT id FROM email_queue WHERE (state = 'leased' AND lease_until < now())
    OR (state = 'begun' AND lease_until < now() - make_interval(secs => {GRACE_S})) LIMIT 1000 FOR UPDATE SKIP LOCKED
), moved AS (
  UPDATE email_queue q SET state = CASE q.state WHEN 'leased' THEN 'ready' ELSE 'uncertain' END,
    reason = CASE q.state WHEN 'leased' THEN '' ELSE 'worker_lost' END,
    lease_token = CASE q.state WHEN 'leased' THEN NULL ELSE q.lease_token END
  FROM late WHERE q.id = late.id RETURNING q.id, q.run_id, q.state
), counted AS (
  UPDATE mkt_run r SET uncertain = r.uncertain + c.number
  FROM (SELECT run_id, count(*) AS number FROM moved WHERE state = 'uncertain' GROUP BY run_id) c WHERE r.id = c.run_id
)
SELECT count(*) FILTER (WHERE state = 'ready'), count(*) FILTER (WHERE state = 'uncertain') FROM moved
"""


class Leased(msgspec.Struct, frozen=True):
    """One row that is ours until its lease ends."""

    id: int
    module: str
    record: UUID
    address: str
    attempts: int
    provider: str


class Conditions(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of an address once more before it is mailed (3.3)."""

    campaign: UUID
    newsletter: bool
    consent: str = "none"
    most: int | None = None
    days: int = 7

    def facts(self) -> Mapping[str, Any]:
        return {
            "campaign": self.campaign,
            "newsletter": self.campaign if self.newsletter else None,
            "needed": CONSENT_RANKS[self.consent],
            "most": self.most,
            "days": self.days,
        }


async def lease(
    session: Session, run: UUID, conditions: Conditions, *, token: int, limit: int, resting: list[str]
) -> list[Leased]:
    """Up to `limit` rows of a run that is sending, none of the providers that rest. The caller commits."""
    facts = {"run": run, "token": token, "limit": limit, "resting": resting, **conditions.facts()}
    return [Leased(*row) for row in await session.rows(LEASE, facts)]


async def renew(session: Session, token: int, ids: list[int]) -> int:
    """Prolongs a lease; of how many rows. One that is being begun or concluded has time until the next time, and who waited
    for it might be waited for."""
    return await session.execute(RENEW, {"token": token, "ids": ids})


async def give_back(session: Session, token: int, ids: list[int], after: Any) -> int:
    """Rows that were not begun wait again, until `after` at least."""
    return await session.execute(GIVE_BACK, {"token": token, "ids": ids, "after": after})


async def reap(session: Session) -> tuple[int, int]:
    """What dead workers left: how many rows wait again, and how many became uncertain."""
    row = await session.one(REAP)
    return (row[0], row[1]) if row else (0, 0)
