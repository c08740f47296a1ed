"""Splitting a case: what a customer asked besides becomes a case of its own."""

from typing import TYPE_CHECKING
from uuid import UUID

from crm_domain.definition import Ref
from crm_domain.letters.incoming import as_markup
from crm_domain.messages.catalogue import catalogue
from crm_domain.modules.cases.fields import Case
from crm_domain.modules.cases.updates import CaseUpdate, write_update
from crm_domain.problems import NotFound
from crm_domain.records.save import within_reach

if TYPE_CHECKING:
    from crm_domain.records.work import Work


async def split_off(work: "Work", case_id: UUID, update_id: UUID) -> UUID:
    """A new case of an update's words and files, of the same customer; both cases note it among colleagues. The caller commits.

    Raises NotFound, Denied, Invalid.
    """
    case, update = await work.get(Case, case_id, action="edit"), await work.get(CaseUpdate, update_id)
    if update.case.id != case_id:
        raise NotFound
    about = await within_reach(work, [ref for ref in (case.product, case.contract) if ref])
    made = await work.create(
        Case,
        Case.name.to(update.name),
        Case.description.to(update.description),
        Case.account.to(case.account),
        Case.contact.to(update.contact or case.contact),
        Case.product.to(case.product if case.product in about else None),
        Case.contract.to(case.contract if case.contract in about else None),
        Case.priority.to(case.priority),
        Case.case_type.to(case.case_type),
        Case.channel.to(case.channel),
    )
    new = await work.get(Case, made)
    await _note(work, case_id, "cases.split_into", new)
    await _note(work, made, "cases.split_from", case, update)
    return made


async def _note(work: "Work", at: UUID, id_: str, other: Case, update: CaseUpdate | None = None) -> None:
    facts = {"number": work.locale.in_digits(str(other.case_number)), "subject": other.name}
    words = as_markup(catalogue(work.locale.language).text(id_, **facts))
    files = (update.attachments or ()) if update else ()
    await write_update(work, Ref("cases", at), words, internal=True, files=files)
