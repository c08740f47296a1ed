"""Converting a lead: a contact, an account and perhaps a deal come of it, all in one unit of work."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

import msgspec

from crm_domain.definition import Record, Ref, Set
from crm_domain.modules.accounts import Account
from crm_domain.modules.contacts import Contact
from crm_domain.modules.leads.along import Along, begin, take_along
from crm_domain.modules.leads.fields import Lead
from crm_domain.modules.leads.lists import Lists, take_lists
from crm_domain.modules.leads.mapping import (
    MAPPED,
    account_values,
    contact_values,
    opportunity_values,
    unwritable,
    with_typed,
)
from crm_domain.modules.leads.traces import Trace, written
from crm_domain.modules.opportunities import Opportunity
from crm_domain.problems import FieldProblem, Invalid, Refused

if TYPE_CHECKING:
    from crm_domain.records.work import Work

R = TypeVar("R", bound=Record)
FIRST_ROLE = "primary_decision_maker"


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """One record of a conversion: an existing one, or a new one with these values besides the lead's."""

    existing: UUID | None = None
    values: Mapping[str, Any] = {}


class Conversion(msgspec.Struct, frozen=True, kw_only=True):
    """What a lead shall become; a section that is None is left out."""

    contact: Section = Section()
    account: Section | None = Section()
    opportunity: Section | None = None
    beside: Mapping[str, Mapping[str, Any]] = {}
    """Values of new activities, by `note`, `call`, `meeting` and `task`."""
    along: Along = Along()
    lists: Lists = "stay"
    account_needed: bool = False
    """Whether it is refused where it leads to no account, neither a section's nor the contact's own."""


class Converted(msgspec.Struct, frozen=True):
    """What the lead has become. `created` names the parts that are new; the others were there before. `along` is what was
    done to activities and lists; `without` names values that the actor may not write, as `contact.description`."""

    contact: UUID
    account: UUID | None
    opportunity: UUID | None
    created: tuple[str, ...]
    along: tuple[Trace, ...] = ()
    without: tuple[str, ...] = ()

    def became(self) -> dict[str, Ref]:
        """The records by the names of their sections."""
        pairs = {"contact": ("contacts", self.contact), "account": ("accounts", self.account)}
        pairs["opportunity"] = ("opportunities", self.opportunity)
        return {part: Ref(module, id_) for part, (module, id_) in pairs.items() if id_}


async def convert_lead(work: "Work", lead_id: UUID, options: Conversion) -> Converted:
    """Converts once; the caller commits.

    Raises NotFound, Denied where the actor may not create, Invalid with keys such as `account.name` or `activities.to`, or
    Refused("leads.already_converted").
    """
    lead = await open_lead(work, lead_id, lock=True)
    account = await _account(work, lead, options.account)
    contact, account = await _contact(work, lead, options.contact, account)
    if account is None and options.account_needed:
        raise Invalid({"account.pick": (FieldProblem("leads.account_needed"),)})
    deal = await _deal(work, lead, options.opportunity, account, contact) if options.opportunity else None
    sections = {"contact": options.contact, "account": options.account, "opportunity": options.opportunity}
    created = tuple(part for part, section in sections.items() if section and section.existing is None)
    done = Converted(contact, account, deal, created)
    begun = await begin(work, Ref("contacts", contact), options.beside)
    taken = await take_along(work, lead_id, options.along, done.became())
    taken += await take_lists(work, lead_id, contact, options.lists)
    along = (*begun, *(trace for trace in taken if trace.ids))
    done = msgspec.structs.replace(done, along=along, without=_without(work, lead, sections, created))
    await _mark(work, lead_id, done)
    return done


def _without(
    work: "Work", lead: Lead, sections: Mapping[str, Section | None], created: Sequence[str]
) -> tuple[str, ...]:
    """What of the new records' values was left out."""
    found: list[str] = []
    for part in created:
        record, mapped = MAPPED[part]
        section = sections[part]
        values = with_typed(mapped(work, lead), section.values if section else {})
        said = [key for key, value in values.items() if value]
        said += ["account"] if part == "contact" and sections["account"] else []
        found += [f"{part}.{key}" for key in unwritable(work, work.module(record), said)]
    return tuple(found)


async def open_lead(work: "Work", lead_id: UUID, *, lock: bool = False) -> Lead:
    """A lead that may be converted. Raises NotFound, or Refused when it is converted."""
    lead = await work.get(Lead, lead_id, action="edit", lock=lock)
    if lead.converted:
        raise Refused("leads.already_converted", name=lead.values.get("name", ""))
    return lead


async def _account(work: "Work", lead: Lead, section: Section | None) -> UUID | None:
    if section is None:
        return None
    if section.existing is not None:
        return (await work.get(Account, section.existing)).id
    return await _create(work, Account, "account", with_typed(account_values(work, lead), section.values))


async def _contact(work: "Work", lead: Lead, section: Section, account: UUID | None) -> tuple[UUID, UUID | None]:
    """The contact, and the account it now belongs to: the conversion's own, or the one it had."""
    employer = {"account": Ref("accounts", account)} if account else {}
    if section.existing is None:
        values = with_typed(contact_values(work, lead), section.values)
        return await _create(work, Contact, "contact", {**values, **employer}), account
    contact = await work.get(Contact, section.existing)
    had = contact.account
    if account and (had is None or had.id != account):
        await work.update(Contact, contact.id, Contact.account.to(Ref("accounts", account)))
    return contact.id, account or (had.id if had else None)


async def _deal(work: "Work", lead: Lead, section: Section, account: UUID | None, contact: UUID) -> UUID:
    if account is None:
        raise Invalid({"opportunity.account": (FieldProblem("leads.opportunity_needs_account"),)})
    values = with_typed(opportunity_values(work, lead), section.values)
    deal = await _create(work, Opportunity, "opportunity", {**values, "account": Ref("accounts", account)})
    await work.store.link(work.relation("opportunities", "contacts"), deal, [contact], {"role": FIRST_ROLE})
    return deal


async def _create(work: "Work", record: type[R], section: str, values: Mapping[str, Any]) -> UUID:
    """Creates the section's record, without what the actor may not write; what is wrong with a value is said of that section."""
    left = unwritable(work, work.module(record), values)
    try:
        return await work.create(record, *(Set(key, value) for key, value in values.items() if key not in left))
    except Invalid as problem:
        raise Invalid({f"{section}.{key}": found for key, found in problem.fields.items()}) from problem


async def _mark(work: "Work", lead_id: UUID, done: Converted) -> None:
    await work.update(
        Lead,
        lead_id,
        Lead.status.to("converted"),
        Lead.converted.to(True),
        Lead.converted_at.to(work.now()),
        Lead.converted_contact.to(Ref("contacts", done.contact)),
        Lead.converted_account.to(Ref("accounts", done.account) if done.account else None),
        Lead.converted_opportunity.to(Ref("opportunities", done.opportunity) if done.opportunity else None),
        Lead.converted_new.to(done.created),
        Lead.converted_along.to(written(done.along)),
        Lead.converted_without.to("\n".join(done.without) or None),
    )
