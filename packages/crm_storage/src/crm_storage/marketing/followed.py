"""Which links of a campaign's mails people followed, counted from the log, and which of them a name or address stands for."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from crm_domain.modules.campaigns.figures import COUNTED
from crm_storage.database import Session
from crm_storage.marketing.responses import OF_MAILING

FOLLOWED = f"""
SELECT k.url, max(k.tracker), sum(n.people)::bigint, sum(n.hits)::bigint FROM (
  SELECT link, count(*) AS people, sum(hits) AS hits FROM campaign_log
  WHERE campaign_id = %(campaign)s AND activity = 'link' AND class = '{COUNTED}' AND via = 'human' AND {OF_MAILING} GROUP BY link
) n JOIN link k ON k.number = n.link GROUP BY k.url ORDER BY 3 DESC, k.url LIMIT %(limit)s
"""
NUMBERS = "SELECT number FROM link WHERE url = %(url)s"
ADDRESSES = "SELECT number, url FROM link WHERE number = ANY(%(numbers)s)"


class Followed(msgspec.Struct, frozen=True):
    """One address: the name of its tracker URL if it has one, how many followed it (once for each mail) and how often."""

    url: str
    tracker: str
    people: int
    hits: int


async def followed(session: Session, campaign: UUID, marketing: UUID | None, *, limit: int) -> list[Followed]:
    """The most followed first; machines apart."""
    facts = {"campaign": campaign, "marketing": marketing, "limit": limit}
    return [Followed(*row) for row in await session.rows(FOLLOWED, facts)]


async def numbers_of(session: Session, url: str) -> list[int]:
    """The numbers by which mails knew an address."""
    return [number for (number,) in await session.rows(NUMBERS, {"url": url})]


async def addresses(session: Session, numbers: Sequence[int]) -> dict[int, str]:
    """Where links of these numbers led."""
    found: dict[int, str] = dict(await session.rows(ADDRESSES, {"numbers": list(set(numbers))}))
    return found
