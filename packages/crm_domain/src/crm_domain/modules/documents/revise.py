"""Revisions: a document's file changes only by a new one, the newest is the current one, and none is ever edited."""

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from crm_domain.definition import Change, Record, Ref
from crm_domain.messages.catalogue import catalogue
from crm_domain.modules.documents.fields import Document, DocumentRevision
from crm_domain.problems import Denied, FieldProblem, Invalid, Refused
from crm_domain.query.filter import Condition
from crm_domain.query.page import ListQuery, Sort
from crm_domain.text.digits import plain_number, to_ascii

if TYPE_CHECKING:
    from crm_domain.records.work import Work

FIRST = "1"


def named_by_file(change: Change[Document]) -> None:
    """Without a name a document is called as its file is."""
    if not change.after.name and change.after.file:
        change.set(Document.name, PurePosixPath(change.after.file.name).stem)


def dates_in_order(change: Change[Document]) -> None:
    """Nothing expires before it was published."""
    published, expires = change.after.published_on, change.after.expires_on
    if published and expires and expires < published:
        raise Invalid({"expires_on": (FieldProblem("documents.expires_before"),)})


async def keeps_revisions(work: "Work", change: Change[Document]) -> None:
    """Today is the day of publishing unless another is given; a file that comes in becomes a revision."""
    if change.new and not change.after.published_on:
        change.set(Document.published_on, work.now().astimezone(work.locale.zone).date())
    if change.before and not change.touches(Document.file):
        if change.touches(Document.revision):
            raise Invalid({"revision": (FieldProblem("documents.revision_needs_file"),)})
        return
    if not change.after.file:
        return
    if change.before and not change.touches(Document.revision):
        change.set(Document.revision, next_label(change.before.revision))
    change.set(Document.revised_at, work.now())
    await _keep(work, change)


async def _keep(work: "Work", change: Change[Document]) -> None:
    """The revision's own row, whatever the actor may do with revisions: he saves the document."""
    module = work.registry["document_revisions"]
    document = change.after
    values: dict[str, Any] = {
        "name": document.revision or FIRST,
        "document": Ref("documents", document.id, document.name),
        "file": document.file,
        "assigned_to": Ref("users", work.access.user),
        "team": document.values.get("team"),
    }
    if change.new:
        values["change_log"] = catalogue(work.locale.language).text("documents.first_revision")
    await work.store.insert(module, [(work.new_id(), values)])


async def becomes_current(work: "Work", change: Change[DocumentRevision]) -> None:
    """A revision added by itself brings its document to its file and label. Raises Denied where it may not be edited."""
    revision = change.after
    if not change.new or not revision.values.get("document") or not revision.values.get("file"):
        return
    document = work.module(Document)
    rows = await work.store.fetch(document, [revision.document.id], action="edit", columns=("revision",), lock=True)
    if not rows:
        raise Denied
    if not revision.values.get("name"):
        change.set(DocumentRevision.name, next_label(rows[0]["revision"]))
    values = {"file": revision.file, "revision": revision.name, "revised_at": work.now()}
    await work.store.update(document, [revision.document.id], values)


def revision_is_final(change: Change[DocumentRevision]) -> None:
    """What was, stays as it was; only its words about the change may be mended."""
    if change.before and any(
        change.touches(field) for field in (DocumentRevision.file, DocumentRevision.name, DocumentRevision.document)
    ):
        raise Refused("documents.revision_final")


async def last_one_stays(work: "Work", record: Record) -> None:
    """A document is never without a file: its current revision goes only with it."""
    revision = DocumentRevision(record.id, record.values)
    of_document = Condition("document", "eq", revision.document.id)
    newest = ListQuery(filter=of_document, columns=("name",), sort=(Sort("created_at", descending=True),), limit=1)
    page = await work.store.page(work.module(DocumentRevision), newest)
    if page.rows and page.rows[0].id == record.id:
        raise Refused("documents.current_revision")


def next_label(label: str) -> str:
    """The label after: 1 → 2, 1.9 → 1.10, B → B-2."""
    head, dot, tail = label.rpartition(".")
    number = plain_number(to_ascii(tail), 18)
    return f"{label}-2" if number is None else f"{head}{dot}{number + 1}"
