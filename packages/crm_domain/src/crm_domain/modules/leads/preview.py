"""What would come of a lead: the values of each record, those that may be there already, what goes along or is left out."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from crm_domain.modules.accounts import Account
from crm_domain.modules.contacts import Contact
from crm_domain.modules.leads.convert import open_lead
from crm_domain.modules.leads.fields import Lead
from crm_domain.modules.leads.lists import LISTS
from crm_domain.modules.leads.mapping import MAPPED, account_values, contact_values, unwritable
from crm_domain.query.page import Row
from crm_domain.records.stream import activity_relations

if TYPE_CHECKING:
    from crm_domain.records.work import Work


class Proposal(msgspec.Struct, frozen=True):
    """What a section would hold: the lead's values by the target's keys, and existing records that may be meant.

    `allowed` is whether the actor may create one; `without` are the values that he may not write.
    """

    allowed: bool
    values: Mapping[str, Any]
    candidates: tuple[Row, ...] = ()
    without: tuple[str, ...] = ()


class Preview(msgspec.Struct, frozen=True):
    """The conversion page's facts: how many `activities` the lead has, and in how many `lists` it is."""

    lead: Lead
    contact: Proposal
    account: Proposal
    opportunity: Proposal
    activities: int = 0
    lists: int = 0


async def preview(work: "Work", lead_id: UUID) -> Preview:
    """What converting would make of the lead. Raises NotFound, or Refused when it is converted."""
    lead = await open_lead(work, lead_id)
    contacts, accounts = await candidates(work, lead)
    relations = [*activity_relations(work, "leads"), work.relation("leads", LISTS)]
    counts = {key: count.number for key, count in (await work.store.related_counts(relations, lead_id)).items()}
    lists = counts.pop(LISTS)
    return Preview(
        lead,
        _proposal(work, lead, "contact", contacts),
        _proposal(work, lead, "account", accounts),
        _proposal(work, lead, "opportunity"),
        sum(counts.values()),
        lists,
    )


def _proposal(work: "Work", lead: Lead, part: str, found: tuple[Row, ...] = ()) -> Proposal:
    record, mapped = MAPPED[part]
    module, values = work.module(record), mapped(work, lead)
    return Proposal(work.access.can(module.key, "create"), values, found, unwritable(work, module, values))


async def candidates(work: "Work", lead: Lead) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    """Contacts and accounts that may be the lead's already, as far as the actor may see them."""
    contacts = await work.store.alike(work.module(Contact), contact_values(work, lead))
    company = account_values(work, lead)
    accounts = await work.store.alike(work.module(Account), company) if lead.account_name else []
    return tuple(contacts), tuple(accounts)
