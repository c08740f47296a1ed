"""What was bought: the lines of quotes that were accepted, and of paid invoices that come from no quote."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from crm_domain.definition import Ref
from crm_domain.definition.bill import Bill
from crm_domain.query.filter import Condition, Filter, both
from crm_domain.query.page import ListQuery, Row, Sort

if TYPE_CHECKING:
    from crm_domain.records.work import Work

MOST = 200
"""Documents of each kind that are read, the newest first."""
BOUGHT: Sequence[tuple[str, str, Filter]] = (
    ("quotes", "closed_at", Condition("stage", "eq", "closed_accepted")),
    ("invoices", "invoice_date", both(Condition("status", "eq", "paid"), Condition("quote", "empty", True))),
)
"""The documents that say so, and the field of the day on which it was."""


class Purchase(msgspec.Struct, frozen=True, kw_only=True):
    """A document with the places of those of its lines that are meant."""

    document: Ref
    number: str
    day: date | datetime | None
    account: Ref | None
    contact: Ref | None
    opportunity: Ref | None
    bill: Bill
    places: tuple[int, ...]


async def bought_by(work: "Work", account: UUID) -> list[Purchase]:
    """Everything that the account bought, as far as the actor may see its documents; the newest first."""
    return await _bought(work, Condition("account", "eq", account), None)


async def bought_of(work: "Work", product: UUID) -> list[Purchase]:
    """Every purchase of the product; the newest first."""
    return await _bought(work, Condition("bill", "in", (product,)), product)


async def _bought(work: "Work", which: Filter, product: UUID | None) -> list[Purchase]:
    found: list[Purchase] = []
    for key, day, closed in BOUGHT:
        module = work.registry[key]
        wanted = ("name", "number", day, "account", "contact", "opportunity", "bill")
        columns = tuple(column for column in wanted if column in module.by_key)
        query = ListQuery(
            filter=both(which, closed), columns=columns, sort=(Sort("created_at", descending=True),), limit=MOST
        )
        found += [
            _purchase(key, row, row.values.get(day), product) for row in (await work.store.page(module, query)).rows
        ]
    return [one for one in found if one.places]


def _purchase(module: str, row: Row, day: Any, product: UUID | None) -> Purchase:
    bill: Bill = row.values.get("bill") or Bill(currency="")
    lines = enumerate(bill.lines)
    places = tuple(place for place, line in lines if line.charged and (product is None or line.product == product))
    return Purchase(
        document=Ref(module, row.id, str(row["name"] or "")),
        number=str(row["number"] or ""),
        day=day,
        account=row.values.get("account"),
        contact=row.values.get("contact"),
        opportunity=row.values.get("opportunity"),
        bill=bill,
        places=places,
    )
