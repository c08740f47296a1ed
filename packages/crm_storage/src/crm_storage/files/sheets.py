"""Tables in files, as rows of texts; runs in the limited child only (SEC-22)."""

import csv
import io
import itertools
from datetime import date, datetime

import python_calamine

from crm_domain.problems import BadValue
from crm_domain.records.imports import MOST_COLUMNS, MOST_ROWS
from crm_domain.vcard_read import BEGIN, table
from crm_storage.files.packed import NAMES, look_into

ZIPPED = b"PK\x03\x04"
DELIMITERS = ",;\t|"
LONGEST_CELL = 1_000_000
CODECS = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1256", "cp1252")
SAMPLE = 4096
Table = list[list[str]]


def ready() -> None:
    """Loads every codec there may be need of: none can be loaded afterwards."""
    for codec in (*CODECS, NAMES):
        "a".encode(codec).decode(codec)


def run(body: bytes) -> Table:
    """The rows that hold anything, the head first, all of one width. Raises BadValue for what is no table, or too large a one."""
    rows = _sheet(body) if body.startswith(ZIPPED) else _written(_text(body))
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if len(rows) < 2:
        raise BadValue("imports.no_rows")
    width = max(map(len, rows))
    if len(rows) > MOST_ROWS + 1 or width > MOST_COLUMNS:
        raise BadValue("imports.too_large", rows=MOST_ROWS, columns=MOST_COLUMNS)
    return [row + [""] * (width - len(row)) for row in rows]


def _sheet(body: bytes) -> Table:
    look_into(body)
    try:
        with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(body)) as book:
            rows = book.get_sheet_by_index(0).to_python(skip_empty_area=True, nrows=MOST_ROWS + 2)
    except (python_calamine.CalamineError, IndexError, OSError, ValueError):
        raise BadValue("problems.file_unreadable") from None
    return [[_cell(value) for value in row] for row in rows]


def _cell(value: object) -> str:
    """The cell as somebody would have typed it."""
    match value:
        case float() if value.is_integer():
            return str(int(value))
        case datetime():
            return value.isoformat(" ", "minutes") if value.time() != datetime.min.time() else value.date().isoformat()
        case date():
            return value.isoformat()
        case bool():
            return "true" if value else "false"
        case _:
            return str(value).replace("\x00", "")


def _text(body: bytes) -> str:
    for mark in (b"\xff\xfe", b"\xfe\xff"):
        if body.startswith(mark):
            return _decoded(body, "utf-16")
    zeros = body[:SAMPLE].count(0)
    if zeros * 4 > len(body[:SAMPLE]):
        return _decoded(body, "utf-16-le" if body[1:2] == b"\x00" else "utf-16-be")
    if zeros:
        raise BadValue("problems.file_unreadable")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _one_byte(body)


def _one_byte(body: bytes) -> str:
    """Windows-1256 where most of what is not ASCII are Arabic letters in it, else Windows-1252."""
    text = body.decode("cp1256", "replace")
    beyond = [letter for letter in text if letter > "\x7f"]
    arabic = sum("\u0600" <= letter <= "\u06ff" for letter in beyond)
    return text if arabic * 2 > len(beyond) else _decoded(body, "cp1252")


def _decoded(body: bytes, codec: str) -> str:
    try:
        return body.decode(codec)
    except UnicodeDecodeError:
        raise BadValue("problems.file_unreadable") from None


def _written(text: str) -> Table:
    """Address cards, or cells between delimiters."""
    return table(text)[: MOST_ROWS + 2] if text.lstrip()[: len(BEGIN)].upper() == BEGIN else _separated(text)


def _separated(text: str) -> Table:
    if any(letter < " " and letter not in "\t\r\n" for letter in text[:SAMPLE]):
        raise BadValue("problems.file_unreadable")
    head = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(DELIMITERS, key=head.count)
    csv.field_size_limit(LONGEST_CELL)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        return list(itertools.islice(reader, MOST_ROWS + 2))
    except csv.Error:
        raise BadValue("problems.file_unreadable") from None
