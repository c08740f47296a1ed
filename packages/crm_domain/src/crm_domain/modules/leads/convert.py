"""Converting a lead: a contact, an account and perhaps a deal come of it, all in one unit of work."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

import msgspec

from crm_domain.definition import Record, Ref, Set
from crm_domain.modules.accounts import Account
from crm_domain.modules.contacts import Contact
from crm_domain.modules.leads.along import Along, begin, take_along
from crm_domain.modules.leads.fields import Lead
from crm_domain.modules.leads.mapping import account_values, contact_values, opportunity_values, with_typed
from crm_domain.modules.leads.traces import Trace, written
from crm_domain.modules.opportunities import Opportunity
from crm_domain.problems import FieldProblem, Invalid, Refused
from crm_domain.query.page import Row
from crm_domain.records.stream import activity_relations

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


class Converted(msgspec.Struct, frozen=True):
    """What the lead has become. `created` names the parts that are new; the others were there before. `along` is what was
    done to activities."""

    contact: UUID
    account: UUID | None
    opportunity: UUID | None
    created: tuple[str, ...]
    along: tuple[Trace, ...] = ()

    def became(self) -> dict[str, Ref]:
        """The records by the names of their sections."""
        pairs = {"contact": ("contacts", self.contact), "account": ("accounts", self.account)}
        pairs["opportunity"] = ("opportunities", self.opportunity)
        return {part: Ref(module, id_) for part, (module, id_) in pairs.items() if id_}


class Proposal(msgspec.Struct, frozen=True):
    """What a section would hold: the lead's values by the target's keys, and existing records that may be meant.

    `allowed` is whether the actor may create one.
    """

    allowed: bool
    values: Mapping[str, Any]
    candidates: tuple[Row, ...] = ()


class Preview(msgspec.Struct, frozen=True):
    """The conversion page's facts. `activities` is how many the lead has."""

    lead: Lead
    contact: Proposal
    account: Proposal
    opportunity: Proposal
    activities: int = 0


async def preview(work: "Work", lead_id: UUID) -> Preview:
    """What converting would make of the lead. Raises NotFound, or Refused when it is converted."""
    lead = await _open_lead(work, lead_id)
    contacts, accounts = await candidates(work, lead)
    activities = await work.store.related_counts(activity_relations(work, "leads"), lead_id)
    can = work.access.can
    return Preview(
        lead,
        Proposal(can("contacts", "create"), contact_values(work, lead), contacts),
        Proposal(can("accounts", "create"), account_values(work, lead), accounts),
        Proposal(can("opportunities", "create"), opportunity_values(work, lead)),
        sum(count.number for count in activities.values()),
    )


async def candidates(work: "Work", lead: Lead) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    """Contacts and accounts that may be the lead's already, as far as the actor may see them."""
    contacts = await work.store.alike(work.module(Contact), contact_values(work, lead))
    company = account_values(work, lead)
    accounts = await work.store.alike(work.module(Account), company) if lead.account_name else []
    return tuple(contacts), tuple(accounts)


async def convert_lead(work: "Work", lead_id: UUID, options: Conversion) -> Converted:
    """Converts once; the caller commits.

    Raises NotFound, Denied where the actor may not create, Invalid with keys such as `account.name` or `activities.to`, or
    Refused("leads.already_converted").
    """
    lead = await _open_lead(work, lead_id, lock=True)
    account = await _account(work, lead, options.account)
    contact, account = await _contact(work, lead, options.contact, account)
    deal = await _deal(work, lead, options.opportunity, account, contact) if options.opportunity else None
    sections = {"contact": options.contact, "account": options.account, "opportunity": options.opportunity}
    created = tuple(part for part, section in sections.items() if section and section.existing is None)
    done = Converted(contact, account, deal, created)
    begun = await begin(work, Ref("contacts", contact), options.beside)
    taken = await take_along(work, lead_id, options.along, done.became())
    done = msgspec.structs.replace(done, along=(*begun, *(trace for trace in taken if trace.ids)))
    await _mark(work, lead_id, done)
    return done


async def _open_lead(work: "Work", lead_id: UUID, *, lock: bool = False) -> Lead:
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
    module = work.module(record)
    allowed = {key: value for key, value in values.items() if work.access.field(module.key, key) == "write"}
    try:
        return await work.create(record, *(Set(key, value) for key, value in allowed.items()))
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
    )
