"""A report's answer taken out of the house: on paper, as a page, as a spreadsheet or as comma-separated text."""

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

import msgspec
from litestar import Controller, Response, get

from crm_domain.modules.reports import Report
from crm_domain.problems import Denied, NotFound
from crm_domain.reports.leaving import may_leave
from crm_domain.reports.question import Question
from crm_storage.limited import in_child
from crm_ui.papers.page import Sheets
from crm_ui.reports.files import FORMATS, made, most_in
from crm_ui.reports.paper import Told
from crm_web.files import attachment, inline_pdf
from crm_web.lists.filters import chips_of
from crm_web.lists.linked import linked_names
from crm_web.lists.listing import Listing
from crm_web.pages.exports import PROOF_ROWS
from crm_web.proof import prove
from crm_web.reports.asking import answer_of, report_row, with_answers
from crm_web.visit import Visit


class ReportFilePages(Controller):
    """/reports/<id>/answer/<format>; with the answers to what the report asks, as its page has them."""

    module_key: ClassVar[str]

    @get("/{record_id:uuid}/answer/{ending:str}")
    async def take(self, visit: Visit, record_id: UUID, ending: str) -> Response[Any]:
        if ending not in FORMATS:
            raise NotFound
        row, question = await report_row(visit, record_id)
        visit.allow(visit.module(question.base), "export")
        asked = await with_answers(visit, str(record_id), question)
        answer = await answer_of(visit, asked, limit=most_in(ending))
        if not may_leave(question, visit.work.registry, visit.access):
            raise Denied
        number = len(answer.rows) + sum(len(line.level) == len(question.groups) for line in answer.lines)
        if number > PROOF_ROWS:
            await prove(visit)
        told = Told(str(row["name"]), visit.tenant.name, visit.actor.name, await _conditions(visit, asked))
        file = await made(visit, answer, told, ending, drawn)
        await visit.work.store.note(visit.work.module(Report), record_id, "export", {"format": ending, "rows": number})
        await visit.commit()
        if ending == "pdf":
            return inline_pdf(file.name, file.body)
        return attachment(file.name, file.media_type, file.body)


async def drawn(pages: Sequence[Sheets]) -> bytes:
    """Pages as PDF. Raises BadValue for too many of them."""
    return await in_child("paper", msgspec.msgpack.encode(pages))


async def _conditions(visit: Visit, question: Question) -> tuple[str, ...]:
    """What is asked of the base, in words."""
    module = visit.module(question.base)
    listing = Listing(params=question.asked, columns=(), sort="", mode="list", size=0)
    names = await linked_names(visit, module, listing)
    return tuple(f"{field}: {value}" for field, value, _ in chips_of(visit, module, listing, names))
