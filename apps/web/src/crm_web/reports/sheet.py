"""A report's answer as a plain table for files: titles, then values, numbers as numbers."""

import csv
import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import msgspec
import xlsxwriter

from crm_domain.definition import Amount, kinds
from crm_domain.meaning.show import show
from crm_domain.reports.answer import Answer, Line
from crm_domain.reports.check import is_time
from crm_domain.reports.paths import Place, place_of
from crm_domain.reports.question import Measure, Question
from crm_domain.text import money, numbers
from crm_domain.text.spreadsheet import neutralise
from crm_web.reports.facts import heads
from crm_web.reports.wording import figure_text, group_label, key_text, path_label
from crm_web.visit import Visit

Cell = str | Decimal
BOM = "\ufeff"
"""Tells spreadsheet programs that a CSV is UTF-8."""
DRAWN = {"bar": "bar", "column": "column", "stacked": "column", "line": "line", "pie": "pie"}
"""Kinds of charts as spreadsheets call them."""


class Sheet(msgspec.Struct, frozen=True):
    """`total` stands below the lines and is over all records, also those that are not listed."""

    titles: tuple[str, ...]
    lines: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] = ()


def sheet_of(visit: Visit, answer: Answer) -> Sheet:
    """The rows of a list; of groups the innermost ones, each with the values of all levels."""
    return _listed(visit, answer) if answer.asked.question.kind == "list" else _grouped(visit, answer)


def _grouped(visit: Visit, answer: Answer) -> Sheet:
    question = answer.asked.question
    groups = question.groups
    innermost = tuple(range(len(groups)))
    titles = [group_label(visit, question, group) for group in groups]
    lines = [
        (
            *(key_text(visit, question, group, key) for group, key in zip(groups, line.keys, strict=True)),
            *_figures(visit, question, line),
        )
        for line in answer.lines
        if line.level == innermost
    ]
    total = _figures(visit, question, answer.total)
    if not groups:
        return Sheet(tuple(heads(visit, question)), (total,))
    label = visit.text("reports.total")
    return Sheet((*titles, *heads(visit, question)), tuple(lines), (label, *("" for _ in groups[1:]), *total))


def _figures(visit: Visit, question: Question, line: Line) -> tuple[Cell, ...]:
    return tuple(
        _figure(visit, question, measure, value) for measure, value in zip(question.measures, line.figures, strict=True)
    )


def _figure(visit: Visit, question: Question, measure: Measure, value: Any) -> Cell:
    """Money in the reader's unit, which the title names; a moment in words."""
    if value is None:
        return ""
    if measure.fn in ("count", "share") or measure.since:
        return Decimal(value)
    field = place_of(visit.work.registry, question.base, measure.path).field
    if is_time(field):
        return figure_text(visit, question, measure, value)
    if isinstance(field, kinds.Money):
        return money.in_reader_unit(Decimal(value), visit.voice.base_currency, visit.voice.locale)
    return numbers.rounded(Decimal(value), 4)


def _listed(visit: Visit, answer: Answer) -> Sheet:
    question = answer.asked.question
    places = [place_of(visit.work.registry, question.base, path) for path in question.columns]
    titles = tuple(path_label(visit, question.base, path) for path in question.columns)
    lines = tuple(
        tuple(_value(visit, place, value) for place, value in zip(places, row.values, strict=True))
        for row in answer.rows
    )
    return Sheet(titles, lines)


def _value(visit: Visit, place: Place, value: Any) -> Cell:
    if value is None:
        return ""
    if isinstance(value, Amount):
        return value.value
    if isinstance(place.field, kinds.Integer | kinds.DecimalNumber | kinds.Percent):
        return Decimal(value)
    return str(value) if place.part else show(place.field, value, visit.voice)


def as_csv(sheet: Sheet) -> bytes:
    """Comma-separated, no cell a formula (SEC-15)."""
    out = io.StringIO()
    writer = csv.writer(out)
    for line in (sheet.titles, *sheet.lines, *([sheet.total] if sheet.total else ())):
        writer.writerow([neutralise(cell) if isinstance(cell, str) else format(cell, "f") for cell in line])
    return (BOM + out.getvalue()).encode()


def as_xlsx(sheet: Sheet, question: Question, title: str, *, rtl: bool) -> bytes:
    """Typed cells, the total in bold, and the report's chart as the spreadsheet's own."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    page = book.add_worksheet()
    if rtl:
        page.right_to_left()
    bold = book.add_format({"bold": True})
    _write(page, 0, sheet.titles, bold)
    for number, line in enumerate(sheet.lines, start=1):
        _write(page, number, line)
    if sheet.total:
        _write(page, len(sheet.lines) + 1, sheet.total, bold)
    page.freeze_panes(1, 0)
    page.set_column(0, len(sheet.titles) - 1, 18)
    if sheet.lines:
        page.autofilter(0, 0, len(sheet.lines), len(sheet.titles) - 1)
        _draw(book, page, sheet, question, title)
    book.close()
    return out.getvalue()


def _write(page: Any, number: int, line: Sequence[Cell], how: Any = None) -> None:
    for place, cell in enumerate(line):
        if isinstance(cell, str):
            page.write_string(number, place, cell, how)
        else:
            page.write_number(number, place, float(cell), how)


def _draw(book: Any, page: Any, sheet: Sheet, question: Question, title: str) -> None:
    """The first measure over the first grouping, where the report has a chart of one grouping."""
    if question.chart not in DRAWN or len(question.groups) != 1:
        return
    chart = book.add_chart({"type": DRAWN[question.chart]})
    last = len(sheet.lines)
    chart.add_series(
        {
            "name": [page.name, 0, 1],
            "categories": [page.name, 1, 0, last, 0],
            "values": [page.name, 1, 1, last, 1],
        }
    )
    chart.set_title({"name": title})
    page.insert_chart(1, len(sheet.titles) + 1, chart)
