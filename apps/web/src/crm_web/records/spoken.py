"""Values of single modules that say something only when they are put into words, for their history."""

from collections.abc import Callable, Mapping
from typing import Any

from crm_domain.modules.reports import Report
from crm_domain.problems import BadValue
from crm_domain.reports.question import Question, read_question
from crm_ui.reports.wording import group_label, measure_label, path_label, source_label
from crm_web.lists.filters import chips_of
from crm_web.lists.listing import Listing
from crm_web.visit import Visit


def question_words(visit: Visit, stored: Any) -> str:
    """What a report asks: kind, joined records, columns or groups and figures, conditions, order, chart."""
    if not stored:
        return ""
    try:
        question = read_question(str(stored))
        parts = _parts(visit, question) if question.base in visit.work.registry else []
    except BadValue:
        return str(stored)
    return visit.text("record.list_separator").join(parts)


def _parts(visit: Visit, question: Question) -> list[str]:
    base = question.base
    module = visit.module(base)
    listing = Listing(params=question.asked, columns=(), sort="", mode="list", size=0)
    sources = [
        f"{source_label(visit, base, one.path)} ({visit.text(f'reports.how.{one.how}')})" for one in question.sources
    ]
    listed = [path_label(visit, base, path) for path in question.columns] if question.kind == "list" else []
    figures = [measure_label(visit, question, one) for one in question.measures]
    compare = [visit.text(f"reports.compare.{question.compare}")] if question.compare else []
    chart = [visit.text(f"reports.chart.{question.chart}")] if question.chart else []
    return [
        visit.text(f"report_kind.{question.kind}"),
        visit.voice.module(module),
        *sources,
        *listed,
        *(group_label(visit, question, one) for one in question.groups),
        *figures,
        *(f"{field}: {value}" for field, value, _ in chips_of(visit, module, listing, {})),
        *compare,
        *chart,
    ]


SPOKEN: Mapping[str, Callable[[Visit, Any], str]] = {f"reports.{Report.question.key}": question_words}
"""By module and field."""
