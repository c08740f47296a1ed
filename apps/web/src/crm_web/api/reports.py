"""Running reports over the API: the figures that the page shows, as numbers."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get

from crm_domain.definition import Ref
from crm_domain.meaning.wire import plain, to_json
from crm_domain.problems import FieldProblem, Invalid
from crm_domain.reports.answer import MOST_ON_SCREEN, Answer, Line
from crm_domain.reports.paths import place_of
from crm_ui.reports.wording import group_label, is_money, measure_label, path_label
from crm_web.api.records import answer
from crm_web.reports.asking import answer_of, asked_with, report_row
from crm_web.visit import Visit


class ReportApi(Controller):
    """/api/v1/reports/<id>/run."""

    path = "/v1/reports"

    @get("/{record_id:uuid}/run")
    async def run(self, visit: Visit, record_id: UUID, limit: int = 500, offset: int = 0) -> Response[bytes]:
        """The answer with the token's rights; `filter[…]` parameters answer what the report asks for."""
        if not 1 <= limit <= MOST_ON_SCREEN or not offset >= 0:
            raise Invalid({"limit": (FieldProblem("problems.too_large", {"most": MOST_ON_SCREEN}),)})
        with visit.names_as_stored():
            row, question = await report_row(visit, record_id)
            given = tuple(visit.request.query_params.multi_items())
            if any(name in question.asks for name, _ in given):
                question = asked_with(question, given)
            found = await answer_of(visit, question, limit=limit, offset=offset)
        return answer({"id": str(record_id), "name": row["name"], **answer_json(visit, found)})


def answer_json(visit: Visit, found: Answer) -> dict[str, Any]:
    """Groups and measures with their titles, then every line; of a list the columns and rows."""
    question = found.asked.question
    body: dict[str, Any] = {
        "kind": question.kind,
        "base": question.base,
        "groups": [
            {"path": group.path, "bucket": group.bucket, "label": group_label(visit, question, group)}
            for group in question.groups
        ],
        "measures": [
            {
                "fn": measure.fn,
                "path": measure.path,
                "label": measure_label(visit, question, measure),
                "currency": visit.voice.base_currency if is_money(visit, question, measure) else None,
            }
            for measure in question.measures
        ],
        "total": _line(found.total),
        "more": found.more,
        "left_out": list(found.asked.dropped),
    }
    if question.kind != "list":
        return {**body, "lines": [_line(line) for line in found.lines]}
    registry = visit.work.registry
    fields = [place_of(registry, question.base, path) for path in question.columns]
    columns = [{"path": path, "label": path_label(visit, question.base, path)} for path in question.columns]
    rows = [
        {
            "id": str(row.id),
            "values": [
                value if place.part else to_json(place.field, value)
                for place, value in zip(fields, row.values, strict=True)
            ],
        }
        for row in found.rows
    ]
    return {**body, "columns": columns, "rows": rows}


def _line(line: Line) -> dict[str, Any]:
    """`level` says by which groups it is divided; the other keys are null."""
    keys = [_value(key) for key in line.keys]
    return {
        "level": list(line.level),
        "keys": keys,
        "count": line.count,
        "figures": [_value(one) for one in line.figures],
    }


def _value(value: Any) -> Any:
    match value:
        case Ref():
            return {"module": value.module, "id": str(value.id), "name": value.name}
        case Decimal():
            return plain(value)
        case date():
            return value.isoformat()
        case _:
            return value
