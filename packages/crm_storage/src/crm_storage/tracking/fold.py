"""Folding acts into the campaign log and its sums by hour: one statement for a whole batch.

The log has one row for each message, activity and link; whoever acted best is believed to be behind it. A click is
counted twice: `link` once for each link, `clicked` once for each message. Sums change by what the log's rows changed.
"""

from datetime import datetime
from typing import Any

import msgspec

from crm_domain.tracking.machines import RANK
from crm_storage.database import Session

MACHINES = "('scanner', 'proxy_open')"
RANKS = f"ARRAY{[*sorted(RANK, key=RANK.__getitem__), 'soft', 'block', 'hard']}::text[]"
"""Who acted, from the least believed on; for what came back, how bad it is."""
SUMS = """
counted AS (
  INSERT INTO campaign_stat AS c (campaign_id, marketing_id, activity, class, module, via, hour, rows, hits)
  SELECT campaign_id, marketing_id, activity, class, module, via, hour, sum(rows), sum(hits)
  FROM change GROUP BY 1, 2, 3, 4, 5, 6, 7 HAVING sum(rows) <> 0 OR sum(hits) <> 0 ORDER BY 1, 2, 3, 4, 5, 6, 7
  ON CONFLICT (campaign_id, marketing_id, activity, class, module, via, hour)
  DO UPDATE SET rows = c.rows + excluded.rows, hits = c.hits + excluded.hits
)
"""
"""Follows a common table `change` of what goes into the sums."""
FOLD = f"""
known AS (
  SELECT s.*, q.campaign_id, q.marketing_id, q.class, q.module, q.record_id, q.address_id
  FROM seen s JOIN email_queue q ON q.id = s.message
), hit AS (
  SELECT message, activity, link, max(array_position({RANKS}, via)) AS rank,
    sum(hits) FILTER (WHERE via NOT IN {MACHINES}) AS hits, sum(hits) FILTER (WHERE via IN {MACHINES}) AS machines,
    max(reason) AS reason, min(at) AS first_at, max(at) AS last_at,
    any_value(campaign_id) AS campaign_id, any_value(marketing_id) AS marketing_id, any_value(class) AS class,
    any_value(module) AS module, any_value(record_id) AS record_id, any_value(address_id) AS address_id
  FROM known GROUP BY message, activity, link
), logged AS (
  INSERT INTO campaign_log AS l (campaign_id, marketing_id, message, activity, link, class, via, module, record_id,
    address_id, hits, machine_hits, reason, first_at, last_at)
  SELECT campaign_id, marketing_id, message, activity, link, class, ({RANKS})[rank], module, record_id,
    address_id, coalesce(hits, 0), coalesce(machines, 0), reason, first_at, last_at
  FROM hit ORDER BY message, activity, link
  ON CONFLICT (message, activity, link) DO UPDATE SET
    hits = l.hits + excluded.hits, machine_hits = l.machine_hits + excluded.machine_hits,
    first_at = least(l.first_at, excluded.first_at), last_at = greatest(l.last_at, excluded.last_at),
    reason = CASE WHEN excluded.reason = '' THEN l.reason ELSE excluded.reason END,
    via = ({RANKS})[greatest(array_position({RANKS}, l.via), array_position({RANKS}, excluded.via))]
  RETURNING new.campaign_id, new.marketing_id, new.activity, new.class, new.module, new.message,
    old.via AS old_via, old.first_at AS old_at, new.via AS new_via, new.first_at AS new_at, new.hits AS new_hits
), change AS (
  SELECT campaign_id, marketing_id, activity, class, module, new_via AS via, date_trunc('hour', new_at) AS hour,
    1 AS rows, 0 AS hits FROM logged
  UNION ALL
  SELECT campaign_id, marketing_id, activity, class, module, old_via, date_trunc('hour', old_at), -1, 0
  FROM logged WHERE old_via IS NOT NULL
  UNION ALL
  SELECT campaign_id, marketing_id, activity, class, module, via, date_trunc('hour', at), 0, hits FROM known WHERE hits > 0
), {SUMS}
"""
"""Follows a common table `seen (message, activity, link, via, hits, reason, at)`; leaves `logged`."""
ENTER = f"""
WITH seen AS (
  SELECT * FROM unnest(%(messages)s::bigint[], %(activities)s::text[], %(vias)s::text[], %(reasons)s::text[],
    %(times)s::timestamptz[]) AS s (message, activity, via, reason, at), LATERAL (SELECT 0 AS link, 1 AS hits) AS one
), {FOLD}
SELECT message, activity, old_via IS NULL FROM logged
"""


class Entry(msgspec.Struct, frozen=True):
    """Something about a message that is no click: left, bounced, complained. `via` is the sort where there are several."""

    message: int
    activity: str
    at: datetime
    reason: str = ""
    via: str = "human"


async def enter(session: Session, *entries: Entry) -> set[tuple[int, str]]:
    """Writes entries into the log and its sums; which of them are new. The caller commits."""
    if not entries:
        return set()
    facts: dict[str, Any] = {
        "messages": [entry.message for entry in entries],
        "activities": [entry.activity for entry in entries],
        "vias": [entry.via for entry in entries],
        "reasons": [entry.reason for entry in entries],
        "times": [entry.at for entry in entries],
    }
    return {(message, activity) for message, activity, new in await session.rows(ENTER, facts) if new}
