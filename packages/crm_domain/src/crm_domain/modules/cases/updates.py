"""The conversation of a case: answers of the customer and of colleagues, and notes among colleagues."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from crm_domain.definition import Arrangement, Blob, Change, Module, Option, Record, Ref, Set, panel, required
from crm_domain.definition.kinds import Boolean, Computed, DependentChoice, Files, Link, RichText
from crm_domain.modules.cases.fields import Case
from crm_domain.modules.cases.rules import case_rules
from crm_domain.problems import Denied, FieldProblem, Invalid, Refused
from crm_domain.text.rich import to_plain

if TYPE_CHECKING:
    from crm_domain.records.work import Work

OPENING = 50
"""Letters of an update that stand for it where only one line fits."""
CORRECTION = timedelta(seconds=60)
"""How long an update may still be changed: after that others have read it."""


def opening_words(values: Mapping[str, Any]) -> str:
    """The beginning of the text, in one line."""
    text = " ".join(to_plain(values.get("description") or "").split())
    return text if len(text) <= OPENING else text[:OPENING].rstrip() + "…"


class CaseUpdate(Record):
    name = Computed[str](by=opening_words, of=("description",), search=True, readonly=True, audited=False)
    case = required(Link(target="cases", inverse="updates", on_delete="cascade", indexed=True, copied=False))
    description = required(RichText(mentions=True))
    attachments = Files()
    internal = Boolean()
    contact = Link(target="contacts")

    layout = Arrangement(
        columns=(name, case, internal, contact, Record.created_by, Record.created_at),
        offered=(attachments, Record.assigned_to, Record.modified_at),
        panels=(panel("overview", (case, contact), (description,), (attachments,), (internal,)),),
        quick=((case,), (description,), (attachments,), (internal, contact)),
        picker=(name, case, internal),
        basic=(name,),
        advanced=(name, case, internal, contact, Record.created_at, Record.assigned_to),
        highlights=(case, internal, contact),
    )


def stays_as_read(change: Change[CaseUpdate]) -> None:
    """A text may be corrected for a minute; it never moves to another case. A customer's words are not internal."""
    before = change.before
    if before is not None and change.touches(CaseUpdate.case):
        raise Invalid({"case": (FieldProblem("case_updates.stays"),)})
    reworded = change.touches(CaseUpdate.description) or change.touches(CaseUpdate.internal)
    if before is not None and reworded and change.now - before.values["created_at"] > CORRECTION:
        raise Refused("case_updates.too_late")
    if change.after.contact and change.after.internal:
        raise Invalid({"internal": (FieldProblem("case_updates.customer_internal"),)})


async def case_takes_notice(work: "Work", change: Change[CaseUpdate]) -> None:
    """A customer's answer wakes the case; the first public answer to him is its response."""
    update = change.after
    if not change.new or update.values.get("case") is None:
        return
    rows = await work.store.fetch(work.module(Case), [update.case.id], action="edit", lock=True)
    if not rows:
        raise Denied
    case = Case(update.case.id, rows[0].values)
    sets: list[Set[Any]] = []
    if update.contact and (status := await _answered(work, case)):
        sets += [Case.state.to("open"), Case.status.to(status)]
    if not update.contact and not update.internal and case.first_response_at is None:
        sets.append(Set(Case.first_response_at.key, change.now))
    if sets:
        await work.update(Case, case.id, *sets)
    if update.contact:
        names = await work.store.names([update.contact])
        await tell_of_answer(work, case, names[update.contact].name if update.contact in names else "")


async def _answered(work: "Work", case: Case) -> str:
    """What the company wants a case to become when its customer answers; empty where it stays."""
    becomes = (await case_rules(work)).answered.get(case.status, "")
    return becomes if becomes in answerable(work.module(Case)) else ""


def answerable(module: Module[Case]) -> dict[str, Option]:
    """The statuses that an answer may lead to: the case is open then, whatever the company calls them."""
    status = module.field(Case.status.key)
    assert isinstance(status, DependentChoice)
    return {item.key: item for item in status.options.items if item.kind == "open"}


async def tell_of_answer(work: "Work", case: Case, writer: str) -> None:
    """Tells the case's owner that somebody outside answered."""
    if case.assigned_to:
        facts = {"name": case.name, "number": work.locale.in_digits(str(case.case_number)), "writer": writer}
        await work.store.notices.tell(
            "case_answered", [case.assigned_to.id], f"/cases/{case.id}", facts, about=Ref("cases", case.id)
        )


async def not_taken_back(work: "Work", update: Record) -> None:
    """What others have read is not taken back."""
    if work.now() - update.values["created_at"] > CORRECTION:
        raise Refused("case_updates.too_late")


async def write_update(
    work: "Work",
    case: Ref,
    text: str,
    *,
    internal: bool = False,
    contact: Ref | None = None,
    files: Sequence[Blob] = (),
) -> CaseUpdate:
    """Adds to a case's conversation, as the actor or in the name of a contact. Raises Denied, Invalid."""
    id_ = await work.create(
        CaseUpdate,
        CaseUpdate.case.to(case),
        CaseUpdate.description.to(text),
        CaseUpdate.attachments.to(tuple(files) or None),
        CaseUpdate.internal.to(internal),
        CaseUpdate.contact.to(contact),
    )
    return await work.get(CaseUpdate, id_)


CASE_UPDATES = Module(
    key="case_updates",
    record=CaseUpdate,
    icon="message-square",
    group="",
    part_of="case",
    before_save=(stays_as_read,),
    with_work=(case_takes_notice,),
    before_remove=(not_taken_back,),
)
