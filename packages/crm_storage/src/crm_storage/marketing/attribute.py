"""Leads and contacts that a campaign brought, written into its log and counters (8.3)."""

from typing import Literal
from uuid import UUID

from crm_domain.definition import Ref
from crm_storage.database import Session
from crm_storage.marketing.mark import NO_MAILING
from crm_storage.tracking.fold import SUMS

ATTRIBUTE = f"""
WITH sent AS (
  SELECT marketing_id FROM mkt_run WHERE campaign_id = %(campaign)s AND kind = 'live' AND started_at IS NOT NULL
  ORDER BY started_at DESC LIMIT 1
), logged AS (
  INSERT INTO campaign_log (campaign_id, marketing_id, activity, module, record_id)
  SELECT %(campaign)s, (SELECT marketing_id FROM sent), %(activity)s, %(module)s, %(record)s
  WHERE NOT EXISTS (SELECT FROM campaign_log WHERE campaign_id = %(campaign)s AND activity = %(activity)s AND record_id = %(record)s)
  RETURNING campaign_id, marketing_id, activity, class, module, via, first_at
), change AS (
  SELECT campaign_id, coalesce(marketing_id, %(nobody)s) AS marketing_id, activity, class, module, via,
    date_trunc('hour', first_at) AS hour, 1 AS rows, 1 AS hits FROM logged
), {SUMS}
SELECT count(*) FROM logged
"""
"""Counted with the mailing that went out last, as long as nothing tells which one it was; with the campaign alone when none did."""


async def attribute(session: Session, campaign: UUID, activity: Literal["lead", "contact"], record: Ref) -> bool:
    """Counts a record as brought by a campaign, once; whether it was not before. The caller commits."""
    facts = {
        "campaign": campaign,
        "activity": activity,
        "module": record.module,
        "record": record.id,
        "nobody": NO_MAILING,
    }
    row = await session.one(ATTRIBUTE, facts)
    return bool(row and row[0])
