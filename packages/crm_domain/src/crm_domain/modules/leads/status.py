"""How a lead's status moves: on its own when someone is given the lead, to converted only by converting."""

from typing import TYPE_CHECKING

from crm_domain.definition import Change
from crm_domain.modules.leads.fields import Lead
from crm_domain.problems import FieldProblem, Invalid

if TYPE_CHECKING:
    from crm_domain.records.work import Work


def converted_by_converting(change: Change[Lead]) -> None:
    """Nobody sets "converted" by hand, nor takes it away: converting and its undo do."""
    if change.after.status == "converted" and not change.after.converted:
        raise Invalid({"status": (FieldProblem("leads.convert_instead"),)})
    if change.after.converted and change.after.status != "converted":
        raise Invalid({"status": (FieldProblem("leads.stays_converted"),)})


async def assigned_when_given_away(work: "Work", change: Change[Lead]) -> None:
    """A new lead given to another than its creator is assigned."""
    owner = change.after.assigned_to
    if change.after.status != "new" or owner is None or not change.touches(Lead.assigned_to):
        return
    creator = change.before.created_by if change.before else None
    if owner.id != (creator.id if creator else work.access.user):
        change.set(Lead.status, "assigned")
