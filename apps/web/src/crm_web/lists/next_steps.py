"""What is planned next with records, for the cards of a board."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from crm_domain.definition import Module
from crm_domain.definition.kinds import DateTime
from crm_domain.query.filter import Condition, StillOpen, both
from crm_domain.query.page import ListQuery, Sort
from crm_domain.query.read import may_read
from crm_domain.records.stream import activity_relations
from crm_domain.text import format as formats
from crm_web.visit import Visit

MOST = 1_000
Step = tuple[str, str]
"""State (late, today, planned) and words."""


async def next_steps(visit: Visit, module: Module[Any], ids: Sequence[UUID]) -> dict[UUID, Step]:
    """The next open activity of each record, as far as the reader sees it; records without one are not named."""
    first: dict[UUID, datetime] = {}
    for relation in activity_relations(visit.work, module.key) if ids else ():
        target = visit.module(relation.target)
        when = target.schedule.start if target.schedule and relation.table is None else ""
        if not when or not target.open_field or not isinstance(target.field(when), DateTime):
            continue
        if not all(may_read(visit.access, target, key) for key in (when, target.open_field)):
            continue
        query = ListQuery(
            filter=both(Condition(relation.link_field, "in", tuple(ids)), Condition(when, "empty", False), StillOpen()),
            columns=(relation.link_field, when),
            sort=(Sort(when),),
            limit=MOST,
        )
        for row in (await visit.work.store.page(target, query)).rows:
            about = row[relation.link_field].id
            first[about] = min(first.get(about, row[when]), row[when])
    return {id_: _step(visit, at) for id_, at in first.items()}


def _step(visit: Visit, at: datetime) -> Step:
    voice = visit.voice
    today = at.astimezone(voice.locale.zone).date() == voice.today()
    state = "late" if at < voice.now else "today" if today else "planned"
    when = formats.relative_time(at, voice.now, voice.locale, voice.catalogue)
    return state, visit.text(f"board.next_{state}", when=when)
