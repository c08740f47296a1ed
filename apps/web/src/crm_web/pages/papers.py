"""A record on paper: its document looked at, taken as PDF, kept with the record, sent by e-mail."""

import io
from base64 import b64encode
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.definition import EmailEntry, Module, Ref, Upload, kinds
from crm_domain.meaning.clean import clean
from crm_domain.modules.blocks.parents import NOTE_PARENTS
from crm_domain.modules.notes import Note
from crm_domain.problems import BadValue, Denied, FieldProblem, Invalid
from crm_domain.query.page import Row
from crm_domain.records import save
from crm_domain.records.sent import mark_sent
from crm_storage.limited import in_child
from crm_web.files import attachment, inline_pdf
from crm_web.letters.form import senders
from crm_web.lists.selection import selected
from crm_web.pages.exports import noted
from crm_web.papers.document import (
    CHOSEN,
    Printed,
    printable,
    printed,
    printed_together,
    source_for,
    taken_out,
    templates_for,
    worded,
)
from crm_web.papers.letter import mailed
from crm_web.reach import one
from crm_web.records.view import heading
from crm_web.visit import Visit

LETTER = {
    "to": kinds.Text(max_length=254, check="email_address", required=True),
    "subject": kinds.Text(max_length=255, required=True),
    "text": kinds.LongText(max_length=10_000),
}
"""What is written to go with a document."""
WRITTEN = "written"
"""The way in which the document stands in the letter instead of being attached."""


class PaperPages(Controller):
    """/<module>/papers, /<module>/<id>/paper and /<module>/<id>/pdf."""

    module_key: ClassVar[str]

    @post("/papers", status_code=200)
    async def papers_together(self, visit: Visit, posted: FormMultiDict) -> Response[bytes]:
        """The documents of the chosen records in one file; noted in the audit like every export."""
        module = printable(visit, self.module_key)
        visit.allow(module, "print")
        visit.allow(module, "export")
        rows = await taken_out(visit, module, await selected(visit, module, posted))
        made = await printed_together(visit, module, rows)
        await noted(visit, module, "pdf", len(rows))
        return attachment(made.name, "application/pdf", made.body)

    @get("/{record_id:uuid}/pdf")
    async def paper_pdf(self, visit: Visit, record_id: UUID, template: UUID | None = None) -> Response[bytes]:
        """The document itself; noted in the record's history."""
        module = printable(visit, self.module_key)
        made = await _made(visit, module, record_id, template)
        await visit.work.store.note(module, record_id, "print", made.facts)
        await visit.commit()
        return inline_pdf(made.name, made.body)

    @get("/{record_id:uuid}/paper")
    async def paper(self, visit: Visit, record_id: UUID, template: UUID | None = None) -> Response[str]:
        return await _page(visit, printable(visit, self.module_key), record_id, template)

    @get("/{record_id:uuid}/paper/sheets")
    async def paper_sheets(self, visit: Visit, record_id: UUID, template: UUID | None = None) -> Response[str]:
        """Its first pages as pictures, for the page that shows them."""
        module = printable(visit, self.module_key)
        try:
            made = await _made(visit, module, record_id, template)
        except BadValue as fault:
            told = visit.text(fault.problem.id, **fault.problem.facts)
            return visit.part("papers/sheets.html", pictures=[], problem=told)
        return visit.part("papers/sheets.html", pictures=await pictures_of(made.body), problem="")

    @post("/{record_id:uuid}/paper/keep")
    async def paper_keep(self, visit: Visit, record_id: UUID, posted: FormMultiDict) -> Response[Any]:
        """As a note of the record, with the document attached."""
        module = printable(visit, self.module_key)
        _keepable(visit, module)
        made = await _made(visit, module, record_id, _template(posted))
        await _noted(visit, module, record_id, made)
        await visit.work.store.note(module, record_id, "print", made.facts)
        await visit.commit()
        return visit.go(f"/{module.key}/{record_id}", visit.text("papers.kept"))

    @post("/{record_id:uuid}/paper/mail")
    async def paper_mail(self, visit: Visit, record_id: UUID, posted: FormMultiDict) -> Response[Any]:
        """To one address, as a letter of the sender's in the files of the record."""
        module = printable(visit, self.module_key)
        visit.allow(visit.module("emails"), "create")
        letter, problems = _letter(posted)
        if not problems:
            inside = posted.get("how") == WRITTEN
            made = await (_worded if inside else _made)(visit, module, record_id, _template(posted))
            facts = {} if isinstance(made, str) else made.facts
            try:
                id_ = await mailed(visit, Ref(module.key, record_id), made, box=posted.get("box", ""), **letter)
            except Invalid as invalid:
                problems = {key if key in LETTER else "to": found[0] for key, found in invalid.fields.items()}
            else:
                await visit.work.store.note(module, record_id, "print", facts)
                await mark_sent(visit.work, module, await one(visit, module, record_id, "print"))
                await visit.commit()
                said = visit.text("papers.sent", to=letter["to"])
                return visit.go(f"/{module.key}/{record_id}", said, undo=f"/mail/{id_}/back")
        told = {key: visit.text(problem.id, **problem.facts) for key, problem in problems.items()}
        typed = {key: posted.get(key, "") for key in (*LETTER, "box", "how")}
        return await _page(visit, module, record_id, _template(posted), typed=typed, problems=told, status=422)


