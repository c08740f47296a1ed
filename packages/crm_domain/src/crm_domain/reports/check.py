"""Whether a question makes sense over the tenant's modules: what stands against it, said part by part."""

from collections.abc import Callable, Iterator
from typing import Any

from crm_domain.definition import Module, Registry, kinds
from crm_domain.definition.kinds import Kind
from crm_domain.meaning.voice import Voice
from crm_domain.problems import BadValue, FieldProblem, Invalid
from crm_domain.query.page import parse_sort
from crm_domain.query.read import NAME, read_filter
from crm_domain.reports.paths import module_at, place_of, steps_to
from crm_domain.reports.question import (
    MOST_BANDS,
    MOST_COLUMNS,
    MOST_GROUPS,
    MOST_MEASURES,
    MOST_SOURCES,
    NOW,
    Asked,
    Grouping,
    Measure,
    Question,
)

NUMBERS = (kinds.Integer, kinds.DecimalNumber, kinds.Percent, kinds.Money, kinds.Duration)
TIMES = (kinds.Date, kinds.DateTime)
GROUPED = (
    kinds.Text, kinds.Choice, kinds.DependentChoice, kinds.Boolean, kinds.Link, kinds.UserLink, kinds.AnyLink, kinds.Address, *TIMES,
)  # fmt: skip
"""What has values that many records share."""
NO_COLUMN = (kinds.Secret, kinds.Bill)


def is_number(field: Kind) -> bool:
    """Whether it can be added up."""
    return isinstance(field, NUMBERS) or (isinstance(field, kinds.Computed) and field.result in ("integer", "decimal"))


def is_time(field: Kind) -> bool:
    return isinstance(field, TIMES) or (isinstance(field, kinds.Computed) and field.result == "date")


def groups_by(field: Kind) -> bool:
    """Whether records can be divided by it, numbers only in bands."""
    return isinstance(field, (*GROUPED, kinds.Computed)) or is_number(field)


def check_question(question: Question, registry: Registry, voice: Voice) -> None:
    """Raises Invalid, by the part of the question: `base`, `sources`, `columns`, `asked`, `groups`, `measures`, `sort`."""
    if question.base not in registry:
        raise Invalid({"base": (FieldProblem("reports.problem.unknown_source", {"path": question.base}),)})
    problems: dict[str, tuple[FieldProblem, ...]] = {}
    for part, check in _CHECKS.items():
        try:
            found = tuple(check(question, registry, voice))
        except BadValue as bad:
            found = (bad.problem,)
        except Invalid as invalid:
            found = tuple(problem for each in invalid.fields.values() for problem in each)
        if found:
            problems[part] = found
    if problems:
        raise Invalid(problems)


Problems = Iterator[FieldProblem]


def _most(number: int, most: int) -> Problems:
    if number > most:
        yield FieldProblem("problems.too_many", {"most": most})


def _sources(question: Question, registry: Registry, voice: Voice) -> Problems:
    yield from _most(len(question.sources), MOST_SOURCES)
    paths = [source.path for source in question.sources]
    if len(set(paths)) < len(paths) or "" in paths:
        yield FieldProblem("reports.problem.source_twice")
    for source in question.sources:
        steps_to(registry, question.base, source.path)
        _own_fields(registry, module_at(registry, question.base, source.path), source.asked, voice)


def _own_fields(registry: Registry, module: Module[Any], asked: Asked, voice: Voice) -> None:
    """Conditions on joined records are of their own fields: what hangs on them is joined as a source of its own."""
    for name, _ in asked:
        matched = NAME.fullmatch(name)
        first, _, rest = matched[1].partition(".") if matched else ("", "", "")
        if rest and not isinstance(module.by_key.get(first), kinds.Address):
            raise BadValue("reports.problem.own_fields", path=matched[1] if matched else name)
    read_filter(registry, module, asked, voice)


def _asked(question: Question, registry: Registry, voice: Voice) -> Problems:
    read_filter(registry, registry[question.base], question.asked, voice)
    names = {name for name, _ in question.asked}
    if unknown := [name for name in question.asks if name not in names]:
        yield FieldProblem("reports.problem.nothing_to_ask", {"path": unknown[0]})


