"""Linking records that are there: the one way in for subpanels, forms and the API, with the rules of the relation."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from crm_domain.definition import Relation

if TYPE_CHECKING:
    from crm_domain.records.work import Work


async def link(
    work: "Work", relation: Relation, owner: UUID, targets: Sequence[UUID], values: Mapping[str, Any]
) -> int:
    """Links records of a relation with a table, or changes what links say of themselves; how many.

    Raises Invalid or Refused where a rule of the relation stands against it.
    """
    number = await work.store.link(relation, owner, targets, values)
    if relation.table and relation.table.after_link and targets:
        pairs = [(owner, target) if relation.left else (target, owner) for target in targets]
        for rule in relation.table.after_link:
            await rule(work, pairs)
    return number
