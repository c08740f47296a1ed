"""Tables in packed files: what is too much, leads elsewhere or lies is an explained refusal (SEC-22)."""

import stat
import struct
import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest

from crm_storage.files.packed import MOST_ENTRIES

from .test_limited import opened, problem

FORMATS = "http://schemas.openxmlformats.org"
OFFICE, PACKAGE, MAIN = (
    f"{FORMATS}/officeDocument/2006",
    f"{FORMATS}/package/2006",
    f"{FORMATS}/spreadsheetml/2006/main",
)
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Override PartName="/xl/workbook.xml" '
    f'ContentType="{KIND}.sheet.main+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="a" '
    f'Type="{OFFICE}/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}/relationships"><sheets>'
    '<sheet name="s" sheetId="1" r:id="a"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="a" '
    f'Type="{OFFICE}/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}
HEAD = f'<worksheet xmlns="{MAIN}"><sheetData>'
ROW = '<row><c t="inlineStr"><is><t>نام</t></is></c><c t="inlineStr"><is><t>Sara</t></is></c></row>'
SHEET = f"{HEAD}{ROW * 2}</sheetData></worksheet>"


def book(sheet: str | bytes = SHEET, change: Callable[[zipfile.ZipFile], None] = lambda packed: None) -> bytes:
    """A table as office programs write it."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in PARTS.items():
            packed.writestr(name, text)
        packed.writestr("xl/worksheets/sheet1.xml", sheet)
        change(packed)
    return out.getvalue()


def crowd(packed: zipfile.ZipFile) -> None:
    for number in range(MOST_ENTRIES):
        packed.writestr(f"{number}", b"")


def link(packed: zipfile.ZipFile) -> None:
    entry = zipfile.ZipInfo("xl/theme/theme1.xml")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    packed.writestr(entry, "/etc/hostname")


def many(packed: zipfile.ZipFile) -> None:
    for number in range(110):
        packed.writestr(f"media/{number}", b"\0" * 2**20)


def lying(body: bytes) -> bytes:
    """The same with every entry's unpacked size told as a handful of bytes."""
    with zipfile.ZipFile(BytesIO(body)) as packed:
        sizes = {entry.file_size for entry in packed.infolist()}
    for size in sizes:
        body = body.replace(struct.pack("<I", size), struct.pack("<I", 9))
    return body


def test_a_table_of_an_office_program_is_read() -> None:
    assert opened("sheet", book()) == [["نام", "Sara"], ["نام", "Sara"]]


@pytest.mark.parametrize(
    "body",
    [
        lambda: book(HEAD + " " * 30 * 2**20),
        lambda: book(change=crowd),
        lambda: book(change=link),
        lambda: book(change=many),
    ],
    ids=["too tight", "too many", "a link", "too much"],
)
def test_sec_22_what_would_be_too_much_is_not_unpacked(body: Callable[[], bytes]) -> None:
    assert problem("sheet", body()) == "problems.file_too_hard"


def test_sec_22_what_lies_about_its_size_meets_the_childs_limits() -> None:
    told = problem("sheet", lying(book(HEAD + ROW * 300_000)))
    assert told in ("problems.file_unreadable", "problems.file_too_hard", "imports.too_large", "imports.no_rows")


def test_sec_22_a_file_in_a_file_is_not_opened() -> None:
    inner = book()
    assert opened("sheet", book(change=lambda packed: packed.writestr("inner.zip", inner))) == opened("sheet", inner)


@pytest.mark.parametrize("cut", [5, 30, 200, -30, -5])
def test_sec_22_a_torn_file_is_unreadable(cut: int) -> None:
    assert problem("sheet", book()[:cut]) == "problems.file_unreadable"
