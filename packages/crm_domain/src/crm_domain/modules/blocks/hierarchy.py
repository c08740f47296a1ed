"""Trees made of links to records of the same module: a record never stands above itself."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from crm_domain.definition import Change, Record
from crm_domain.definition.kinds import Link
from crm_domain.definition.module import AsyncRule
from crm_domain.problems import FieldProblem, Invalid

if TYPE_CHECKING:
    from crm_domain.records.work import Work

MAX_DEPTH = 100
"""Deeper trees than any real one: beyond it the climb ends."""


def no_cycle(record: type[Record], parent: Link) -> AsyncRule:
    """The rule that refuses a parent which stands below the record itself."""

    async def rule(work: "Work", change: Change[Any]) -> None:
        above = change.after.values.get(parent.key)
        if change.new or above is None or not change.touches(parent):
            return
        if await _reaches(work, record, parent.key, above.id, change.after.id):
            raise Invalid({parent.key: (FieldProblem("record.cycle"),)})

    return rule


async def _reaches(work: "Work", record: type[Record], key: str, start: UUID, goal: UUID) -> bool:
    current = start
    for _ in range(MAX_DEPTH):
        if current == goal:
            return True
        rows = await work.store.fetch(work.module(record), [current], columns=(key,))
        above = rows[0][key] if rows else None
        if above is None:
            return False
        current = above.id
    return False
