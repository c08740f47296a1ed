"""What the page of a report shows: tables whose figures lead to the lists they count."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import msgspec

from crm_domain.reports.answer import Answer, Line
from crm_domain.reports.arrange import reached
from crm_domain.reports.lists import list_of
from crm_domain.reports.paths import place_of
from crm_domain.reports.question import Measure, Question
from crm_domain.text import numbers
from crm_ui.cells import NUMERIC, drawer, part_drawer
from crm_ui.drawing import NOTHING
from crm_ui.reader import Reader
from crm_ui.reports.wording import figure_text, group_label, key_text, measure_label, path_label, unit_of

Figure = tuple[str, str]
"""A text, and the address of the list it counts, where there is one."""


class Entry(msgspec.Struct, frozen=True):
    """One row of a table of groups: how deep it stands, what it is, its figures."""

    depth: int
    label: str
    figures: tuple[Figure, ...]
    leaf: bool = True


def heads(reader: Reader, question: Question) -> list[str]:
    """The measures' titles with their units."""
    found: list[str] = []
    for measure in question.measures:
        label, unit = measure_label(reader, question, measure), unit_of(reader, question, measure)
        found.append(reader.text("list.with_unit", label=label, unit=unit) if unit else label)
    return found


def figures_of(reader: Reader, question: Question, line: Line) -> tuple[Figure, ...]:
    """A line's figures in words, with the lists they count."""
    return tuple(
        (figure_text(reader, question, measure, value), _href(reader, question, line, measure))
        for measure, value in zip(question.measures, line.figures, strict=True)
    )


def _href(reader: Reader, question: Question, line: Line, measure: Measure | None) -> str:
    asked = list_of(question, line, reader.work.registry, reader.voice.locale, measure)
    return f"/{question.base}?{urlencode(asked or (('all', '1'),))}" if asked is not None and line.count else ""


def entries(reader: Reader, answer: Answer) -> list[Entry]:
    """The groups of a summary, each followed by its own."""
    question, last = answer.asked.question, len(answer.asked.question.groups) - 1
    return [
        Entry(
            place := line.level[-1],
            key_text(reader, question, question.groups[place], line.keys[place]),
            figures_of(reader, question, line),
            place == last,
        )
        for line in answer.lines
    ]


def summary(reader: Reader, answer: Answer) -> dict[str, Any]:
    question = answer.asked.question
    title = " › ".join(group_label(reader, question, group) for group in question.groups)
    return {
        "title": title,
        "heads": heads(reader, question),
        "entries": entries(reader, answer),
        "total": figures_of(reader, question, answer.total),
    }


def matrix(reader: Reader, answer: Answer) -> dict[str, Any]:
    """Rows by columns, the sums of both directions at their ends."""
    question = answer.asked.question
    down = [line for line in answer.lines if line.level == (0,)]
    across = [line for line in answer.lines if line.level == (1,)]
    cells = {line.keys: line for line in answer.lines if len(line.level) == 2}
    first, second = question.groups
    return {
        "title": group_label(reader, question, first),
        "across": group_label(reader, question, second),
        "heads": heads(reader, question),
        "columns": [key_text(reader, question, second, line.keys[1]) for line in across],
        "lines": [
            (
                key_text(reader, question, first, row.keys[0]),
                [_cell(reader, question, cells.get((row.keys[0], column.keys[1]))) for column in across],
                figures_of(reader, question, row),
            )
            for row in down
        ],
        "foot": [figures_of(reader, question, line) for line in across],
        "total": figures_of(reader, question, answer.total),
    }


def _cell(reader: Reader, question: Question, line: Line | None) -> tuple[Figure, ...]:
    return figures_of(reader, question, line) if line else ()


def tiles(reader: Reader, answer: Answer) -> list[dict[str, str]]:
    """The figures of a report without groups."""
    question = answer.asked.question
    return [
        {
            "title": measure_label(reader, question, measure),
            "figure": text,
            "unit": unit_of(reader, question, measure),
            "href": href,
        }
        for measure, (text, href) in zip(question.measures, figures_of(reader, question, answer.total), strict=True)
    ]


def funnel(reader: Reader, answer: Answer) -> list[dict[str, Any]]:
    """The steps on the way: what reached each, its part of the first and of the step before."""
    question = answer.asked.question
    steps = reached(answer.lines, question, reader.work.registry)
    whole = steps[0][1] if steps else NOTHING
    found: list[dict[str, Any]] = []
    before = whole
    for line, amount in steps:
        found.append(
            {
                "label": key_text(reader, question, question.groups[0], line.keys[0]),
                "figure": figure_text(reader, question, question.measures[0], amount),
                "here": figures_of(reader, question, line)[0],
                "share": round(100 * float(amount / whole), 1) if whole else 0,
                "of_first": _percent(reader, amount, whole),
                "of_before": _percent(reader, amount, before),
            }
        )
        before = amount
    return found


def _percent(reader: Reader, part: Any, whole: Any) -> str:
    return numbers.format_percent(round(100 * part / whole), reader.voice.locale) if whole else "—"


def rows(reader: Reader, answer: Answer) -> dict[str, Any]:
    """The columns and rows of a list, the first cell leading to its record, with the sums over all rows."""
    question = answer.asked.question
    places = [place_of(reader.work.registry, question.base, path) for path in question.columns]
    draws = [part_drawer() if place.part else drawer(place.field, reader.voice) for place in places]
    labels = [path_label(reader, question.base, path) for path in question.columns]
    numeric = [isinstance(place.field, NUMERIC) for place in places]
    sums = {measure.path: text for measure, text in zip(question.measures, _texts(reader, answer), strict=True)}
    return {
        "columns": list(zip(labels, numeric, strict=True)),
        "lines": [
            (f"/{question.base}/{row.id}", [draw(value) for draw, value in zip(draws, row.values, strict=True)])
            for row in answer.rows
        ],
        "sums": [sums.get(path, "") for path in question.columns],
        "others": _others(reader, answer, sums),
    }


def _texts(reader: Reader, answer: Answer) -> list[str]:
    question = answer.asked.question
    return [text for text, _ in figures_of(reader, question, answer.total)]


def _others(reader: Reader, answer: Answer, sums: dict[str, str]) -> Sequence[tuple[str, str]]:
    """The measures that stand under no column."""
    question = answer.asked.question
    texts = _texts(reader, answer)
    return [
        (measure_label(reader, question, measure), text)
        for measure, text in zip(question.measures, texts, strict=True)
        if measure.path not in question.columns or measure.fn in ("count", "share")
    ]


def left_out(reader: Reader, answer: Answer) -> list[str]:
    """What the reader may not see of the question, in words."""
    return [path_label(reader, answer.asked.question.base, path) for path in answer.asked.dropped]


def body_of(reader: Reader, answer: Answer) -> dict[str, Any]:
    """The part's template and its facts; what is left of a matrix or funnel without its groupings is a summary."""
    question = answer.asked.question
    match question.kind:
        case "list":
            return {"body": "reports/list.html", "table": rows(reader, answer)}
        case "number":
            return {"body": "reports/number.html", "tiles": tiles(reader, answer)}
        case "matrix" if len(question.groups) > 1:
            return {"body": "reports/matrix.html", "table": matrix(reader, answer)}
        case "funnel" if question.groups and question.measures:
            return {"body": "reports/funnel.html", "steps": funnel(reader, answer)}
        case _:
            return {"body": "reports/summary.html", "table": summary(reader, answer)}
