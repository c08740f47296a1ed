"""Putting a report together: sources, columns, conditions, groups and chart, beside what comes of them."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.modules.reports import BASES, Report, first_question
from crm_domain.problems import BadValue, Denied, Invalid, Problem
from crm_domain.query.page import parse_sort
from crm_domain.query.read import still_known
from crm_domain.reports.question import (
    BUCKETS,
    CHARTS,
    COMPARES,
    FNS,
    HOWS,
    KINDS,
    MOST_GROUPS,
    Question,
    read_question,
    write_question,
)
from crm_ui.reports.facts import body_of
from crm_ui.reports.pictures import picture
from crm_ui.reports.wording import measure_label, path_label, source_label
from crm_web.lists.filters import filter_rows
from crm_web.lists.linked import linked_names
from crm_web.lists.listing import Listing, is_question
from crm_web.lists.tables import field_label
from crm_web.reach import reaches
from crm_web.reports.asking import answer_of, report_row
from crm_web.reports.building import MEASURES_OFFERED, chosen_path, fitted, offers, read_form, sources_offered
from crm_web.visit import Visit

PREVIEW_ROWS = 50
MAX_NAME = 255


class ReportBuilderPages(Controller):
    """/reports/<id>/build, and where the forms of new ones go."""

    path = "/reports"

    @post("/build")
    async def make(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        visit.allow(visit.work.module(Report), "create")
        return await _posted(visit, posted, None, _before(posted))

    @get("/{record_id:uuid}/build")
    async def change(self, visit: Visit, record_id: UUID) -> Response[str]:
        _, question = await report_row(visit, record_id)
        return await _page(visit, question, record_id)

    @post("/{record_id:uuid}/build")
    async def keep(self, visit: Visit, record_id: UUID, posted: FormMultiDict) -> Response[Any]:
        await report_row(visit, record_id)
        return await _posted(visit, posted, record_id, _before(posted))


def _before(posted: FormMultiDict) -> Question:
    """The question that the form was made of: it carries what the form does not show."""
    try:
        return read_question(posted.get("before", ""))
    except BadValue as bad:
        raise Invalid({"question": (bad.problem,)}) from None


async def begun(visit: Visit, question: Question | None, base: str) -> Response[str]:
    """The builder of a new report, also of a list's question that the address carries."""
    if question is None:
        known = [item.key for item in BASES.items if visit.access.can(item.key, "list")]
        usual = Report.base.default if Report.base.default in known else next(iter(known), Report.base.default)
        first = first_question(visit.module(base if base in known else usual))
        params = visit.request.query_params.multi_items()
        asked = tuple((name, value) for name, value in params if is_question(name) and value)
        question = msgspec.structs.replace(first, asked=asked)
    return await _page(visit, question, None)


async def _posted(visit: Visit, posted: FormMultiDict, record_id: UUID | None, before: Question) -> Response[Any]:
    """Shows what comes of the form; saves where one of its buttons says so."""
    problems: list[str] = []
    question = before
    try:
        question = fitted(read_form(visit, posted, before), visit.work)
        if posted.get("do") == "save" and record_id is not None:
            await visit.work.update(Report, record_id, Report.question.to(write_question(question)))
            await visit.commit()
            return visit.go(f"/reports/{record_id}", visit.text("record.saved"))
        if posted.get("do") == "save_as":
            return await _made(visit, question, posted)
    except BadValue as bad:
        problems = [visit.text(bad.problem.id, **bad.problem.facts)]
    except Invalid as invalid:
        problems = _said(visit, invalid)
    return await _page(visit, question, record_id, problems=problems, name=posted.get("name", ""))


async def _made(visit: Visit, question: Question, posted: FormMultiDict) -> Response[Any]:
    visit.allow(visit.work.module(Report), "create")
    id_ = await visit.work.create(
        Report,
        Report.name.to(posted.get("name", "").strip()[:MAX_NAME]),
        Report.base.to(question.base),
        Report.private.to(True),
        Report.question.to(write_question(question)),
    )
    await visit.commit()
    return visit.go(f"/reports/{id_}", visit.text("record.saved"))


def _said(visit: Visit, invalid: Invalid) -> list[str]:
    return [visit.text(one.id, **one.facts) for part in invalid.fields.values() for one in part]


async def _page(
    visit: Visit, question: Question, record_id: UUID | None, *, problems: list[str] | None = None, name: str = ""
) -> Response[str]:
    module = visit.work.module(Report)
    known = still_known(visit.work.registry, visit.module(question.base), question.asked)
    question = msgspec.structs.replace(question, asked=known)
    may_save = record_id is not None and await reaches(visit, module, record_id, "edit")
    row = (await report_row(visit, record_id))[0] if record_id else None
    facts = {
        **await _form(visit, question),
        **await _preview(visit, question, problems or []),
        "url": f"/reports/{record_id}/build" if record_id else "/reports/build",
        "href": f"/reports/{record_id}" if record_id else "/reports",
        "title": str(row["name"]) if row else visit.text("reports.new"),
        "reports": visit.voice.module(module),
        "may_save": may_save,
        "may_create": visit.access.can("reports", "create"),
        "name": name,
        "known_base": record_id is not None,
    }
    status = 422 if facts["problems"] and problems else 200
    return await visit.page("reports/build.html", status=status, current=module.key, **facts)


