"""Taking a conversion back while nobody has gone on with what it created."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from crm_domain.definition import Record, Ref
from crm_domain.definition.field import Field
from crm_domain.modules.accounts import Account
from crm_domain.modules.contacts import Contact
from crm_domain.modules.leads.fields import Lead
from crm_domain.modules.leads.outcome import UNDO_DAYS, in_time
from crm_domain.modules.leads.traces import take_back, traced
from crm_domain.modules.opportunities import Opportunity
from crm_domain.problems import NotFound, Refused

if TYPE_CHECKING:
    from crm_domain.records.work import Work

EXPECTED = ("contacts", "accounts", "opportunities", "leads")
"""Subpanels in which the conversion itself has put one record."""
_RECORDS: tuple[tuple[str, type[Record], Field[Ref | None]], ...] = (
    ("opportunity", Opportunity, Lead.converted_opportunity),
    ("contact", Contact, Lead.converted_contact),
    ("account", Account, Lead.converted_account),
)


async def undo_conversion(work: "Work", lead_id: UUID) -> None:
    """Removes what the conversion created and opens the lead again, as it was; the caller commits.

    Raises NotFound, Denied, or Refused: not converted, too long ago, or a record has been changed since.
    """
    lead = await work.get(Lead, lead_id, action="edit", lock=True)
    if not lead.converted:
        raise Refused("leads.not_converted", name=lead.values.get("name", ""))
    if not in_time(work, lead):
        raise Refused("leads.undo_too_late", days=UNDO_DAYS)
    became = [ref for _, _, field in _RECORDS if (ref := lead.values.get(field.key))]
    await take_back(work, lead_id, traced(lead.converted_along), became)
    created = await _created(work, lead)
    await _give_back_contact(work, lead)
    status = await _before(work, Lead, lead, Lead.status) or "new"
    await work.update(
        Lead,
        lead_id,
        Lead.status.to(status),
        Lead.converted.to(False),
        Lead.converted_at.to(None),
        Lead.converted_contact.to(None),
        Lead.converted_account.to(None),
        Lead.converted_opportunity.to(None),
        Lead.converted_new.to(None),
        Lead.converted_along.to(None),
        Lead.converted_without.to(None),
    )
    for record, id_ in created:
        await work.remove(record, [id_])


async def _created(work: "Work", lead: Lead) -> list[tuple[type[Record], UUID]]:
    """The records the conversion made, deals first. Refused when one of them is no longer as it was made."""
    found: list[tuple[type[Record], UUID]] = []
    for part, record, field in _RECORDS:
        ref = lead.values.get(field.key)
        if part not in (lead.converted_new or ()) or ref is None:
            continue
        if not await _as_made(work, record, ref.id):
            raise Refused("leads.undo_changed")
        found.append((record, ref.id))
    return found


async def _as_made(work: "Work", record: type[Record], id_: UUID) -> bool:
    """Whether a record was never changed, and nothing hangs on it but what the conversion itself linked."""
    try:
        made = await work.get(record, id_, lock=True)
    except NotFound:
        return False
    if made.version != 1:
        return False
    relations = list(work.registry.relations(work.module(record).key).values())
    counts = await work.store.related_counts(relations, id_)
    return all(count.number <= (1 if key in EXPECTED else 0) for key, count in counts.items())


async def _give_back_contact(work: "Work", lead: Lead) -> None:
    """An existing contact that went over to the new account returns to the one it had."""
    contact, account, new = lead.converted_contact, lead.converted_account, lead.converted_new or ()
    if contact is None or account is None or "account" not in new or "contact" in new:
        return
    now = await work.get(Contact, contact.id)
    if now.account is None or now.account.id != account.id:
        return
    former = await _before(work, Contact, now, Contact.account)
    employer = Ref("accounts", UUID(str(former))) if former else None
    await work.update(Contact, contact.id, Contact.account.to(employer))
    await work.store.unlink(work.relation("contacts", "accounts"), contact.id, [account.id])


async def _before(work: "Work", record: type[Record], now: Record, field: Field[Any]) -> Any:
    """The stored value a field had before its last change."""
    for version in range((now.version or 1) - 1, 0, -1):
        originals = await work.store.originals(work.module(record), now.id, version)
        if field.key in originals:
            return originals[field.key]
    return None
