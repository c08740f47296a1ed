"""How a lead's status moves: to converted only by converting."""

from crm_domain.definition import Change
from crm_domain.modules.leads.fields import Lead
from crm_domain.problems import FieldProblem, Invalid


def converted_by_converting(change: Change[Lead]) -> None:
    """Nobody sets "converted" by hand, nor takes it away: converting and its undo do."""
    if change.after.status == "converted" and not change.after.converted:
        raise Invalid({"status": (FieldProblem("leads.convert_instead"),)})
    if change.after.converted and change.after.status != "converted":
        raise Invalid({"status": (FieldProblem("leads.stays_converted"),)})
