"""A case's own parts: its conversation, answers from the knowledge base, and the bug that comes of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.definition import Blob, Module, Ref
from crm_domain.meaning.show import show_stored
from crm_domain.modules.bugs import report_bug
from crm_domain.modules.cases import Case, CaseUpdate
from crm_domain.modules.cases.articles import use_article
from crm_domain.modules.cases.notify import mail_update
from crm_domain.modules.cases.split import split_off
from crm_domain.modules.cases.updates import CORRECTION, write_update
from crm_domain.modules.knowledge.suggest import solution_of, suggest
from crm_domain.ports import HistoryEntry
from crm_domain.problems import FieldProblem, Invalid
from crm_domain.query.page import ListQuery, Row, Sort
from crm_domain.records.forms import read_form
from crm_domain.records.uploads import opened
from crm_domain.text import format as formats
from crm_domain.text import numbers
from crm_storage.letters.about import case_mailbox
from crm_ui.cells import drawer, hue_of
from crm_ui.inputs import Draft
from crm_ui.templates import initials
from crm_web.letters.enclosures import DOCUMENT, chosen_document, document_input, enclosed
from crm_web.reach import one
from crm_web.records.ready_answers import at_hand, words_of
from crm_web.uploads import taken_in
from crm_web.visit import Visit

FIELDS = ("description", "attachments", "internal")
"""What one writes of an update."""
SAID = 100
"""The newest updates that the conversation shows."""
TOLD = ("state", "status", "priority", "assigned_to", "case_type")
"""Changes of the case that are told between the updates."""


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the conversation: an update, or what changed."""

    id: UUID | None = None
    at: datetime
    time: str
    who: str
    monogram: str = ""
    hue: str
    kind: str
    """reply, internal, customer or event."""
    html: str = ""
    fresh: bool = False
    """Whether the reader said it just now, and may still correct it."""
    files: tuple[tuple[Blob, str], ...] = ()
    """With their sizes in words."""
    changes: tuple[tuple[str, str, str], ...] = ()


class CasePages(Controller):
    """/cases/<id>/thread, /suggestions, and what is done from there."""

    path = "/cases"

    @get("/{record_id:uuid}/thread")
    async def thread(self, visit: Visit, record_id: UUID) -> Response[str]:
        return await _thread(visit, record_id, {}, {})

    @post("/{record_id:uuid}/thread")
    async def say(self, visit: Visit, record_id: UUID, posted: FormMultiDict) -> Response[Any]:
        """Adds an update; a public one also goes to the case's contacts by mail when that is ticked."""
        module = visit.module("case_updates")
        pairs, problems = await taken_in(visit, module, posted, FIELDS)
        form = read_form(module, pairs, FIELDS, visit.voice)
        if posted.get("do") in ("ready", "attach"):
            return await _taken_over(visit, record_id, form.values, posted)
        if problems | form.problems:
            return await _thread(visit, record_id, form.raw, problems | form.problems, status=422)
        try:
            values = await opened(visit.work, form.values)
            update = await write_update(
                visit.work,
                Ref("cases", record_id),
                values.get("description") or "",
                internal=bool(values.get("internal")),
                files=values.get("attachments") or (),
            )
        except Invalid as invalid:
            return await _thread(visit, record_id, form.raw, dict(invalid.fields), status=422)
        mailed = await _mailed(visit, record_id, update) if posted.get("mail") else 0
        await visit.commit()
        said = visit.text("cases.mailed" if mailed else "cases.noted", number=_count(visit, mailed))
        if not visit.fragment:
            return visit.go(f"/cases/{record_id}", said)
        return await _thread(visit, record_id, {}, {}, headers=visit.say(said))

    @post("/{record_id:uuid}/split/{update_id:uuid}")
    async def split(self, visit: Visit, record_id: UUID, update_id: UUID) -> Response[Any]:
        """Makes a case of its own of something said here, and goes there."""
        made = await split_off(visit.work, record_id, update_id)
        await visit.commit()
        return visit.go(f"/cases/{made}", visit.text("cases.split_done"))

    @get("/{record_id:uuid}/suggestions")
    async def suggestions(self, visit: Visit, record_id: UUID) -> Response[str]:
        module = visit.module("cases")
        row = await one(visit, module, record_id)
        found = await suggest(visit.work, row["name"])
        status = drawer(visit.module("knowledge_articles").field("status"), visit.voice)
        facts = {
            "title": visit.text("cases.suggestions"),
            "name": row["name"],
            "url": f"/cases/{record_id}",
            "articles": [
                (item.article.id, item.article["name"], status(item.article["status"]), solution_of(item.article))
                for item in found
            ],
            "may_use": bool(await visit.work.store.fetch(module, [record_id], action="edit", columns=("name",))),
        }
        if visit.fragment:
            return visit.part("cases/suggestions.html", **facts)
        return await visit.page("cases/panel.html", current="cases", panel="cases/suggestions.html", **facts)

    @post("/{record_id:uuid}/use/{article_id:uuid}")
    async def use(self, visit: Visit, record_id: UUID, article_id: UUID) -> Response[Any]:
        """Takes an article's solution over into the case."""
        article = await use_article(visit.work, record_id, article_id)
        await visit.commit()
        return visit.go(f"/cases/{record_id}", visit.text("cases.article_used", name=article.name))

    @post("/{record_id:uuid}/bug")
    async def bug(self, visit: Visit, record_id: UUID) -> Response[Any]:
        """Reports a bug from the case and goes on to fill it in."""
        bug = await report_bug(visit.work, record_id)
        await visit.commit()
        return visit.go(f"/bugs/{bug}/edit", visit.text("cases.bug_reported"))