def _columns(question: Question, registry: Registry, voice: Voice) -> Problems:
    yield from _most(len(question.columns), MOST_COLUMNS)
    if question.kind == "list" and not question.columns:
        yield FieldProblem("reports.problem.no_columns")
    for path in question.columns:
        if isinstance(place_of(registry, question.base, path).field, NO_COLUMN):
            yield FieldProblem("reports.problem.no_column", {"path": path})


_WANTED = {"summary": (1, MOST_GROUPS), "matrix": (2, 2), "number": (0, 0), "funnel": (1, 1), "list": (0, 0)}


def _groups(question: Question, registry: Registry, voice: Voice) -> Problems:
    least, most = _WANTED[question.kind]
    if not least <= len(question.groups) <= most:
        yield FieldProblem(f"reports.problem.groups_of_{question.kind}", {"most": most})
    for group in question.groups:
        yield from _group(question, group, registry)


def _group(question: Question, group: Grouping, registry: Registry) -> Problems:
    if len(group.bands) > MOST_BANDS or list(group.bands) != sorted(set(group.bands)):
        yield FieldProblem("reports.problem.bands", {"most": MOST_BANDS})
    if group.since:
        yield from _span(question, group.path, group.since, registry)
        if not group.bands:
            yield FieldProblem("reports.problem.bands", {"most": MOST_BANDS})
        return
    field = place_of(registry, question.base, group.path).field
    if not groups_by(field):
        yield FieldProblem("reports.problem.no_group", {"path": group.path})
    if bool(group.bucket) != is_time(field):
        yield FieldProblem("reports.problem.no_day", {"path": group.path})
    if is_number(field) != bool(group.bands):
        yield FieldProblem("reports.problem.bands", {"most": MOST_BANDS})
    if question.kind == "funnel" and not isinstance(field, kinds.Choice | kinds.DependentChoice):
        yield FieldProblem("reports.problem.groups_of_funnel")


def _span(question: Question, path: str, since: str, registry: Registry) -> Problems:
    for end in (path, since):
        if end != NOW and not is_time(place_of(registry, question.base, end).field):
            yield FieldProblem("reports.problem.no_day", {"path": end})
    if (
        path != NOW != since
        and place_of(registry, question.base, path).source != place_of(registry, question.base, since).source
    ):
        yield FieldProblem("reports.problem.two_records")
    if since == NOW:
        yield FieldProblem("reports.problem.no_day", {"path": since})


def _measures(question: Question, registry: Registry, voice: Voice) -> Problems:
    yield from _most(len(question.measures), MOST_MEASURES)
    for measure in question.measures:
        yield from _measure(question, measure, registry)
        module = module_at(registry, question.base, measured(registry, question.base, measure))
        _own_fields(registry, module, measure.only, voice)


def _measure(question: Question, measure: Measure, registry: Registry) -> Problems:
    match measure:
        case Measure(fn="count" | "share"):
            steps_to(registry, question.base, measure.path)
            if measure.fn == "share" and not measure.only:
                yield FieldProblem("reports.problem.share_of_what")
        case Measure(since=since) if since:
            yield from _span(question, measure.path, since, registry)
        case _:
            field = place_of(registry, question.base, measure.path).field
            if not (is_number(field) or (measure.fn in ("min", "max") and is_time(field))):
                yield FieldProblem("reports.problem.no_number", {"path": measure.path})


def measured(registry: Registry, base: str, measure: Measure) -> str:
    """The source whose records a measure is of."""
    if measure.fn in ("count", "share"):
        return measure.path
    return place_of(registry, base, measure.since if measure.path == NOW else measure.path).source


def _sort(question: Question, registry: Registry, voice: Voice) -> Problems:
    if question.kind == "list":
        for sort in parse_sort(question.sort):
            place_of(registry, question.base, sort.field)
        return
    name = question.sort.lstrip("-")
    if name and not (name[:1] == "m" and name[1:].isdecimal() and int(name[1:]) < len(question.measures)):
        yield FieldProblem("reports.problem.no_sort")


_CHECKS: dict[str, Callable[[Question, Registry, Voice], Problems]] = {
    "sources": _sources,
    "asked": _asked,
    "columns": _columns,
    "groups": _groups,
    "measures": _measures,
    "sort": _sort,
}
