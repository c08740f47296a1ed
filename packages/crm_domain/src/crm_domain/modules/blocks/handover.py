"""A status that moves on its own when the record is given to somebody else."""

from typing import TYPE_CHECKING, Any

from crm_domain.definition import Change, Field, Record
from crm_domain.definition.module import AsyncRule

if TYPE_CHECKING:
    from crm_domain.records.work import Work


def assigned_when_given_away(status: Field[str]) -> AsyncRule:
    """The rule by which a new record given to another than its creator is assigned."""

    async def rule(work: "Work", change: Change[Any]) -> None:
        owner = change.after.assigned_to
        if change.after.values.get(status.key) != "new" or owner is None or not change.touches(Record.assigned_to):
            return
        creator = change.before.created_by if change.before else None
        if owner.id != (creator.id if creator else work.access.user):
            change.set(status, "assigned")

    return rule
