"""A report's answer as a plain table for files: titles, then values, numbers as numbers."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# The writer of spreadsheets has no types.

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
from crm_ui.reader import Reader
from crm_ui.reports.facts import heads
from crm_ui.reports.wording import figure_text, group_label, key_text, path_label

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


def sheet_of(reader: Reader, answer: Answer) -> Sheet:
    """The rows of a list; of groups the innermost ones, each with the values of all levels."""
    return _listed(reader, answer) if answer.asked.question.kind == "list" else _grouped(reader, answer)


def _grouped(reader: Reader, answer: Answer) -> Sheet:
    question = answer.asked.question
    groups = question.groups
    innermost = tuple(range(len(groups)))
    titles = [group_label(reader, question, group) for group in groups]
    lines = [
        (
            *(key_text(reader, question, group, key) for group, key in zip(groups, line.keys, strict=True)),
            *_figures(reader, question, line),
        )
        for line in answer.lines
        if line.level == innermost
    ]
    total = _figures(reader, question, answer.total)
    if not groups:
        return Sheet(tuple(heads(reader, question)), (total,))
    label = reader.text("reports.total")
    return Sheet((*titles, *heads(reader, question)), tuple(lines), (label, *("" for _ in groups[1:]), *total))


def _figures(reader: Reader, question: Question, line: Line) -> tuple[Cell, ...]:
    return tuple(
        _figure(reader, question, measure, value)
        for measure, value in zip(question.measures, line.figures, strict=True)
    )


def _figure(reader: Reader, question: Question, measure: Measure, value: Any) -> Cell:
    """Money in the reader's unit, which the title names; a moment in words."""
    if value is None:
        return ""
    if measure.fn in ("count", "share") or measure.since:
        return Decimal(value)
    field = place_of(reader.work.registry, question.base, measure.path).field
    if is_time(field):
        return figure_text(reader, question, measure, value)
    if isinstance(field, kinds.Money):
        return money.in_reader_unit(Decimal(value), reader.voice.base_currency, reader.voice.locale)
    return numbers.rounded(Decimal(value), 4)


def _listed(reader: Reader, answer: Answer) -> Sheet:
    question = answer.asked.question
    places = [place_of(reader.work.registry, question.base, path) for path in question.columns]
    titles = tuple(path_label(reader, question.base, path) for path in question.columns)
    lines = tuple(
        tuple(_value(reader, place, value) for place, value in zip(places, row.values, strict=True))
        for row in answer.rows
    )
    return Sheet(titles, lines)


def _value(reader: Reader, place: Place, value: Any) -> Cell:
    if value is None:
        return ""
    if isinstance(value, Amount):
        return value.value
    if isinstance(place.field, kinds.Integer | kinds.DecimalNumber | kinds.Percent):
        return Decimal(value)
    return str(value) if place.part else show(place.field, value, reader.voice)


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
