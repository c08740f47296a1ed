"""The groups of an answer in the order they are read: periods in time with the empty ones, choices as their list has them."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import msgspec

from crm_domain.definition import Ref, Registry, kinds
from crm_domain.reports.answer import Answer, Line
from crm_domain.reports.paths import place_of
from crm_domain.reports.periods import filled, first_day
from crm_domain.reports.question import Grouping, Question
from crm_domain.text.locale import Locale
from crm_domain.text.normalise import sort_key

Rank = Callable[[Any], tuple[Any, ...]]


def arranged(answer: Answer, registry: Registry, locale: Locale) -> Answer:
    """The same with its lines in order, what they add up to before them; days in the place of longer buckets."""
    question = answer.asked.question
    lines = [_dated(line, question.groups, locale) for line in answer.lines]
    ranks = [_rank(question, group, registry) for group in question.groups]
    if question.kind == "matrix" and len(ranks) == 2:
        axes = [_axis(question, lines, place, ranks, locale) for place in (0, 1)]
        cells = [line for line in lines if len(line.level) == 2]
        return msgspec.structs.replace(answer, lines=(*axes[0], *axes[1], *cells))
    return msgspec.structs.replace(answer, lines=tuple(_below(question, lines, (), ranks, locale)))


def _below(
    question: Question, lines: Sequence[Line], keys: tuple[Any, ...], ranks: Sequence[Rank], locale: Locale
) -> list[Line]:
    """The lines of one group's groups, each followed by its own."""
    depth = len(keys)
    if depth == len(question.groups):
        return []
    level = tuple(range(depth + 1))
    here = [line for line in lines if line.level == level and line.keys[:depth] == keys]
    here = _in_order(question, here, depth, ranks[depth], locale)
    if not depth and question.top:
        here = here[: question.top]
    return [each for line in here for each in (line, *_below(question, lines, line.keys[: depth + 1], ranks, locale))]


def _axis(question: Question, lines: Sequence[Line], place: int, ranks: Sequence[Rank], locale: Locale) -> list[Line]:
    here = [line for line in lines if line.level == (place,)]
    found = _in_order(question, here, place, ranks[place], locale)
    return found[: question.top] if question.top and not place else found


def _in_order(question: Question, lines: list[Line], place: int, rank: Rank, locale: Locale) -> list[Line]:
    """By the measure the question sorts by, or by the groups themselves, the empty periods in between."""
    if question.sort:
        number, down = int(question.sort.lstrip("-")[1:]), question.sort.startswith("-")
        there = [line for line in lines if line.figures[number] is not None]
        there.sort(key=lambda line: line.figures[number], reverse=down)
        return [*there, *(line for line in lines if line.figures[number] is None)]
    lines = sorted(lines, key=lambda line: rank(line.keys[place]))
    return _with_empty(question, lines, place, locale) if question.groups[place].bucket else lines


def _with_empty(question: Question, lines: list[Line], place: int, locale: Locale) -> list[Line]:
    days = {line.keys[place]: line for line in lines if line.keys[place] is not None}
    if len(days) < 2:
        return lines
    bucket = question.groups[place].bucket
    model = next(iter(days.values()))
    zeros = tuple(Decimal(0) if measure.fn in ("count", "sum") else None for measure in question.measures)
    found: list[Line] = []
    for day in filled(bucket, min(days), max(days), locale.calendar):
        keys = (*model.keys[:place], day, *model.keys[place + 1 :])
        found.append(days.get(day) or Line(model.level, keys, 0, zeros))
    return [*found, *(line for line in lines if line.keys[place] is None)]


def _dated(line: Line, groups: Sequence[Grouping], locale: Locale) -> Line:
    keys = tuple(
        first_day(group.bucket, key, locale.calendar) if group.bucket and key is not None else key
        for group, key in zip(groups, line.keys, strict=True)
    )
    return msgspec.structs.replace(line, keys=keys)


def _rank(question: Question, group: Grouping, registry: Registry) -> Rank:
    """What a grouping's values sort by; those without one come last."""
    field = None if group.since else place_of(registry, question.base, group.path).field
    order = {}
    if isinstance(field, kinds.Choice | kinds.DependentChoice):
        order = {key: number for number, key in enumerate(field.options.keys())}

    def rank(key: Any) -> tuple[Any, ...]:
        match key:
            case None:
                return (2, "")
            case Ref():
                return (0, sort_key(key.name), str(key.id))
            case bool():
                return (0, not key)
            case str() if order:
                return (0, order[key], key) if key in order else (1, 0, key)
            case str():
                return (0, sort_key(key), key)
            case _:
                return (0, key)

    return rank


def reached(lines: Sequence[Line], question: Question, registry: Registry) -> list[tuple[Line, Any]]:
    """A funnel: the choices on the way to a win, each with the first measure of what came there or further."""
    field = place_of(registry, question.base, question.groups[0].path).field
    options = field.options if isinstance(field, kinds.Choice | kinds.DependentChoice) else None
    by_key = {line.keys[0]: line for line in lines}
    model = (None,) * len(question.measures)
    way = (
        [item.key for item in options.items if item.kind != "lost" and (item.active or item.key in by_key)]
        if options
        else []
    )
    found: list[tuple[Line, Any]] = []
    total: Any = 0
    for key in reversed(way):
        line = by_key.get(key) or Line((0,), (key,), 0, model)
        total += line.figures[0] or 0
        found.append((line, total))
    return list(reversed(found))
