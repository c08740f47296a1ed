"""Visits of public links: counted by link and day as events come in, and read for the campaign's pages."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from crm_domain.tracking.events import Act
from crm_domain.tracking.public import FIRST_LINK
from crm_storage.database import Session
from crm_storage.tracking.fold import MACHINES

VISITS = f"""
visit AS (
  SELECT t.id, (f.at AT TIME ZONE 'UTC')::date AS day, f.via NOT IN {MACHINES} AS human, f.said AS mark, f.at
  FROM fresh f JOIN tracker_urls t ON t.link_number = f.link - {FIRST_LINK} WHERE f.kind = {Act.LINK:d}
), newcomer AS (
  INSERT INTO link_visitor (tracker_url, day, mark) SELECT DISTINCT id, day, mark FROM visit WHERE human
  ORDER BY id, day, mark ON CONFLICT DO NOTHING RETURNING tracker_url, day
), visited AS (
  INSERT INTO link_visit AS l (tracker_url, day, visits, machines, visitors, last_at)
  SELECT v.id, v.day, count(*) FILTER (WHERE v.human), count(*) FILTER (WHERE NOT v.human),
    (SELECT count(*) FROM newcomer n WHERE n.tracker_url = v.id AND n.day = v.day), max(v.at) FILTER (WHERE v.human)
  FROM visit v GROUP BY v.id, v.day ORDER BY v.id, v.day
  ON CONFLICT (tracker_url, day) DO UPDATE SET visits = l.visits + excluded.visits, machines = l.machines + excluded.machines,
    visitors = l.visitors + excluded.visitors, last_at = greatest(l.last_at, excluded.last_at)
)
"""
"""Follows a common table `fresh` of new events."""
READ = """
SELECT tracker_url, sum(visits)::bigint, sum(visitors)::bigint, sum(machines)::bigint, max(last_at) FROM link_visit
WHERE tracker_url = ANY(%(ids)s) GROUP BY tracker_url
"""


class Visited(msgspec.Struct, frozen=True):
    """How often people followed a public link, how many they were (each day counted anew), and how often programs fetched it."""

    visits: int = 0
    visitors: int = 0
    machines: int = 0
    last_at: datetime | None = None


async def visits(session: Session, ids: Sequence[UUID]) -> dict[UUID, Visited]:
    """By tracker URL; those that nobody followed are left out."""
    rows = await session.rows(READ, {"ids": list(ids)})
    return {id_: Visited(*rest) for id_, *rest in rows}
