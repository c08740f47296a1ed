"""What leaves in files: CSV, XLSX, raw values, address cards, printed lists. Each is noted in the audit."""

import csv
import io
from collections.abc import AsyncGenerator, Sequence
from contextlib import nullcontext
from typing import Any, ClassVar
from uuid import UUID

import msgspec
import xlsxwriter
from litestar import Controller, Response, get

from crm_domain.definition import Module, kinds
from crm_domain.meaning.show import show
from crm_domain.meaning.wire import to_json
from crm_domain.problems import Denied, NotFound, Refused
from crm_domain.query.page import ListQuery, Row
from crm_domain.text.numbers import format_number
from crm_domain.text.spreadsheet import neutralise
from crm_domain.vcard import cards
from crm_web.files import attachment
from crm_web.lists.filters import chips_of
from crm_web.lists.linked import linked_names
from crm_web.lists.listing import Listing, list_query, read_listing
from crm_web.lists.paper import list_pdf
from crm_web.lists.raw_file import as_book, as_text, raw_fields, raw_table
from crm_web.lists.tables import Column, columns_for, field_label, lines_for
from crm_web.pages.details import print_line
from crm_web.proof import prove
from crm_web.visit import Visit

BATCH = 1000
MOST_ROWS = 50_000
PRINT_ROWS = 1_000
PDF_ROWS = 500
"""So many the renderer draws within its time."""
CARD_ROWS = 5_000
PROOF_ROWS = 1_000
"""Taking more than these out asks for the password (SEC-36)."""
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RAW = ("raw", "raw_xlsx", "jsonl")
BOM = "\ufeff"
"""Tells spreadsheet programs that a CSV is UTF-8."""


class ExportPages(Controller):
    """/<module>/export, /<module>/vcards, /<module>/print."""

    module_key: ClassVar[str]

    @get("/export")
    async def export(self, visit: Visit, format: str = "csv", fields: str = "") -> Response[bytes]:
        """The list as it is asked for, or with every field of its records (`fields=all`); `raw` and `raw_xlsx` give every field
        with keys and ISO values, which imports again unchanged, `jsonl` the same as programs read them, one record a line; `pdf`
        is the list for paper, of up to 500 rows."""
        module = visit.module(self.module_key)
        listing, _ = await read_listing(visit, module)
        columns = _every(visit, module) if format in RAW or fields == "all" else listing.columns
        query, _ = list_query(visit, module, listing, tuple(dict.fromkeys(("name", *columns))))
        most = PDF_ROWS if format == "pdf" else MOST_ROWS
        with visit.names_as_stored() if format in RAW else nullcontext():
            rows = [row async for row in rows_of(visit, module, query, most)]
        if format == "pdf":
            return await _pdf(visit, module, rows, listing.columns, await _question(visit, module, listing))
        if len(rows) > PROOF_ROWS:
            await prove(visit)
        return await _file(visit, module, columns, rows, format)

    @get("/vcards")
    async def vcards(self, visit: Visit) -> Response[bytes]:
        module = visit.module(self.module_key)
        if not module.person:
            raise NotFound
        listing, _ = await read_listing(visit, module)
        query, _ = list_query(visit, module, listing, _every(visit, module))
        with visit.names_as_stored():
            records = [module.record(row.id, row.values) async for row in rows_of(visit, module, query, CARD_ROWS)]
        await noted(visit, module, "vcf", len(records))
        body = cards(module, records, visit.voice.text).encode()
        return attachment(f"{visit.voice.module(module)}.vcf", "text/vcard; charset=utf-8", body)

    @get("/print")
    async def print_list(self, visit: Visit) -> Response[str]:
        """The whole result with the view's columns, up to a thousand rows."""
        module = visit.module(self.module_key)
        visit.allow(module, "print")
        listing, _ = await read_listing(visit, module)
        columns = columns_for(visit, module, listing.columns)
        query, _ = list_query(
            visit, module, listing, tuple(dict.fromkeys(("name", *(column.path for column in columns))))
        )
        rows = [row async for row in rows_of(visit, module, query, PRINT_ROWS, action="print")]
        return await _on_paper(visit, module, columns, rows, await _question(visit, module, listing))


async def print_ids(visit: Visit, module: Module[Any], ids: Sequence[UUID]) -> Response[str]:
    """Exactly these records, with the user's columns, for the printer. Raises Refused for more than a list prints."""
    if len(ids) > PRINT_ROWS:
        raise Refused("list.too_many", number=format_number(PRINT_ROWS, visit.voice.locale))
    listing, _ = await read_listing(visit, module)
    columns = columns_for(visit, module, listing.columns)
    paths = tuple(dict.fromkeys(("name", *(column.path for column in columns))))
    rows = await visit.work.store.fetch(module, ids, action="print", columns=paths)
    return await _on_paper(visit, module, columns, rows, visit.text("list.printed_chosen"))


async def _on_paper(
    visit: Visit, module: Module[Any], columns: Sequence[Column], rows: Sequence[Row], question: str
) -> Response[str]:
    await visit.work.store.note(module, None, "print", {"rows": len(rows)})
    page = await visit.page(
        "records/print_list.html",
        current=module.key,
        module=module,
        title=visit.voice.module(module),
        columns=columns,
        lines=lines_for(visit, module, columns, rows),
        question=question,
        printed=print_line(visit),
    )
    await visit.commit()
    return page


