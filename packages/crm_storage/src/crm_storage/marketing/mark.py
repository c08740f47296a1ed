"""Marking a campaign without e-mail as sent: one line in the log for each person, and the way back for a day."""

from uuid import UUID

from crm_storage.database import Session

NO_MAILING = UUID(int=0)
"""Stands in the counters where there is no marketing record."""
MARK = """
WITH people AS (
  SELECT DISTINCT m.module, m.right_id FROM campaign_target_lists c
  JOIN target_lists l ON l.id = c.right_id AND l.deleted_at IS NULL AND l.list_type = 'default'
  JOIN target_list_member m ON m.left_id = l.id
  WHERE c.left_id = %(campaign)s AND NOT EXISTS (
    SELECT FROM campaign_target_lists xc JOIN target_lists x ON x.id = xc.right_id AND x.deleted_at IS NULL AND x.list_type = 'exempt'
    JOIN target_list_member xm ON xm.left_id = x.id WHERE xc.left_id = %(campaign)s AND xm.right_id = m.right_id)
  AND NOT EXISTS (
    SELECT FROM campaign_log g WHERE g.record_id = m.right_id AND g.campaign_id = %(campaign)s AND g.activity = 'targeted')
), marked AS (
  INSERT INTO campaign_log (campaign_id, activity, module, record_id, first_at, last_at)
  SELECT %(campaign)s, 'targeted', module, right_id, now(), now() FROM people RETURNING module
), counted AS (
  INSERT INTO campaign_stat (campaign_id, marketing_id, activity, class, module, via, hour, rows, hits)
  SELECT %(campaign)s, %(nobody)s, 'targeted', 'default', module, 'human', date_trunc('hour', now()), count(*), count(*)
  FROM marked GROUP BY module
  ON CONFLICT ON CONSTRAINT pk_campaign_stat DO UPDATE SET rows = campaign_stat.rows + excluded.rows,
    hits = campaign_stat.hits + excluded.hits
), stamped AS (
  UPDATE campaigns SET marked_at = now(), version = version + 1, modified_at = now(), modified_by = %(by)s
  WHERE id = %(campaign)s AND EXISTS (SELECT FROM marked)
)
SELECT count(*) FROM marked
"""
UNMARK = """
WITH gone AS (
  DELETE FROM campaign_log g USING campaigns c
  WHERE c.id = %(campaign)s AND g.campaign_id = c.id AND g.activity = 'targeted' AND g.message IS NULL
    AND g.first_at >= c.marked_at AND c.marked_at > now() - interval '24 hours' RETURNING g.module, g.first_at
), counted AS (
  UPDATE campaign_stat s SET rows = s.rows - n.number, hits = s.hits - n.number
  FROM (SELECT module, date_trunc('hour', first_at) AS hour, count(*) AS number FROM gone GROUP BY 1, 2) n
  WHERE s.campaign_id = %(campaign)s AND s.marketing_id = %(nobody)s AND s.activity = 'targeted' AND s.module = n.module AND s.hour = n.hour
), stamped AS (
  UPDATE campaigns SET marked_at = (
      SELECT max(first_at) FROM campaign_log WHERE campaign_id = %(campaign)s AND activity = 'targeted' AND first_at < marked_at),
    version = version + 1, modified_at = now(), modified_by = %(by)s
  WHERE id = %(campaign)s AND EXISTS (SELECT FROM gone)
)
SELECT count(*) FROM gone
"""


async def mark_as_sent(session: Session, campaign: UUID, by: UUID) -> int:
    """Logs everybody of the default lists who is not kept out by record and was not marked before; how many."""
    return await _run(session, MARK, campaign, by)


async def unmark(session: Session, campaign: UUID, by: UUID) -> int:
    """Takes the last marking back, within a day; how many."""
    return await _run(session, UNMARK, campaign, by)


async def _run(session: Session, statement: str, campaign: UUID, by: UUID) -> int:
    row = await session.one(statement, {"campaign": campaign, "nobody": NO_MAILING, "by": by})
    return row[0] if row else 0
