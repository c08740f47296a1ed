"""A whole list in a file over the API: read in one snapshot, sent as it is read, whatever its size (REL-30)."""

from collections.abc import AsyncGenerator, Callable, Sequence
from functools import partial
from typing import Any, ClassVar

import msgspec
from litestar import Controller, Response, get
from litestar.response import Stream

from crm_domain.definition import Module, Registry
from crm_domain.problems import FieldProblem, Invalid
from crm_domain.query.page import ListQuery, Row
from crm_storage.records.context import Context
from crm_storage.store import TenantStore
from crm_web.api.records import list_query, record_json
from crm_web.files import attachment
from crm_web.lists.raw_file import as_text, raw_table
from crm_web.pages.exports import SHEET, noted, rows_of, xlsx
from crm_web.visit import Visit

BATCH = 1_000
SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl"}


class ExportApi(Controller):
    """/api/v1/<module>/export?format=csv|jsonl|xlsx, and the list's own parameters."""

    module_key: ClassVar[str]

    @get("/export")
    async def export(self, visit: Visit, format: str = "csv") -> Response[Any]:
        module = visit.module(self.module_key)
        visit.allow(module, "export")
        if format == "xlsx":
            return await _sheet(visit, module)
        if format not in TYPES:
            raise Invalid({"format": (FieldProblem("problems.not_an_option", {"value": format}),)})
        query = msgspec.structs.replace(list_query(visit, module), limit=BATCH, cursor=None)
        await visit.work.store.note(module, None, "export", {"format": format})
        await visit.commit()
        written = partial(_jsonl if format == "jsonl" else _csv, visit.work.registry, module, query.columns)
        name = f'attachment; filename="{module.key}.{format}"'
        return Stream(
            _batches(visit, module, query, written), media_type=TYPES[format], headers={"Content-Disposition": name}
        )


async def _sheet(visit: Visit, module: Module[Any]) -> Response[bytes]:
    """A spreadsheet with the reader's labels and typed cells, as the list page gives it; up to 50,000 rows."""
    query = list_query(visit, module)
    rows = [row async for row in rows_of(visit, module, query)]
    await noted(visit, module, "xlsx", len(rows))
    return attachment(f"{module.key}.xlsx", SHEET, xlsx(visit, module, query.columns, rows))


Writer = Callable[[Sequence[Row], bool], bytes]
"""Rows as they stand in the file; with what stands before the first ones."""


async def _batches(visit: Visit, module: Module[Any], query: ListQuery, written: Writer) -> AsyncGenerator[bytes]:
    """The unit of work of the request has ended when this runs, so it opens its own."""
    installation, first = visit.installation, True
    async with installation.database.tenant(visit.tenant.number) as session:
        await session.execute(SNAPSHOT)
        schema = await installation.schemas.of(visit.tenant, session)
        store = TenantStore(Context(session, schema, visit.access, "api", ""), installation.clock)
        while True:
            page = await store.page(module, query, action="export")
            yield written(page.rows, first)
            first = False
            if page.after is None:
                return
            query = msgspec.structs.replace(query, cursor=page.after)


def _jsonl(
    _registry: Registry, module: Module[Any], columns: Sequence[str], rows: Sequence[Row], _first: bool
) -> bytes:
    return b"".join(msgspec.json.encode(record_json(module, row, tuple(columns))) + b"\n" for row in rows)


def _csv(registry: Registry, module: Module[Any], columns: Sequence[str], rows: Sequence[Row], first: bool) -> bytes:
    """Keys as heads, cells for programs: what goes out comes back the same (scenario 25)."""
    table = raw_table(registry, module, columns, rows)
    return as_text(table if first else table[1:])
