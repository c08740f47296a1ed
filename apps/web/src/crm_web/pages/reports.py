"""A report's own pages: what it asks, its chart and its figures; a new one begins in the builder."""

from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Response, get

from crm_domain.definition import Ref
from crm_domain.modules.reports import Report
from crm_domain.reports.leaving import may_leave
from crm_domain.reports.question import Question
from crm_ui.reports.files import FORMATS
from crm_web.pages.reports_build import begun
from crm_web.records.view import heading
from crm_web.reports.asking import report_row
from crm_web.reports.body import shown
from crm_web.visit import Visit


class ReportPages(Controller):
    """/reports/new and /reports/<id>, in the place of the pages that other records have."""

    module_key: ClassVar[str]

    @get("/new")
    async def new(self, visit: Visit, copy: UUID | None = None, base: str = "") -> Response[str]:
        """The builder with another report's question, with that of a list in the address, or with a new one."""
        visit.allow(visit.work.module(Report), "create")
        return await begun(visit, (await report_row(visit, copy))[1] if copy else None, base)

    @get("/{record_id:uuid}")
    async def show(self, visit: Visit, record_id: UUID, page: int = 1) -> Response[Any]:
        module = visit.work.module(Report)
        row, question = await report_row(visit, record_id)
        await visit.work.store.shelf.seen(Ref(module.key, record_id))
        facts = await shown(visit, str(record_id), question, page)
        head = await heading(visit, module, row)
        response = await visit.page(
            "reports/show.html",
            current=module.key,
            tab="overview",
            url=f"/reports/{record_id}",
            offered_sections=(),
            files=_files(visit, record_id, question),
            **head,
            **facts,
        )
        await visit.commit()
        return response


def _files(visit: Visit, report: UUID, question: Question) -> list[tuple[str, str]]:
    """Where the answer is taken out, as it is asked now."""
    if not may_leave(question, visit.work.registry, visit.access):
        return []
    query = visit.request.url.query
    return [(one.upper(), f"/reports/{report}/answer/{one}" + (f"?{query}" if query else "")) for one in FORMATS]