async def pictures_of(pdf: bytes) -> list[str]:
    """The first pages as addresses that hold their picture."""
    return [f"data:image/webp;base64,{b64encode(page).decode()}" for page in await in_child("page", pdf, "all")]


async def _made(visit: Visit, module: Module[Any], id_: UUID, template: UUID | None) -> Printed:
    row = await one(visit, module, id_, "print")
    return await printed(visit, module, id_, await source_for(visit, module, row, template))


async def _worded(visit: Visit, module: Module[Any], id_: UUID, template: UUID | None) -> str:
    row = await one(visit, module, id_, "print")
    return await worded(visit, module, id_, await source_for(visit, module, row, template))


def _keepable(visit: Visit, module: Module[Any]) -> None:
    """Raises Denied where nobody may write a note about such a record, or this reader may not."""
    if module.key not in NOTE_PARENTS:
        raise Denied
    visit.allow(module, "print")
    visit.allow(visit.work.module(Note), "create")


async def _noted(visit: Visit, module: Module[Any], id_: UUID, made: Printed) -> None:
    """Keeps the document as the attachment of a note about the record."""
    house = visit.installation
    blob = await house.files.receive(house.database, visit.tenant, visit.access.user, made.name, io.BytesIO(made.body))
    facts = {
        "name": made.name.removesuffix(".pdf")[:255],
        "parent": Ref(module.key, id_),
        "attachments": (Upload(blob.key),),
    }
    await save.create(visit.work, visit.work.module(Note), facts)


async def _page(
    visit: Visit,
    module: Module[Any],
    id_: UUID,
    template: UUID | None,
    *,
    typed: dict[str, str] | None = None,
    problems: dict[str, str] | None = None,
    status: int = 200,
) -> Response[str]:
    row = await one(visit, module, id_, "print")
    own = row[CHOSEN]
    offered = await templates_for(visit, module)
    chosen = str(template or (own.id if isinstance(own, Ref) else ""))
    title = f"{visit.voice.module(module, 'one')} {row[module.number_field] or row['name']}"
    usual = {
        "box": "",
        "how": "",
        "to": await _address(visit, module, row),
        "subject": visit.text("papers.subject", title=title, company=visit.tenant.name),
        "text": visit.text("papers.letter", title=title, name=visit.actor.name),
    }
    return await visit.page(
        "papers/page.html",
        status=status,
        current=module.key,
        **await heading(visit, module, row),
        tab="paper",
        templates=offered,
        chosen=chosen if any(id_ == chosen for id_, _ in offered) else "",
        sheets_url=f"/{module.key}/{id_}/paper/sheets" + (f"?template={template}" if template else ""),
        typed=typed or usual,
        problems=dict.fromkeys(LETTER, "") | (problems or {}),
        senders=[(key, label) for key, label, _ in await senders(visit)],
        mailable=visit.access.can("emails", "create"),
        keepable=module.key in NOTE_PARENTS and visit.access.can("notes", "create"),
    )


async def _address(visit: Visit, module: Module[Any], row: Row) -> str:
    """Where the document most likely goes: to the record's own address, or to that of who it is for."""
    own = next((field.key for field in module.fields if isinstance(field, kinds.Emails)), "")
    if own:
        return _first(row[own])
    for key in ("contact", "account"):
        link = row.values.get(key)
        if isinstance(link, Ref) and visit.access.can(link.module, "view"):
            found = await visit.work.store.fetch(visit.module(link.module), [link.id], columns=("emails",))
            if found and (address := _first(found[0]["emails"])):
                return address
    return ""


def _first(entries: tuple[EmailEntry, ...] | None) -> str:
    usable = [entry for entry in entries or () if not entry.invalid]
    return next((entry.address for entry in usable if entry.primary), usable[0].address if usable else "")


def _letter(posted: FormMultiDict) -> tuple[dict[str, str], dict[str, FieldProblem]]:
    """The mail as it was typed and made good, and what is wrong with it."""
    found: dict[str, str] = {}
    problems: dict[str, FieldProblem] = {}
    for key, kind in LETTER.items():
        try:
            found[key] = clean(kind, posted.get(key, "")) or ""
            if kind.required and not found[key]:
                problems[key] = FieldProblem("problems.required")
        except BadValue as bad:
            problems[key] = bad.problem
    return found, problems


def _template(posted: FormMultiDict) -> UUID | None:
    try:
        return UUID(posted.get("template", ""))
    except ValueError:
        return None
