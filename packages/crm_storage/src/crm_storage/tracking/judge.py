"""Second thoughts about clicks: what a gateway followed is taken back from people, at once and again after ten minutes."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from crm_domain.tracking.events import Act
from crm_domain.tracking.machines import BURST_LINKS, BURST_S, SETTLE_S, SWEEP_MESSAGES, SWEEP_S
from crm_domain.tracking.tokens import HONEYPOT
from crm_storage.database import Session
from crm_storage.tracking.fold import FOLD, SUMS

MARGIN = timedelta(seconds=SWEEP_S)
JUDGE = f"""
WITH click AS MATERIALIZED (
  SELECT e.id, e.message, e.link, e.marks, e.at, e.network, a.domain FROM tracking_event e
    LEFT JOIN email_queue q ON q.id = e.message LEFT JOIN email_address a ON a.id = q.address_id
  WHERE e.kind = {Act.CLICK:d} AND {{which}}
), near AS (
  SELECT id, message, at,
    bool_or(marks & {HONEYPOT} <> 0) OVER (PARTITION BY message ORDER BY at
      RANGE BETWEEN interval '1 hour' PRECEDING AND interval '1 hour' FOLLOWING) AS trapped,
    array_agg(link) OVER (PARTITION BY message ORDER BY at
      RANGE BETWEEN CURRENT ROW AND interval '{BURST_S} seconds' FOLLOWING) AS links
  FROM click
), hasty AS (
  SELECT id, trapped, bool_or((SELECT count(DISTINCT link) FROM unnest(links) AS link) >= {BURST_LINKS})
    OVER (PARTITION BY message ORDER BY at RANGE BETWEEN interval '{BURST_S} seconds' PRECEDING AND CURRENT ROW) AS burst
  FROM near
), placed AS (
  SELECT c.id, c.network, c.domain, s.start,
    dense_rank() OVER (PARTITION BY c.network, c.domain, s.start ORDER BY c.message) AS place
  FROM click c CROSS JOIN LATERAL (VALUES
      (date_bin('{SWEEP_S} seconds', c.at, '2000-01-01')),
      (date_bin('{SWEEP_S} seconds', c.at, timestamptz '2000-01-01' - interval '{SWEEP_S // 2} seconds'))) AS s (start)
  WHERE c.network <> '' AND c.domain IS NOT NULL
), swept AS (
  SELECT id, max(place) OVER (PARTITION BY network, domain, start) AS messages FROM placed
), machine AS (
  SELECT id FROM hasty WHERE trapped OR burst UNION SELECT id FROM swept WHERE messages >= {SWEEP_MESSAGES}
), wrong AS (
  UPDATE tracking_event e SET via = 'scanner' WHERE e.id = ANY (ARRAY(SELECT id FROM machine)) AND e.via = 'human'
  RETURNING e.message, e.link, e.at
), touched AS (
  SELECT w.message, a.activity, CASE WHEN a.activity = 'link' THEN w.link ELSE 0 END AS link, count(*) AS n
  FROM wrong w CROSS JOIN (VALUES ('link'), ('clicked')) AS a (activity) GROUP BY 1, 2, 3
), logged AS (
  UPDATE campaign_log l SET hits = l.hits - t.n, machine_hits = l.machine_hits + t.n,
    via = CASE WHEN l.hits = t.n THEN 'scanner' ELSE l.via END
  FROM touched t WHERE l.message = t.message AND l.activity = t.activity AND l.link = t.link
  RETURNING l.campaign_id, l.marketing_id, l.activity, l.class, l.module, old.via AS old_via, new.via AS new_via, l.first_at
), change AS (
  SELECT campaign_id, marketing_id, activity, class, module, v.via, date_trunc('hour', first_at) AS hour, v.rows, 0 AS hits
  FROM logged CROSS JOIN LATERAL (VALUES (new_via, 1), (old_via, -1)) AS v (via, rows) WHERE old_via <> new_via
  UNION ALL
  SELECT q.campaign_id, q.marketing_id, a.activity, q.class, q.module, m.via, date_trunc('hour', w.at), 0, m.sign
  FROM wrong w JOIN email_queue q ON q.id = w.message CROSS JOIN (VALUES ('link'), ('clicked')) AS a (activity)
    CROSS JOIN (VALUES ('human', -1), ('scanner', 1)) AS m (via, sign)
), {SUMS}
SELECT count(*) FROM wrong
"""
"""A honeypot, a burst over one message, or a sweep over many people of one recipient domain. Windows instead of joins:
the work grows with the clicks, whatever the planner knows of them."""
BY_MESSAGE = JUDGE.format(which="e.message = ANY (%(messages)s)")
BY_TIME = JUDGE.format(which="e.at > %(since)s AND e.at <= %(until)s")
SETTLED = "SELECT at FROM tracking_state WHERE key = 'settled' FOR UPDATE"
FIRST = "SELECT min(at) - interval '1 second' FROM tracking_event"
SETTLE = """
INSERT INTO tracking_state (key, at) VALUES ('settled', %(until)s) ON CONFLICT (key) DO UPDATE SET at = excluded.at
"""
BELIEVE = f"""
WITH seen AS (
  SELECT message, 'viewed' AS activity, 0 AS link, 'implied' AS via, 0 AS hits, '' AS reason, min(at) AS at FROM tracking_event
  WHERE kind = {Act.CLICK:d} AND via = 'human' AND at > %(since)s AND at <= %(until)s GROUP BY message
), {FOLD}, heard AS (
  UPDATE email_address a SET soft_bounces = 0, last_success_at = greatest(a.last_success_at, s.at), heard_at = greatest(a.heard_at, s.at)
  FROM (SELECT q.address_id, max(s.at) AS at FROM seen s JOIN email_queue q ON q.id = s.message GROUP BY 1) s
  WHERE a.id = s.address_id
)
SELECT count(*) FROM seen
"""
"""Who clicked has read, image or not; and his address works."""


async def judge_messages(session: Session, messages: Sequence[int]) -> int:
    """Judges all clicks on these messages; how many were taken back from people."""
    row = await session.one(BY_MESSAGE, {"messages": list(messages)})
    return row[0] if row else 0


async def settle(session: Session, now: datetime) -> int:
    """Judges the clicks that are no longer provisional, and believes the rest; how many people clicked.

    The caller commits. Repeating it changes nothing.
    """
    row = await session.one(SETTLED) or await session.one(FIRST)
    until = now - timedelta(seconds=SETTLE_S)
    if row is None or row[0] is None or row[0] >= until:
        return 0
    await session.one(BY_TIME, {"since": row[0] - MARGIN, "until": until + MARGIN})
    found = await session.one(BELIEVE, {"since": row[0], "until": until})
    await session.execute(SETTLE, {"until": until})
    return found[0] if found else 0
