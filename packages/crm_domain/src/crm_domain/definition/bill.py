"""What a document charges: lines in order, a discount over all of them, shipping. Amounts are worked out, never kept here."""

from decimal import Decimal
from typing import Literal
from uuid import UUID

import msgspec

LineKind = Literal["good", "service", "text", "group"]
"""`text` is a remark between lines, `group` the heading of those that follow it."""
DiscountKind = Literal["percentage", "amount"]
ZERO, ONE = Decimal(0), Decimal(1)


class Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line. `list_price` is for one unit, in the bill's currency; an `amount` of discount too."""

    kind: LineKind = "good"
    name: str
    product: UUID | None = None
    part_number: str = ""
    note: str = ""
    quantity: Decimal = ONE
    unit: str = ""
    list_price: Decimal | None = None
    discount_type: DiscountKind = "percentage"
    discount: Decimal = ZERO
    tax_rate: Decimal | None = None

    @property
    def charged(self) -> bool:
        """Whether the line is something sold rather than words."""
        return self.kind in ("good", "service")


class Bill(msgspec.Struct, frozen=True, kw_only=True):
    """Lines in one currency with what holds for all of them. `shipping` and an `amount` of discount are in that currency."""

    currency: str
    lines: tuple[Line, ...] = ()
    discount_type: DiscountKind = "percentage"
    discount: Decimal = ZERO
    shipping: Decimal = ZERO
    shipping_tax: Decimal = ZERO
    """Per cent."""
