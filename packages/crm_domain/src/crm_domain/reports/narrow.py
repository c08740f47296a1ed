"""A question as one reader may ask it: without the fields and modules that are hidden from him."""

from collections.abc import Iterable
from typing import Any

import msgspec

from crm_domain.access.rights import Access
from crm_domain.definition import Module, Registry, kinds
from crm_domain.meaning.voice import Voice
from crm_domain.query.filter import EVERYTHING, Filter
from crm_domain.query.page import Sort, parse_sort
from crm_domain.query.read import behind, read_filter
from crm_domain.query.resolve import resolve
from crm_domain.reports.check import measured
from crm_domain.reports.compare import compared
from crm_domain.reports.paths import Step, module_at, place_of, reachable, readable, steps_to
from crm_domain.reports.question import MOST_MEASURES, NOW, Asked, Grouping, Measure, Question, Source


class Narrowed(msgspec.Struct, frozen=True):
    """What is run: `filters` by source, empty for the base; `only` by the measure's place. `dropped` are the paths left out."""

    question: Question
    steps: tuple[Step, ...]
    filters: dict[str, Filter]
    only: tuple[Filter, ...]
    sort: tuple[Sort, ...]
    dropped: tuple[str, ...]
    counted: Filter = EVERYTHING
    """Which of the base's records are counted as such: those of the present period, where there is a former one."""


def narrow(question: Question, registry: Registry, access: Access, voice: Voice) -> Narrowed:
    """The question within the reader's rights, its filters resolved for now. Raises Invalid, BadValue."""
    base, dropped = question.base, list[str]()

    def seen(path: str) -> bool:
        fine = readable(registry, access, base, path)
        if not fine:
            dropped.append(path)
        return fine

    def resolved(module: Module[Any], asked: Asked, prefix: str) -> Filter:
        found = resolve(read_filter(registry, module, asked, voice), registry, module, access, voice)
        dropped.extend(f"{prefix}.{path}" if prefix else path for path in found.dropped)
        return found.filter

    def joins(source: Source) -> bool:
        fine = reachable(registry, access, base, source.path)
        if not fine:
            dropped.append(source.path)
        return fine

    question, present = compared(_with_sums(question, registry), registry, voice)
    question = msgspec.structs.replace(question, sources=tuple(source for source in question.sources if joins(source)))
    groups = tuple(group for group in question.groups if _all(seen, _group_paths(group)))
    measures = tuple(
        measure for measure in question.measures if _measure_seen(registry, access, base, measure, seen, dropped)
    )
    filters = {"": resolved(registry[base], question.asked, "")}
    for source in question.sources:
        filters[source.path] = resolved(module_at(registry, base, source.path), source.asked, source.path)
    only = tuple(
        resolved(module_at(registry, base, measured(registry, base, measure)), measure.only, measure.path)
        if measure.only
        else EVERYTHING
        for measure in measures
    )
    kept = msgspec.structs.replace(
        question,
        groups=groups,
        measures=measures,
        columns=tuple(path for path in question.columns if seen(path)),
        sort=question.sort if measures == question.measures else "",
    )
    sort = tuple(sort for sort in parse_sort(question.sort) if seen(sort.field)) if question.kind == "list" else ()
    steps = _steps(registry, kept, sort)
    counted = resolved(registry[base], present, "") if present else EVERYTHING
    return Narrowed(kept, steps, filters, only, sort, tuple(dict.fromkeys(dropped)), counted)


def _with_sums(question: Question, registry: Registry) -> Question:
    """A list that names no measures adds up its columns of money."""
    if question.kind != "list" or question.measures:
        return question
    money = [
        path for path in question.columns if isinstance(place_of(registry, question.base, path).field, kinds.Money)
    ]
    return msgspec.structs.replace(question, measures=tuple(Measure("sum", path) for path in money[:MOST_MEASURES]))


def _all(seen: Any, paths: Iterable[str]) -> bool:
    return all([seen(path) for path in paths])


def _group_paths(group: Grouping) -> tuple[str, ...]:
    return (group.path, group.since) if group.since else (group.path,)


def _measure_seen(
    registry: Registry, access: Access, base: str, measure: Measure, seen: Any, dropped: list[str]
) -> bool:
    if measure.fn not in ("count", "share"):
        return _all(seen, (measure.path, measure.since))
    if reachable(registry, access, base, measure.path):
        return True
    dropped.append(measure.path)
    return False


def _steps(registry: Registry, question: Question, sort: tuple[Sort, ...]) -> tuple[Step, ...]:
    """Every join that the question needs, parents before what hangs on them."""
    base = question.base
    sources = [source.path for source in question.sources]
    places = [*question.columns, *(key.field for key in sort)]
    places += [path for group in question.groups for path in _group_paths(group)]
    for path in places:
        if path != NOW:
            place = place_of(registry, base, path)
            sources.append(path if behind(place.field) else place.source)
    sources += [measured(registry, base, measure) for measure in question.measures]
    found: dict[str, Step] = {}
    for source in sources:
        found |= {step.path: step for step in steps_to(registry, base, source)}
    return tuple(sorted(found.values(), key=lambda step: step.path.count(".")))


def source_of(question: Question, path: str) -> Source:
    """How a join was asked for; what is only named joins whatever there is."""
    return next((source for source in question.sources if source.path == path), Source(path))
