"""Writing the lines of bills: one table for all documents. Their amounts stand beside them, for reports."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import msgspec

from crm_domain.definition import Module
from crm_domain.definition.bill import Bill
from crm_domain.definition.kinds import Bill as BillKind
from crm_domain.meaning.bills import line_words
from crm_domain.selling.arithmetic import figures
from crm_storage.records.context import Context
from crm_storage.records.read_lines import FACTS

CASTS = {"product": "uuid", "quantity": "numeric", "list_price": "numeric", "discount": "numeric", "tax_rate": "numeric",
         "unit_price": "numeric", "net": "numeric", "tax": "numeric"}  # fmt: skip
WORKED_OUT = ("currency", "unit_price", "net", "tax")
COLUMNS = ("module", "record_id", "field", "position", *FACTS, *WORKED_OUT)
CURRENT = """
SELECT record_id, jsonb_agg(CASE WHEN kind IN ('good', 'service') THEN name || ' × ' || trim_scale(quantity) ELSE name END
  ORDER BY position)
FROM line_item WHERE record_id = ANY(%(records)s) AND field = %(field)s GROUP BY record_id
"""
DROP = "DELETE FROM line_item WHERE record_id = ANY(%(records)s) AND field = %(field)s"
_LISTED = ", ".join(f"e.{name}" for name in (*FACTS, *WORKED_OUT))
PUT = f"""
INSERT INTO line_item ({", ".join(COLUMNS)})
SELECT %(module)s, r.id, %(field)s, e.place, {_LISTED}
FROM unnest(%(records)s::uuid[]) AS r (id)
CROSS JOIN unnest({", ".join(f"%({name})s::{CASTS.get(name, 'text')}[]" for name in (*FACTS, *WORKED_OUT))})
  WITH ORDINALITY AS e ({", ".join((*FACTS, *WORKED_OUT))}, place)
"""
LOG = """
INSERT INTO audit_event (actor_id, source, request_id, module, record_id, action, version, changes)
SELECT %(me)s, %(source)s, %(request_id)s, %(module)s, t.id, 'update', t.version,
  jsonb_build_object(%(field)s::text, jsonb_build_array(%(old)s::jsonb -> t.id::text, %(new)s::jsonb))
FROM "{}" t WHERE t.id = ANY(%(records)s) AND %(old)s::jsonb -> t.id::text IS DISTINCT FROM %(new)s::jsonb
"""


async def write_lines(
    context: Context, module: Module[Any], ids: Sequence[UUID], field: BillKind, bill: Bill | None
) -> None:
    """Makes these the records' lines, in this order, and keeps what they were in the history."""
    session = context.session
    place = {"module": module.key, "records": list(ids), "field": field.key}
    before = {str(id_): words for id_, words in await session.rows(CURRENT, place)}
    await session.execute(DROP, place)
    if bill and bill.lines:
        rows = list(line_rows(bill))
        named = dict(zip((*FACTS, *WORKED_OUT), map(list, zip(*rows, strict=True)), strict=True))
        await session.execute(PUT, {**named, **place})
    after = [line_words(line) for line in bill.lines] if bill else []
    told = {"old": _json(before), "new": _json(after or None), "me": context.access.user}
    await session.execute(LOG.format(module.key), {**place, **told, **context.origin()})


def line_rows(bill: Bill) -> Iterator[tuple[Any, ...]]:
    """Each line as the values of `FACTS` and `WORKED_OUT`."""
    for line, found in zip(bill.lines, figures(bill).lines, strict=True):
        yield (*(getattr(line, name) for name in FACTS), bill.currency, found.unit_price, found.net, found.tax)


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
