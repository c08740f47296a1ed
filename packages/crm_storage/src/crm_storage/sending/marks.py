"""Begin marks and results: many rows in one statement, each fenced by its lease (4.3)."""

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from crm_domain.sending.replies import Class, Verdict
from crm_storage.bounces.apply import count_streaks
from crm_storage.database import Session

BEGIN = """
WITH given AS (SELECT * FROM unnest(%(ids)s::bigint[], %(tokens)s::bigint[], %(merged)s::jsonb[]) AS g (id, token, merged)),
begun AS (
  UPDATE email_queue q SET state = 'begun', begun_at = now(), attempts = q.attempts + 1, merged = g.merged,
    template_version_id = r.template_version_id
  FROM given g, mkt_run r
  WHERE q.id = g.id AND q.lease_token = g.token AND q.state = 'leased' AND q.lease_until > now()
    AND r.id = q.run_id AND r.state = 'sending'
  RETURNING q.id, q.run_id, q.attempts
), counted AS (
  UPDATE mkt_run r SET attempted = r.attempted + c.number
  FROM (SELECT run_id, count(*) FILTER (WHERE attempts = 1) AS number FROM begun GROUP BY run_id) c
  WHERE r.id = c.run_id AND c.number > 0
)
SELECT id FROM begun
"""
RESULTS = """
WITH given AS (
  SELECT * FROM unnest(%(ids)s::bigint[], %(tokens)s::bigint[], %(states)s::text[], %(kinds)s::text[], %(codes)s::int[],
    %(replies)s::text[], %(waits)s::timestamptz[], %(spends)s::bool[], %(effects)s::text[])
    AS g (id, token, state, kind, code, reply, wait, spends, effect)
), ended AS (
  UPDATE email_queue q SET state = g.state, reason = g.kind, reply_code = g.code, reply = g.reply,
    not_before = coalesce(g.wait, q.not_before), attempts = q.attempts - CASE WHEN g.spends THEN 0 ELSE 1 END,
    lease_token = CASE g.state WHEN 'ready' THEN NULL ELSE q.lease_token END,
    ended_at = CASE WHEN g.state IN ('sent', 'failed') THEN now() END
  FROM given g WHERE q.id = g.id AND q.lease_token = g.token AND q.state IN ('begun', 'uncertain')
  RETURNING q.id, q.run_id, q.campaign_id, q.marketing_id, q.class, q.module, q.record_id, q.address_id, q.attempts,
    q.state, old.state AS was, g.kind, g.effect
), counted AS (
  UPDATE mkt_run r SET sent = r.sent + c.sent, failed = r.failed + c.failed, uncertain = r.uncertain + c.uncertain,
    attempted = r.attempted - c.untried, bounced = r.bounced + c.bounced, blocked = r.blocked + c.blocked
  FROM (
    SELECT run_id, count(*) FILTER (WHERE state = 'sent') AS sent, count(*) FILTER (WHERE state = 'failed') AS failed,
      count(*) FILTER (WHERE state = 'uncertain' AND was <> 'uncertain')
        - count(*) FILTER (WHERE was = 'uncertain' AND state <> 'uncertain') AS uncertain,
      count(*) FILTER (WHERE state = 'ready' AND attempts = 0) AS untried,
      count(*) FILTER (WHERE kind = 'bad_address') AS bounced, count(*) FILTER (WHERE kind = 'blocked') AS blocked
    FROM ended GROUP BY run_id
  ) c WHERE r.id = c.run_id
), told AS (
  SELECT e.*, a.activity FROM ended e CROSS JOIN LATERAL (
    SELECT 'targeted' AS activity WHERE e.state IN ('sent', 'failed', 'uncertain')
    UNION ALL SELECT CASE e.kind WHEN 'bad_address' THEN 'invalid' ELSE 'send_error' END WHERE e.state = 'failed'
  ) a
), logged AS (
  INSERT INTO campaign_log (campaign_id, marketing_id, message, activity, class, module, record_id, address_id, reason, via)
  SELECT campaign_id, marketing_id, id, activity, class, module, record_id, address_id,
    CASE WHEN activity = 'targeted' THEN '' ELSE kind END,
    CASE WHEN activity = 'targeted' THEN 'human' ELSE CASE effect WHEN 'invalid' THEN 'hard' WHEN 'soft' THEN 'soft' ELSE 'block' END END
  FROM told ON CONFLICT (message, activity, link) DO NOTHING
  RETURNING campaign_id, marketing_id, activity, class, module, via
), summed AS (
  INSERT INTO campaign_stat (campaign_id, marketing_id, activity, class, module, via, hour, rows, hits)
  SELECT campaign_id, marketing_id, activity, class, module, via, date_trunc('hour', now()), count(*), count(*)
  FROM logged GROUP BY campaign_id, marketing_id, activity, class, module, via
  ON CONFLICT (campaign_id, marketing_id, activity, class, module, via, hour)
  DO UPDATE SET rows = campaign_stat.rows + excluded.rows, hits = campaign_stat.hits + excluded.hits
), learned AS (
  UPDATE email_address a SET last_success_at = CASE e.effect WHEN 'success' THEN now() ELSE a.last_success_at END,
    soft_bounces = CASE e.effect WHEN 'success' THEN 0 WHEN 'soft' THEN a.soft_bounces + 1 ELSE a.soft_bounces END,
    invalid = a.invalid OR e.effect = 'invalid',
    invalid_at = CASE WHEN e.effect = 'invalid' AND NOT a.invalid THEN now() ELSE a.invalid_at END,
    invalid_reason = CASE WHEN e.effect = 'invalid' AND NOT a.invalid THEN 'hard' ELSE a.invalid_reason END
  FROM ended e WHERE a.id = e.address_id AND (e.effect IN ('soft', 'invalid') OR (e.effect = 'success'
    AND (a.soft_bounces > 0 OR coalesce(a.last_success_at, '-infinity') < now() - interval '1 day')))
)
SELECT id, state FROM ended
"""
UNRENDERED = """
WITH failed AS (
  UPDATE email_queue q SET state = 'failed', reason = g.kind, reply = g.reply, ended_at = now()
  FROM unnest(%(ids)s::bigint[], %(kinds)s::text[], %(replies)s::text[]) AS g (id, kind, reply)
  WHERE q.id = g.id AND q.lease_token = %(token)s AND q.state = 'leased' RETURNING q.run_id
)
UPDATE mkt_run r SET failed = r.failed + c.number, unrendered = r.unrendered + c.number
FROM (SELECT run_id, count(*) AS number FROM failed GROUP BY run_id) c WHERE r.id = c.run_id
"""


