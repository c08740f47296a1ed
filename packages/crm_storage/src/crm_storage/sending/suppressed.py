"""Who was suppressed, into the campaign's log and counters, by the statement that leaves him out."""

from crm_domain.sending.audience import SUPPRESSED
from crm_storage.tracking.fold import SUMS

LOGGED = f"""
suppressed AS (
  INSERT INTO campaign_log (campaign_id, marketing_id, activity, class, module, record_id, address_id, reason)
  SELECT DISTINCT ON (x.record_id) %(campaign)s, x.marketing_id, 'blocked', x.class, x.module, x.record_id, x.address_id, x.reason
  FROM (SELECT s.*, r.marketing_id FROM {{source}} s JOIN mkt_run r ON r.id = %(run)s) x
  WHERE x.reason IN ({", ".join(f"'{reason}'" for reason in SUPPRESSED)}) AND NOT EXISTS (
    SELECT FROM campaign_log g WHERE g.campaign_id = %(campaign)s AND g.marketing_id = x.marketing_id
      AND g.activity = 'blocked' AND g.record_id = x.record_id)
  ORDER BY x.record_id, x.class = 'seed' DESC
  RETURNING campaign_id, marketing_id, activity, class, module, via, first_at
), change AS (
  SELECT campaign_id, marketing_id, activity, class, module, via, date_trunc('hour', first_at) AS hour, 1 AS rows, 1 AS hits
  FROM suppressed
), {SUMS}
"""


def logged(source: str) -> str:
    """Common tables that count the suppressed of `source (module, record_id, address_id, class, reason)`, each record once for
    a marketing record, however often its queue is filled."""
    return LOGGED.format(source=source)
