"""What became of mailings, read from the counters; the people behind a counter, read from the log."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select

from crm_domain.definition import ManyToAny, Ref
from crm_domain.modules.campaigns.figures import COUNTED, Figures, Sum, figures
from crm_storage.database import Session
from crm_storage.records.context import Context
from crm_storage.records.memberships import counted
from crm_storage.records.reach import access_params, reach

OF_MAILING = "(%(marketing)s::uuid IS NULL OR marketing_id = %(marketing)s)"
OF_LINKS = "(%(links)s::int[] IS NULL OR link = ANY(%(links)s))"
SUMS = f"""
SELECT activity, module, class, via, sum(rows)::bigint, sum(hits)::bigint FROM campaign_stat
WHERE campaign_id = %(campaign)s AND {OF_MAILING} GROUP BY 1, 2, 3, 4
"""
RUNS = f"""
SELECT id, marketing_id, state, reason, total, attempted, sent, failed, skipped, uncertain, cancelled, scheduled_for, started_at,
  finished_at, state_at, judged_from, audience
FROM mkt_run WHERE campaign_id = %(campaign)s AND kind = 'live' AND {OF_MAILING} ORDER BY created_at DESC
"""
BEHIND = f"""
SELECT id, module, record_id, marketing_id, first_at, last_at, hits, machine_hits, link, via, reason, address_id
FROM campaign_log WHERE campaign_id = %(campaign)s AND activity = %(activity)s AND {OF_MAILING} AND {OF_LINKS}
  AND class = '{COUNTED}' AND (%(before)s::bigint IS NULL OR id < %(before)s) ORDER BY id DESC LIMIT %(limit)s
"""
JOIN = """
INSERT INTO "{{table}}" (left_id, right_id, module, created_by)
SELECT DISTINCT %(list)s, record_id, %(module)s, %(me)s FROM campaign_log l
WHERE l.campaign_id = %(campaign)s AND l.activity = %(activity)s AND l.module = %(module)s
  AND {mailing} AND {links} AND l.class = '{recipients}'
  AND l.record_id IN ({within}) ON CONFLICT DO NOTHING RETURNING left_id, right_id
"""


class Run(msgspec.Struct, frozen=True):
    """One live run, as its counters stand. `audience` is the report of who was chosen and left out, as it was stored."""

    id: UUID
    marketing: UUID
    state: str
    reason: str
    total: int
    attempted: int
    sent: int
    failed: int
    skipped: int
    uncertain: int
    cancelled: int
    scheduled_for: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    state_at: datetime
    judged_from: int
    """How many had been tried when a person last let it go on."""
    audience: Mapping[str, Any]

    @property
    def done(self) -> int:
        """How many need nothing more."""
        return self.attempted + self.skipped + self.cancelled


class Response(msgspec.Struct, frozen=True):
    """One line behind a bar: who, when, how often, by what."""

    id: int
    who: Ref
    marketing: UUID | None
    first_at: datetime
    last_at: datetime
    hits: int
    machine_hits: int
    link: int
    via: str
    reason: str
    address: UUID | None


async def sums(session: Session, campaign: UUID, marketing: UUID | None = None) -> list[Sum]:
    """The counters of a campaign, or of one of its marketing records."""
    return [Sum(*row) for row in await session.rows(SUMS, {"campaign": campaign, "marketing": marketing})]


async def runs(session: Session, campaign: UUID, marketing: UUID | None = None) -> list[Run]:
    """The live runs, newest first."""
    return [Run(*row) for row in await session.rows(RUNS, {"campaign": campaign, "marketing": marketing})]


def figures_of(found: Sequence[Sum], live: Sequence[Run]) -> Figures:
    """The counting sets from what was read."""
    return figures(found, uncertain=sum(run.uncertain for run in live))


async def behind(
    session: Session,
    campaign: UUID,
    activity: str,
    *,
    marketing: UUID | None,
    before: int | None,
    limit: int,
    links: Sequence[int] | None = None,
) -> list[Response]:
    """The lines behind a bar, newest first; of clicks only those on `links`, where some are named. Names are the caller's to
    look up, within his reach."""
    facts = {"campaign": campaign, "activity": activity, "marketing": marketing, "before": before, "limit": limit}
    facts |= {"links": None if links is None else list(links)}
    return [Response(row[0], Ref(row[1], row[2]), *row[3:]) for row in await session.rows(BEHIND, facts)]


async def gather_behind(
    context: Context,
    lists: ManyToAny,
    owner: UUID,
    campaign: UUID,
    activity: str,
    marketing: UUID | None,
    links: Sequence[int] | None = None,
) -> int:
    """Puts the people behind a bar into a list, module by module, as far as the actor may list them; how many are new."""
    added = 0
    for module in lists.rights:
        if not context.access.can(module, "list"):
            continue
        within = context.remembered(
            ("within", module, context.access.scope(module, "list")), lambda module=module: _within(context, module)
        )
        statement = JOIN.format(mailing=OF_MAILING, links=OF_LINKS, recipients=COUNTED, within=within.text)
        facts = {
            **access_params(context.access),
            **within.constants,
            "list": owner,
            "module": module,
            "campaign": campaign,
            "activity": activity,
            "marketing": marketing,
            "links": None if links is None else list(links),
        }
        changed = counted(lists, statement, "+")
        [(number,)] = await context.session.rows(f"WITH {changed} SELECT count(*) FROM changed", facts)
        added += number
    return added


def _within(context: Context, module: str) -> Any:
    table = context.tables[module]
    return select(table.c.id).where(table.c.deleted_at.is_(None), reach(context.access.scope(module, "list"), table))