async def _taken_over(visit: Visit, id_: UUID, typed: Mapping[str, Any], posted: FormMultiDict) -> Response[str]:
    """The form with the words of a choice behind what was typed, or with the file of a document that is kept here."""
    with visit.names_as_stored():
        case = await visit.work.get(Case, id_, action="edit")
    if posted.get("do") == "attach":
        found = await chosen_document(visit, posted)
        lost = isinstance(found, FieldProblem)
        values = await enclosed(visit, typed, () if lost else (found,))
        return await _thread(visit, id_, {}, {DOCUMENT.key: (found,)} if lost else {}, values=values)
    values = await enclosed(visit, typed)
    if chosen := posted.get("ready", ""):
        values["description"] = (values.get("description") or "") + await words_of(visit, case, chosen)
        await visit.commit()
    return await _thread(visit, id_, {}, {}, values=values)


async def _mailed(visit: Visit, case: UUID, update: CaseUpdate) -> int:
    _, answers_to = await case_mailbox(visit.session, case)
    return await mail_update(visit.work, await visit.work.get(Case, case), update, answers_to=answers_to)


async def _thread(
    visit: Visit,
    id_: UUID,
    raw: Mapping[str, Any],
    problems: Mapping[str, tuple[FieldProblem, ...]],
    *,
    values: Mapping[str, Any] | None = None,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response[str]:
    module, updates = visit.module("cases"), visit.module("case_updates")
    row = await one(visit, module, id_)
    may_answer = visit.access.can("case_updates", "create") and bool(
        await visit.work.store.fetch(module, [id_], action="edit", columns=("name",))
    )
    draft = Draft(updates, visit.voice, values or {}, raw=raw, problems=problems)
    facts = {
        "title": visit.text("cases.thread"),
        "name": row["name"],
        "url": f"/cases/{id_}",
        "said": await _said(visit, module, updates, id_),
        "may_answer": may_answer,
        "may_split": may_answer and visit.access.can("cases", "create"),
        "ready": await at_hand(visit, row["name"]) if may_answer else [],
        "text": draft.input("description"),
        "files": draft.input("attachments"),
        "document": document_input(visit, draft),
        "internal": draft.input("internal"),
    }
    if visit.fragment:
        return visit.part("cases/thread.html", status=status, headers=headers, **facts)
    return await visit.page("cases/panel.html", status=status, current="cases", panel="cases/thread.html", **facts)


async def _said(visit: Visit, module: Module[Any], updates: Module[Any], id_: UUID) -> list[Said]:
    """Updates and changes, newest first."""
    query = ListQuery(
        columns=("description", "attachments", "internal", "contact", "created_by", "created_at"),
        sort=(Sort("created_at", descending=True),),
        limit=SAID,
    )
    page = await visit.work.store.related(visit.work.relation("cases", "updates"), id_, query)
    told = [_event(visit, module, entry) for entry in await visit.work.store.history(module, id_, limit=SAID)]
    lines = [*(_update(visit, row) for row in page.rows), *(line for line in told if line)]
    return sorted(lines, key=lambda line: line.at, reverse=True)


def _update(visit: Visit, row: Row) -> Said:
    author = row["contact"] or row["created_by"]
    kind = "customer" if row["contact"] else "internal" if row["internal"] else "reply"
    who = author.name if author else visit.text("record.system")
    hue = hue_of(author.id.int) if author else "gray"
    return Said(
        id=row.id,
        at=row["created_at"],
        time=_time(visit, row["created_at"]),
        who=who,
        monogram=initials(who),
        hue=hue,
        kind=kind,
        html=row["description"] or "",
        fresh=row["created_by"] == Ref("users", visit.access.user)
        and visit.work.now() - row["created_at"] < CORRECTION,
        files=tuple((blob, _size(visit, blob)) for blob in row["attachments"] or ()),
    )


def _event(visit: Visit, module: Module[Any], entry: HistoryEntry) -> Said | None:
    """A change that matters to whoever reads along; None for all others."""
    if entry.action != "update":
        return None
    changes = tuple(
        (
            visit.voice.label(module, module.field(change.key)),
            show_stored(module.field(change.key), change.old, visit.voice),
            show_stored(module.field(change.key), change.new, visit.voice),
        )
        for change in entry.changes
        if change.key in TOLD
    )
    who = entry.actor.name if entry.actor and entry.actor.name else visit.text("record.system")
    return (
        Said(at=entry.at, time=_time(visit, entry.at), who=who, hue="gray", kind="event", changes=changes)
        if changes
        else None
    )


def _time(visit: Visit, at: datetime) -> str:
    return formats.relative_time(at, visit.voice.now, visit.voice.locale, visit.voice.catalogue)


def _size(visit: Visit, blob: Blob) -> str:
    return formats.file_size(blob.size, visit.voice.locale, visit.voice.catalogue)


def _count(visit: Visit, number: int) -> str:
    return numbers.format_number(number, visit.voice.locale)
