"""Reading the lines of bills with the record they belong to."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, cast, func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from crm_domain.definition.bill import Bill, Line

HEAD = ("currency", "discount_type", "discount", "shipping", "shipping_tax")
"""What stands on the record's own row."""
FACTS = ("kind", "name", "product", "part_number", "note", "quantity", "unit", "list_price", "discount_type", "discount",
         "tax_rate")  # fmt: skip


def lines_of(table: Any, tables: dict[str, Any], key: str) -> ColumnElement[Any]:
    """A record's lines in order, as one JSON value; numbers are texts, for JSON's own are not exact."""
    item = tables["line_item"]
    parts = [cast(item.c[name], Text) for name in FACTS]
    return (
        select(func.jsonb_agg(aggregate_order_by(func.jsonb_build_array(*parts), item.c.position)))
        .where(item.c.record_id == table.c.id, item.c.field == literal(key, Text()))
        .correlate(table)
        .scalar_subquery()
    )


def read_bill(row: Sequence[Any]) -> Bill | None:
    """A bill from its head's columns and its lines."""
    currency, discount_type, discount, shipping, shipping_tax, lines = row
    if currency is None:
        return None
    return Bill(
        currency=currency,
        lines=tuple(_line(values) for values in lines or ()),
        discount_type=discount_type,
        discount=discount,
        shipping=shipping,
        shipping_tax=shipping_tax,
    )


def _line(values: Sequence[str | None]) -> Line:
    facts: dict[str, Any] = {name: text for name, text in zip(FACTS, values, strict=True) if text is not None}
    for name in ("quantity", "list_price", "discount", "tax_rate"):
        if name in facts:
            facts[name] = Decimal(facts[name])
    if "product" in facts:
        facts["product"] = UUID(facts["product"])
    return Line(**facts)