async def export_ids(visit: Visit, module: Module[Any], ids: Sequence[UUID]) -> Response[bytes]:
    """Exactly these records, with the user's columns, as a spreadsheet (scenario 4)."""
    listing, _ = await read_listing(visit, module)
    rows = await visit.work.store.fetch(
        module, ids, action="export", columns=tuple(dict.fromkeys(("name", *listing.columns)))
    )
    return await _file(visit, module, listing.columns, rows, "xlsx")


async def rows_of(
    visit: Visit, module: Module[Any], query: ListQuery, most: int = MOST_ROWS, action: str = "export"
) -> AsyncGenerator[Row]:
    """The whole result in batches by keyset. Raises Denied without the right or beyond `most` rows."""
    visit.allow(module, action)
    query = msgspec.structs.replace(query, limit=BATCH, cursor=None)
    number = 0
    while True:
        page = await visit.work.store.page(module, query, action=action)
        for row in page.rows:
            number += 1
            if number > most:
                raise Denied("list.too_many", number=most)
            yield row
        if page.after is None:
            return
        query = msgspec.structs.replace(query, cursor=page.after)


async def _pdf(
    visit: Visit, module: Module[Any], rows: Sequence[Row], paths: Sequence[str], question: str
) -> Response[bytes]:
    visit.allow(module, "print")
    columns, title = columns_for(visit, module, paths), visit.voice.module(module)
    about = (print_line(visit), question)
    body = await list_pdf(visit, title, about, columns, lines_for(visit, module, columns, rows))
    await noted(visit, module, "pdf", len(rows))
    return attachment(f"{title}.pdf", "application/pdf", body)


async def _file(
    visit: Visit, module: Module[Any], columns: Sequence[str], rows: Sequence[Row], format_: str
) -> Response[bytes]:
    await noted(visit, module, format_, len(rows))
    name = visit.voice.module(module)
    match format_:
        case "xlsx":
            body = xlsx(visit, module, columns, rows)
            return attachment(f"{name}.xlsx", SHEET, body)
        case "raw":
            body = BOM.encode() + as_text(raw_table(visit.work.registry, module, columns, rows))
            return attachment(f"{module.key}.csv", "text/csv; charset=utf-8", body)
        case "raw_xlsx":
            return attachment(
                f"{module.key}.xlsx", SHEET, as_book(raw_table(visit.work.registry, module, columns, rows))
            )
        case "jsonl":
            return attachment(f"{module.key}.jsonl", "application/x-ndjson", _lines(module, columns, rows))
        case _:
            return attachment(f"{name}.csv", "text/csv; charset=utf-8", _csv(visit, module, columns, rows))


def _lines(module: Module[Any], columns: Sequence[str], rows: Sequence[Row]) -> bytes:
    """Each record as the API tells it."""
    fields = [(path, module.by_key[path]) for path in columns if path in module.by_key]
    told = ({"id": str(row.id), **{path: to_json(field, row[path]) for path, field in fields}} for row in rows)
    return b"".join(msgspec.json.encode(one) + b"\n" for one in told)


async def noted(visit: Visit, module: Module[Any], format_: str, number: int) -> None:
    await visit.work.store.note(module, None, "export", {"format": format_, "rows": number})
    await visit.commit()


def _csv(visit: Visit, module: Module[Any], columns: Sequence[str], rows: Sequence[Row]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([neutralise(field_label(visit, module, path)) for path in columns])
    for row in rows:
        writer.writerow([neutralise(_text(visit, module, path, row)) for path in columns])
    return (BOM + out.getvalue()).encode()


def xlsx(visit: Visit, module: Module[Any], columns: Sequence[str], rows: Sequence[Row]) -> bytes:
    """Typed cells, a right-to-left sheet for right-to-left readers; text is never a formula (SEC-15)."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    if visit.voice.locale.rtl:
        sheet.right_to_left()
    head = book.add_format({"bold": True})
    for number, path in enumerate(columns):
        sheet.write_string(0, number, field_label(visit, module, path), head)
    for line, row in enumerate(rows, start=1):
        for number, path in enumerate(columns):
            _cell(visit, module, sheet, (line, number), path, row)
    sheet.freeze_panes(1, 0)
    if rows:
        sheet.autofilter(0, 0, len(rows), len(columns) - 1)
    book.close()
    return out.getvalue()


def _cell(visit: Visit, module: Module[Any], sheet: Any, place: tuple[int, int], path: str, row: Row) -> None:
    field = module.by_key.get(path)
    value = row[path]
    numeric = isinstance(field, kinds.Integer | kinds.DecimalNumber | kinds.Percent | kinds.Money)
    if numeric and value is not None:
        sheet.write_number(*place, float(value.value if isinstance(field, kinds.Money) else value))
    else:
        sheet.write_string(*place, _text(visit, module, path, row))


def _text(visit: Visit, module: Module[Any], path: str, row: Row) -> str:
    value = row[path]
    field = module.by_key.get(path)
    return show(field, value, visit.voice) if field else ("" if value is None else str(value))


def _every(visit: Visit, module: Module[Any]) -> tuple[str, ...]:
    return raw_fields(module, visit.access.hidden(module.key))


async def _question(visit: Visit, module: Module[Any], listing: Listing) -> str:
    """All that the list asks, in words."""
    names = await linked_names(visit, module, listing)
    asked = [f"{field}: {value}" for field, value, _ in chips_of(visit, module, listing, names)]
    return visit.text("list.printed_filter", filter=visit.text("record.list_separator").join(asked)) if asked else ""
