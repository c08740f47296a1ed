"""When people are busy: the times of events they take part in, without what those are about, whoever asks."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from crm_domain.definition import Module
from crm_domain.definition.kinds import Choice
from crm_domain.definition.relation import ManyToMany
from crm_storage.records.context import Context

TAKEN = """
SELECT g.right_id, t."{start}", t."{end}" FROM "{table}" t JOIN "{guests}" g ON g.left_id = t.id
WHERE g.right_id = ANY(%(people)s) AND t.deleted_at IS NULL AND t.id <> ALL(%(besides)s)
  AND t."{start}" < %(end)s AND t."{end}" > %(begin)s
  AND coalesce(g.acceptance, '') <> 'decline' AND t."{status}" <> ALL(%(closed)s)
ORDER BY 2
"""


async def busy(
    context: Context, people: Sequence[UUID], begin: datetime, end: datetime, *, besides: Sequence[UUID] = ()
) -> Mapping[UUID, list[tuple[datetime, datetime]]]:
    """Each one's taken times between two moments, in order; refused and cancelled events and those `besides` do not count."""
    found: dict[UUID, list[tuple[datetime, datetime]]] = {}
    if not people:
        return found
    for module in context.registry.modules.values():
        for table in _guest_tables(context, module):
            facts = {"people": list(people), "begin": begin, "end": end, "besides": list(besides)}
            for person, start, stop in await context.session.rows(*_taken(module, table, facts)):
                found.setdefault(person, []).append((start, stop))
    return {person: sorted(times) for person, times in found.items()}


def _guest_tables(context: Context, module: Module[Any]) -> list[ManyToMany]:
    if module.schedule is None or not module.schedule.end:
        return []
    relations = (context.registry.relations(module.key)[key] for key in module.schedule.guests)
    return [r.table for r in relations if r.target == "users" and isinstance(r.table, ManyToMany)]


def _taken(module: Module[Any], table: ManyToMany, facts: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    status = module.field(module.open_field)
    assert module.schedule is not None and isinstance(status, Choice)
    sql = TAKEN.format(
        start=module.schedule.start, end=module.schedule.end, table=module.key, guests=table.key, status=status.key
    )
    return sql, {**facts, "closed": list(status.options.closed_keys())}
