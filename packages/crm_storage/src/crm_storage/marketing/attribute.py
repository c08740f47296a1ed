"""Leads and contacts that campaigns brought, written into their logs and counters (8.3)."""

from collections.abc import Mapping
from uuid import UUID

from crm_storage.database import Session
from crm_storage.marketing.mark import NO_MAILING
from crm_storage.tracking.fold import SUMS

ATTRIBUTE = f"""
WITH given AS (
  SELECT * FROM unnest(%(campaigns)s::uuid[], %(records)s::uuid[]) AS g (campaign_id, record_id)
), sent AS (
  SELECT DISTINCT ON (campaign_id) campaign_id, marketing_id FROM mkt_run
  WHERE campaign_id = ANY(%(campaigns)s) AND kind = 'live' AND started_at IS NOT NULL ORDER BY campaign_id, started_at DESC
), logged AS (
  INSERT INTO campaign_log (campaign_id, marketing_id, activity, module, record_id)
  SELECT g.campaign_id, s.marketing_id, %(activity)s, %(module)s, g.record_id FROM given g LEFT JOIN sent s USING (campaign_id)
  RETURNING campaign_id, marketing_id, activity, class, module, via, first_at
), change AS (
  SELECT campaign_id, coalesce(marketing_id, %(nobody)s) AS marketing_id, activity, class, module, via,
    date_trunc('hour', first_at) AS hour, 1 AS rows, 1 AS hits FROM logged
), {SUMS}
SELECT count(*) FROM logged
"""
"""Counted with the mailing that went out last, as long as nothing tells which one it was; with the campaign alone when none did."""


async def attribute(session: Session, activity: str, module: str, brought: Mapping[UUID, UUID]) -> None:
    """Counts new records, each with its campaign, as brought by it. The caller commits."""
    facts = {
        "campaigns": list(brought.values()),
        "records": list(brought),
        "activity": activity,
        "module": module,
        "nobody": NO_MAILING,
    }
    await session.execute(ATTRIBUTE, facts)
