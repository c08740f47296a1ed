"""Records in a file that an import takes back unchanged: an id first, then every field by its key, cells for programs (scenario 25)."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import xlsxwriter

from crm_domain.definition import Module, Registry, kinds
from crm_domain.definition.kinds import Kind
from crm_domain.meaning.raw import ID, LEFT_OUT, cells_of, columns_of
from crm_domain.query.page import Row
from crm_domain.query.read import read_path
from crm_domain.text.spreadsheet import neutralise

LONGEST_CELL = 32_767
"""What a spreadsheet's cell holds. A longer text stays out: an empty cell changes nothing, a cut one would."""


def raw_fields(module: Module[Any], hidden: frozenset[str]) -> tuple[str, ...]:
    """The fields that have cells, as far as the reader may see them."""
    return tuple(field.key for field in module.fields if not isinstance(field, LEFT_OUT) and field.key not in hidden)


def raw_table(registry: Registry, module: Module[Any], paths: Sequence[str], rows: Iterable[Row]) -> list[list[str]]:
    """The head, then a line for each record. Fields a link away have cells too, which an import leaves out."""
    fields = [(path, _field(registry, module, path)) for path in paths]
    head = [ID, *(column for path, field in fields for column in columns_of(field, path))]
    return [head, *([str(row.id), *_line(fields, row)] for row in rows)]


def _field(registry: Registry, module: Module[Any], path: str) -> Kind:
    field, part = read_path(registry, module, path)
    return kinds.Text(key=path) if part else field


def _line(fields: Iterable[tuple[str, Kind]], row: Row) -> Iterator[str]:
    for path, field in fields:
        yield from cells_of(field, row[path])


def as_text(table: Iterable[Sequence[str]]) -> bytes:
    """Comma-separated, no cell a formula (SEC-15)."""
    out = io.StringIO()
    csv.writer(out).writerows([neutralise(cell) for cell in line] for line in table)
    return out.getvalue().encode()


def as_book(table: Iterable[Sequence[str]]) -> bytes:
    """A workbook whose cells are all text."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    for number, line in enumerate(table):
        for place, cell in enumerate(map(neutralise, line)):
            if cell and len(cell) <= LONGEST_CELL:
                sheet.write_string(number, place, cell)
    sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()
