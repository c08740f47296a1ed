"""Who got no mail, and why: the memberships that mailings left out, when their queues were filled or at the last moment."""

from datetime import datetime
from uuid import UUID

import msgspec

from crm_domain.definition import Ref
from crm_storage.database import Session
from crm_storage.marketing.responses import OF_MAILING

PAGE = f"""
SELECT s.id, s.module, s.record_id, s.reason, s.list_id, s.at FROM email_skip s
WHERE s.run_id = ANY (SELECT id FROM mkt_run WHERE campaign_id = %(campaign)s AND kind = 'live' AND {OF_MAILING})
  AND (%(reason)s = '' OR s.reason = %(reason)s) AND (%(before)s::bigint IS NULL OR s.id < %(before)s)
ORDER BY s.id DESC LIMIT %(limit)s
"""


class LeftOut(msgspec.Struct, frozen=True):
    """One membership that got no mail."""

    id: int
    who: Ref
    reason: str
    list_id: UUID | None
    at: datetime


async def page(
    session: Session, campaign: UUID, *, marketing: UUID | None, reason: str, before: int | None, limit: int
) -> list[LeftOut]:
    """The newest first; an empty reason means any. Names are the caller's to look up, within his reach."""
    facts = {"campaign": campaign, "marketing": marketing, "reason": reason, "before": before, "limit": limit}
    return [LeftOut(row[0], Ref(row[1], row[2]), *row[3:]) for row in await session.rows(PAGE, facts)]
