"""Trees made of links to records of the same module, and chains made of links between many: nothing stands above itself."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from crm_domain.definition import Change, Record, Ref
from crm_domain.definition.kinds import AnyLink, Link
from crm_domain.definition.module import AsyncRule
from crm_domain.definition.relation import LinkRule
from crm_domain.problems import FieldProblem, Invalid

if TYPE_CHECKING:
    from crm_domain.records.work import Work

MAX_DEPTH = 100
"""Deeper trees than any real one: beyond it the climb ends."""


def no_cycle(record: type[Record], parent: Link | AnyLink) -> AsyncRule:
    """The rule that refuses a parent which stands below the record itself."""

    async def rule(work: "Work", change: Change[Any]) -> None:
        above = change.after.values.get(parent.key)
        if change.new or above is None or not change.touches(parent):
            return
        if await _reaches(work, record, parent.key, above, change.after.id):
            raise Invalid({parent.key: (FieldProblem("record.cycle"),)})

    return rule


async def _reaches(work: "Work", record: type[Record], key: str, start: Ref, goal: UUID) -> bool:
    """A parent of another module ends the climb."""
    module, above = work.module(record), start
    for _ in range(MAX_DEPTH):
        if above.id == goal:
            return True
        rows = await work.store.fetch(module, [above.id], columns=(key,)) if above.module == module.key else []
        if not rows or rows[0][key] is None:
            return False
        above = rows[0][key]
    return False


def no_circle(module: str, relation: str) -> LinkRule:
    """The rule that refuses links by which a record would come, step by step along the relation, before itself."""

    async def rule(work: "Work", pairs: Sequence[tuple[UUID, UUID]]) -> None:
        along, below = work.relation(module, relation), {left for left, _ in pairs}
        above = {right for _, right in pairs}
        passed = set(above)
        while above:
            if above & below:
                raise Invalid({relation: (FieldProblem("record.cycle"),)})
            above = {tie.other for tie in await work.store.ties(along, sorted(above))} - passed
            passed |= above

    return rule
