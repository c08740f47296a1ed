"""The arithmetic of a bill, exact: each line's net and tax are rounded, half away from zero, and then added.

A discount over the whole is spread over the lines in proportion, the last units going to the largest remainders, so
that what the lines lose is exactly what was granted. Taxes are on what remains. Shipping is never discounted.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

import msgspec
from babel.numbers import get_currency_precision

from crm_domain.definition.bill import ZERO, Bill, Line

EXACT = Context(prec=90, rounding=ROUND_HALF_UP)
"""More digits than any product of a quantity, a price, a discount and a rate can have."""
HUNDRED = Decimal(100)


class LineFigures(msgspec.Struct, frozen=True):
    """A line's amounts: the price after its own discount for one unit; gross, net of all discounts, and tax on that."""

    unit_price: Decimal
    gross: Decimal
    net: Decimal
    tax: Decimal


NOTHING = LineFigures(ZERO, ZERO, ZERO, ZERO)


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """A document's amounts. `total - discount = subtotal` and `subtotal + tax + shipping = payable`, to the last digit."""

    total: Decimal
    discount: Decimal
    subtotal: Decimal
    shipping: Decimal
    shipping_tax: Decimal
    tax: Decimal
    """That of the lines and of shipping."""
    payable: Decimal


class Figures(msgspec.Struct, frozen=True):
    """Everything a bill comes to; `lines` answers its lines one by one."""

    lines: tuple[LineFigures, ...]
    totals: Totals


def decimals_of(currency: str) -> int:
    """How many decimals amounts of a currency have: rials none, dollars two."""
    return 0 if currency == "IRR" else get_currency_precision(currency)


def figures(bill: Bill) -> Figures:
    """What the bill comes to, rounded to its currency's decimals."""
    step = Decimal(1).scaleb(-decimals_of(bill.currency))
    with localcontext(EXACT):
        own = [_own(line, step) for line in bill.lines]
        granted = _granted(bill, sum((line.net for line in own), ZERO), step)
        shares = _spread(granted, [line.net for line in own], step)
        lines = tuple(
            msgspec.structs.replace(found, net=found.net - share, tax=_tax(found.net - share, line, step))
            for line, found, share in zip(bill.lines, own, shares, strict=True)
        )
        return Figures(lines, _totals(bill, lines, step))


def unit_price(line: Line) -> Decimal:
    """The price of one unit after the line's own discount, which never exceeds the price; unrounded."""
    price = line.list_price or ZERO
    if line.discount_type == "percentage":
        return price - price * min(line.discount, HUNDRED) / HUNDRED
    return price - min(line.discount, price)


def _own(line: Line, step: Decimal) -> LineFigures:
    """The line by itself, before a discount over the whole and before tax."""
    if not line.charged:
        return NOTHING
    price = unit_price(line)
    gross = ((line.list_price or ZERO) * line.quantity).quantize(step)
    return LineFigures(price, gross, (price * line.quantity).quantize(step), ZERO)


def _tax(net: Decimal, line: Line, step: Decimal) -> Decimal:
    return (net * (line.tax_rate or ZERO) / HUNDRED).quantize(step) if line.charged else ZERO


def _granted(bill: Bill, net: Decimal, step: Decimal) -> Decimal:
    """The discount over the whole, never more than there is."""
    if bill.discount_type == "percentage":
        return (net * min(bill.discount, HUNDRED) / HUNDRED).quantize(step)
    return min(bill.discount.quantize(step), net)


def _spread(granted: Decimal, nets: Sequence[Decimal], step: Decimal) -> list[Decimal]:
    """The discount over the whole as parts of the lines, in whole steps that add up to it."""
    units = [int(net / step) for net in nets]
    whole, left = sum(units), int(granted / step)
    if not whole or not left:
        return [ZERO] * len(nets)
    shares = [left * unit // whole for unit in units]
    rests = sorted(range(len(units)), key=lambda place: (-(left * units[place] % whole), place))
    for place in rests[: left - sum(shares)]:
        shares[place] += 1
    return [share * step for share in shares]


def _totals(bill: Bill, lines: Sequence[LineFigures], step: Decimal) -> Totals:
    total = sum((line.gross for line in lines), ZERO)
    subtotal = sum((line.net for line in lines), ZERO)
    shipping = bill.shipping.quantize(step)
    shipping_tax = (shipping * bill.shipping_tax / HUNDRED).quantize(step)
    tax = sum((line.tax for line in lines), ZERO) + shipping_tax
    return Totals(
        total=total,
        discount=total - subtotal,
        subtotal=subtotal,
        shipping=shipping,
        shipping_tax=shipping_tax,
        tax=tax,
        payable=subtotal + tax + shipping,
    )


class GroupFigures(msgspec.Struct, frozen=True):
    """What the lines under one heading come to. `start` is the heading's place among the lines; -1 where there is none."""

    start: int
    net: Decimal
    tax: Decimal


def groups(bill: Bill, found: Figures) -> tuple[GroupFigures, ...]:
    """The bill's groups in order, lines before the first heading as one without a heading."""
    heads = [place for place, line in enumerate(bill.lines) if line.kind == "group"]
    starts = [-1, *heads]
    ends = [*heads, len(bill.lines)]
    made: list[GroupFigures] = []
    for start, end in zip(starts, ends, strict=True):
        own = found.lines[start + 1 : end]
        if start >= 0 or own:
            made.append(
                GroupFigures(start, sum((line.net for line in own), ZERO), sum((line.tax for line in own), ZERO))
            )
    return tuple(made)
