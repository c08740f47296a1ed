"""What goes with a letter or an answer in a case while it is being written: files that were sent up, a template's own, documents
that are kept here."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from litestar.datastructures import FormMultiDict

from crm_domain.definition import Blob, Ref
from crm_domain.definition.kinds import Link
from crm_domain.meaning.parse import parse
from crm_domain.modules.documents import Document
from crm_domain.problems import BadValue, FieldProblem, NotFound
from crm_domain.records.forms import gather
from crm_domain.records.uploads import opened
from crm_ui.inputs import Draft, Input
from crm_web.visit import Visit

DOCUMENT = Link(key="document", target="documents")
"""The document whose file is to go along."""


def document_input(visit: Visit, draft: Draft) -> Input | None:
    """Where one is chosen, for who may see documents."""
    return (
        draft.input_of(DOCUMENT, visit.text("my_mail.document")) if visit.access.can(DOCUMENT.target, "list") else None
    )


async def enclosed(visit: Visit, values: Mapping[str, Any], more: Iterable[Blob] = ()) -> dict[str, Any]:
    """The form's values with its files as the form shows them again, and `more` of them. Raises Invalid for what the writer may
    not open."""
    kept = dict(await opened(visit.work, values))
    files = {blob.key: blob for blob in (*(kept.get("attachments") or ()), *more)}
    return {**kept, "attachments": tuple(files.values())}


async def chosen_document(visit: Visit, posted: FormMultiDict) -> Blob | FieldProblem:
    """The file of the document that the form names, or what is wrong. Raises NotFound for one out of reach."""
    try:
        ref = parse(DOCUMENT, gather(posted.multi_items()).get("document", ""), visit.voice)
    except BadValue as bad:
        return bad.problem
    if not isinstance(ref, Ref):
        return FieldProblem("problems.required")
    return (await kept_document(visit, ref.id)).file


async def kept_document(visit: Visit, id_: UUID) -> Document:
    """A document that goes along. Raises NotFound for one out of reach, or whose file the writer may not see."""
    document = await visit.work.get(Document, id_)
    if not document.values.get(Document.file.key):
        raise NotFound
    return document