class Beginning(msgspec.Struct, frozen=True):
    """A row about to go on the wire, and the values its mail was made with."""

    id: int
    token: int
    merged: str


class Result(msgspec.Struct, frozen=True):
    """How a row that was begun ended; `wait` when it is to be tried again."""

    id: int
    token: int
    kind: Class
    verdict: Verdict
    code: int | None = None
    reply: str = ""
    wait: datetime | None = None


async def begin(session: Session, rows: Sequence[Beginning]) -> set[int]:
    """Marks rows as going on the wire; only the returned ones may (a paused run's and a lost lease's are not among them)."""
    facts = {
        "ids": [row.id for row in rows],
        "tokens": [row.token for row in rows],
        "merged": [row.merged for row in rows],
    }
    return {row[0] for row in await session.rows(BEGIN, facts)}


async def conclude(session: Session, results: Sequence[Result]) -> dict[int, str]:
    """Notes results with log, sums and what addresses learn; the rows that took one, with their new state."""
    facts = {
        "ids": [one.id for one in results],
        "tokens": [one.token for one in results],
        "states": [one.verdict.state for one in results],
        "kinds": [one.kind.value for one in results],
        "codes": [one.code for one in results],
        "replies": [one.reply for one in results],
        "waits": [one.wait for one in results],
        "spends": [one.verdict.spends for one in results],
        "effects": [one.verdict.address for one in results],
    }
    ended = dict(await session.rows(RESULTS, facts))
    if soft := [one.id for one in results if one.id in ended and one.verdict.address == "soft"]:
        await count_streaks(session, soft, datetime.now(UTC))
    return ended


async def unrendered(session: Session, token: int, rows: Sequence[tuple[int, str, str]]) -> None:
    """Rows whose mail could not be made: id, why in one word, and the detail."""
    facts = {
        "token": token,
        "ids": [row[0] for row in rows],
        "kinds": [row[1] for row in rows],
        "replies": [row[2] for row in rows],
    }
    await session.execute(UNRENDERED, facts)
