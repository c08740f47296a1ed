"""A report's answer taken out of the house: as a spreadsheet or as comma-separated text, within the reader's rights."""

from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Response, get

from crm_domain.modules.reports import Report
from crm_domain.problems import Denied, NotFound
from crm_domain.reports.paths import fans_out, place_of
from crm_domain.reports.question import NOW, Question
from crm_web.files import attachment
from crm_web.pages.exports import PROOF_ROWS, SHEET
from crm_web.proof import prove
from crm_web.reports.asking import answer_of, report_row, with_answers
from crm_web.reports.sheet import as_csv, as_xlsx, sheet_of
from crm_web.visit import Visit

MOST_ROWS = 100_000
FORMATS = ("csv", "xlsx")


def may_leave(visit: Visit, question: Question) -> bool:
    """Whether the reader may take out all that he sees of the base, and of every module whose related records stand in the answer."""
    registry, access = visit.work.registry, visit.access
    paths = (*question.columns, *(group.path for group in question.groups if group.path != NOW))
    places = (place_of(registry, question.base, path) for path in paths)
    beside = {place.module.key for place in places if fans_out(registry, question.base, place.source)}
    return all(
        access.can(key, "export") and access.scope(key, "export") >= access.scope(key, "list")
        for key in {question.base, *beside}
    )


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
        answer = await answer_of(visit, asked, limit=MOST_ROWS)
        if not may_leave(visit, question):
            raise Denied
        sheet = sheet_of(visit, answer)
        if len(sheet.lines) > PROOF_ROWS:
            await prove(visit)
        facts = {"format": ending, "rows": len(sheet.lines)}
        await visit.work.store.note(visit.work.module(Report), record_id, "export", facts)
        await visit.commit()
        name = str(row["name"])
        if ending == "csv":
            return attachment(f"{name}.csv", "text/csv; charset=utf-8", as_csv(sheet))
        return attachment(f"{name}.xlsx", SHEET, as_xlsx(sheet, question, name, rtl=visit.voice.locale.rtl))
