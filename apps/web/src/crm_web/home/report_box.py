"""A report among the boxes of the home page."""

from typing import Any
from uuid import UUID

from crm_domain.modules.reports import Report
from crm_domain.problems import Denied, NotFound
from crm_domain.query.page import ListQuery, Sort
from crm_ui.reports.facts import body_of
from crm_ui.reports.pictures import picture
from crm_web.reports.asking import answer_of, report_row, with_answers
from crm_web.visit import Visit

MOST_OFFERED = 50
MOST_LINES = 20


async def reports_offered(visit: Visit) -> list[tuple[str, str]]:
    """The first reports the reader may see, by name: id and name."""
    module = visit.work.module(Report)
    if not visit.access.can(module.key, "list"):
        return []
    query = ListQuery(columns=("name",), sort=(Sort("name"),), limit=MOST_OFFERED)
    return [(str(row.id), str(row["name"])) for row in (await visit.work.store.page(module, query)).rows]


async def report_box(visit: Visit, id_: str) -> dict[str, Any]:
    """What the report answers its reader now. Raises NotFound, also without the right to list what it asks about."""
    try:
        _, question = await report_row(visit, UUID(id_))
        answer = await answer_of(visit, await with_answers(visit, id_, question), limit=MOST_LINES)
    except (ValueError, Denied):
        raise NotFound from None
    found = body_of(visit, answer)
    return {
        **found,
        "part": found["body"],
        "chart": picture(visit, answer),
        "any": bool(answer.total.count),
        "records": visit.text("list.records", number=answer.total.count),
        "href": f"/reports/{id_}",
    }