async def _form(visit: Visit, question: Question) -> dict[str, Any]:
    """The form's choices, filled as the question is."""
    base = visit.module(question.base)
    listing = Listing(params=question.asked, columns=(), sort="", mode="list", size=0)
    names = await linked_names(visit, base, listing)
    return {
        "question": question,
        "before": write_question(question),
        "bases": _bases(visit),
        "base": base.key,
        "base_label": visit.voice.module(base),
        **_choices(visit),
        **_sources(visit, question),
        **_figures(visit, question),
        "orders": _orders(visit, question),
        "filter_rows": filter_rows(visit, base, listing, names),
        "any_of_them": ("match", "any") in question.asked,
        "asks": [
            (one, field_label(visit, base, one.removeprefix("filter[").split("]")[0]), one in question.asks)
            for one in dict.fromkeys(pair[0] for pair in question.asked if pair[0].startswith("filter["))
        ],
        "kept_asked": [pair for pair in question.asked if not pair[0].startswith("filter[") and pair[0] != "match"],
    }


def _choices(visit: Visit) -> dict[str, list[tuple[str, str]]]:
    """What every question may choose from."""
    return {
        "kinds": [(kind, visit.text(f"report_kind.{kind}")) for kind in KINDS],
        "charts": [(chart, visit.text(f"reports.chart.{chart or 'none'}")) for chart in CHARTS if chart != "funnel"],
        "compares": [(one, visit.text(f"reports.compare.{one or 'none'}")) for one in COMPARES],
        "hows": [(how, visit.text(f"reports.how.{how}")) for how in HOWS],
        "buckets": [(one, visit.text(f"reports.bucket.{one}")) for one in BUCKETS if one],
        "fns": [(fn, visit.text(f"reports.figure_of.{fn}")) for fn in FNS if fn != "share"],
    }


def _sources(visit: Visit, question: Question) -> dict[str, Any]:
    """What is joined, and what may be."""
    taken = {source.path for source in question.sources}
    return {
        "sources": [
            (source, source_label(visit, question.base, source.path), dict(source.asked).get("open", ""))
            for source in question.sources
        ],
        "more_sources": [one for one in sources_offered(visit, question) if one[0] not in taken],
    }


def _figures(visit: Visit, question: Question) -> dict[str, Any]:
    """Columns, groups and measures: those chosen first, then what may be."""
    offered = offers(visit, question)
    labels = dict(offered["columns"])
    chosen = [path for path in question.columns if path in labels]
    return {
        "columns": [
            *((path, labels[path], True) for path in chosen),
            *((path, label, False) for path, label in offered["columns"] if path not in chosen),
        ],
        "groups": [
            *((chosen_path(one), one.bucket, " ".join(map(str, one.bands))) for one in question.groups),
            *[("", "", "")] * (MOST_GROUPS - len(question.groups)),
        ],
        "group_offers": offered["groups"],
        "measures": [
            *((number, one, chosen_path(one)) for number, one in enumerate(question.measures)),
            *[("", None, "-")] * max(1, MEASURES_OFFERED - len(question.measures)),
        ],
        "counted": offered["counted"],
        "measure_offers": offered["measures"],
        "sorts": [
            (f"{sign}m{number}", visit.text(f"reports.sort_{word}", of=measure_label(visit, question, one)))
            for number, one in enumerate(question.measures)
            for sign, word in (("-", "most"), ("", "least"))
        ],
    }


def _orders(visit: Visit, question: Question) -> list[tuple[str, str]]:
    """By each column, both ways; and as it is now."""
    paths = dict.fromkeys((*(key.field for key in parse_sort(question.sort)), *question.columns))
    found = {
        f"{sign}{path}": visit.text(f"reports.order_{word}", of=path_label(visit, question.base, path))
        for path in paths
        for sign, word in (("", "up"), ("-", "down"))
    }
    now = visit.text("record.list_separator").join(found.get(part, part) for part in question.sort.split(","))
    return [(question.sort, now), *((key, text) for key, text in found.items() if key != question.sort)]


def _bases(visit: Visit) -> list[tuple[str, str]]:
    found = [visit.work.registry[item.key] for item in BASES.items]
    return sorted(
        ((one.key, visit.voice.module(one)) for one in found if visit.access.can(one.key, "list")),
        key=lambda item: item[1],
    )


async def _preview(visit: Visit, question: Question, problems: list[str]) -> dict[str, Any]:
    """The first rows or groups, or what stands against an answer."""
    try:
        answer = await answer_of(visit, question, limit=PREVIEW_ROWS)
    except Invalid as invalid:
        return {"problems": [*dict.fromkeys((*problems, *_said(visit, invalid)))], "answered": False}
    except Denied:
        raise
    except Problem as problem:
        return {"problems": [visit.text(problem.id, **problem.facts)], "answered": False}
    return {
        "problems": problems,
        "answered": True,
        "kind": answer.asked.question.kind,
        "records": visit.text("list.records", number=answer.total.count),
        "chart": picture(visit, answer),
        **body_of(visit, answer),
    }
