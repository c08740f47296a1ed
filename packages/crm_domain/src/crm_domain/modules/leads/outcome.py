"""What came of a lead, told after its conversion: the records, what happened to activities and lists, what was left out."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from crm_domain.definition import Ref
from crm_domain.modules.leads.fields import Lead
from crm_domain.modules.leads.traces import Trace, traced
from crm_domain.problems import Refused

if TYPE_CHECKING:
    from crm_domain.records.work import Work

UNDO_DAYS = 30


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """`became` are the records by section with whether they are new; `without` names values as `contact.description`."""

    lead: Lead
    became: Sequence[tuple[str, Ref, bool]]
    along: Sequence[Trace]
    without: Sequence[str]
    undoable: bool


async def outcome(work: "Work", lead_id: UUID) -> Outcome:
    """Raises NotFound, or Refused where the lead was not converted."""
    lead = await work.get(Lead, lead_id)
    if not lead.converted:
        raise Refused("leads.not_converted", name=lead.values.get("name", ""))
    refs = {
        "contact": lead.converted_contact,
        "account": lead.converted_account,
        "opportunity": lead.converted_opportunity,
    }
    new = lead.converted_new or ()
    return Outcome(
        lead=lead,
        became=[(part, ref, part in new) for part, ref in refs.items() if ref],
        along=traced(lead.converted_along),
        without=(lead.converted_without or "").splitlines(),
        undoable=work.access.can("leads", "edit") and in_time(work, lead),
    )


def in_time(work: "Work", lead: Lead) -> bool:
    """Whether a conversion may still be taken back."""
    return lead.converted_at is not None and work.now() - lead.converted_at <= timedelta(days=UNDO_DAYS)
