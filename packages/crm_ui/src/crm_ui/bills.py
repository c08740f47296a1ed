"""Bills on pages: a sheet with lines, groups and totals to read, and rows of inputs to write."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

import msgspec

from crm_domain.definition import kinds
from crm_domain.definition.bill import Bill, Line
from crm_domain.definition.options import Options
from crm_domain.meaning.bills import rows_of
from crm_domain.meaning.voice import Voice
from crm_domain.selling.arithmetic import Figures, LineFigures, decimals_of, figures, groups
from crm_domain.text import money, numbers

BLANK_ROWS = 3
"""Empty lines to write in where no script adds them."""


class SheetLine(msgspec.Struct, frozen=True, kw_only=True):
    """One row to read. A heading carries its group's net as `net`; words between lines have no amounts."""

    kind: str
    name: str
    note: str = ""
    href: str = ""
    quantity: str = ""
    unit: str = ""
    price: str = ""
    discount: str = ""
    tax: str = ""
    net: str = ""


class Sheet(msgspec.Struct, frozen=True):
    """A bill in words: its currency's unit, its rows, its totals as label, amount and whether it is the last one."""

    unit: str
    lines: tuple[SheetLine, ...]
    totals: tuple[tuple[str, str, bool], ...]


def sheet(bill: Bill, kind: kinds.Bill, voice: Voice) -> Sheet:
    """The bill as its reader sees it."""
    found = figures(bill)
    nets = {group.start: group.net for group in groups(bill, found)}
    lines = tuple(
        _sheet_line(bill, kind, voice, line, amounts, nets.get(place))
        for place, (line, amounts) in enumerate(zip(bill.lines, found.lines, strict=True))
    )
    return Sheet(money.money_unit(bill.currency, voice.locale, voice.catalogue), lines, totals(bill, found, voice))


def totals(bill: Bill, found: Figures, voice: Voice) -> tuple[tuple[str, str, bool], ...]:
    """The totals in order, without those that are nothing."""
    sums = found.totals
    parts = (
        ("total", sums.total),
        ("discount", sums.discount),
        ("subtotal", sums.subtotal if sums.discount else Decimal(0)),
        ("shipping", sums.shipping),
        ("tax", sums.tax),
    )
    shown = [(voice.text(f"bill.{name}"), amount_text(value, bill, voice), False) for name, value in parts if value]
    return (*shown, (voice.text("bill.payable"), amount_text(sums.payable, bill, voice), True))


def amount_text(value: Decimal, bill: Bill, voice: Voice) -> str:
    """An amount in the reader's unit, to the currency's decimals, without naming it."""
    shown = money.edit_money(value, bill.currency, voice.locale)
    if decimals_of(bill.currency) == 0:
        return shown
    return numbers.format_number(value, voice.locale, decimals_of(bill.currency))


def typed_bill(value: Bill | None, kind: kinds.Bill, voice: Voice) -> dict[str, Any]:
    """A bill as the texts of its inputs, with empty rows at the end."""
    bill = value or Bill(currency=voice.base_currency)
    rows = {str(place): typed_line(line, bill.currency, voice) for place, line in enumerate(bill.lines)}
    blank = typed_line(Line(name=""), bill.currency, voice)
    rows |= {str(len(bill.lines) + place): blank for place in range(BLANK_ROWS)}
    discount = _discount(bill.discount_type, bill.discount, bill.currency, voice)
    return {
        **rows,
        "currency": bill.currency,
        "discount_type": bill.discount_type,
        "discount": discount,
        "shipping": money.edit_money(bill.shipping, bill.currency, voice.locale) if bill.shipping else "",
        "shipping_tax": _plain(bill.shipping_tax, voice) if bill.shipping_tax else "",
    }


def bill_rows(value: Any) -> list[Mapping[str, Any]]:
    """The rows of a bill's inputs, whether stored or typed, in order."""
    return rows_of(cast("Mapping[str, Any]", value)) if isinstance(value, Mapping) else []


def unit_options(kind: kinds.Bill, voice: Voice) -> tuple[tuple[str, str, str], ...]:
    """The units a line may be counted in."""
    return _options(kind.units, voice)


def _options(options: Options, voice: Voice) -> tuple[tuple[str, str, str], ...]:
    return tuple((item.key, voice.option_label(options, item), "") for item in options.items if item.active)


def _sheet_line(
    bill: Bill, kind: kinds.Bill, voice: Voice, line: Line, amounts: LineFigures, group: Decimal | None
) -> SheetLine:
    if not line.charged:
        net = amount_text(group, bill, voice) if group is not None else ""
        return SheetLine(kind=line.kind, name=line.name, note=line.note, net=net)
    return SheetLine(
        kind=line.kind,
        name=line.name,
        note=line.note,
        href=f"/products/{line.product}" if line.product else "",
        quantity=_plain(line.quantity, voice),
        unit=voice.option(kind.units, line.unit) if line.unit else "",
        price=money.edit_money(line.list_price or Decimal(0), bill.currency, voice.locale),
        discount=_shown_discount(line, bill, voice),
        tax=numbers.format_percent(line.tax_rate, voice.locale) if line.tax_rate else "",
        net=amount_text(amounts.net, bill, voice),
    )


def _shown_discount(line: Line, bill: Bill, voice: Voice) -> str:
    if not line.discount:
        return ""
    if line.discount_type == "percentage":
        return numbers.format_percent(line.discount, voice.locale)
    return money.edit_money(line.discount, bill.currency, voice.locale)


def typed_line(line: Line, currency: str, voice: Voice) -> dict[str, str]:
    """A line as the texts of its inputs."""
    price = line.list_price
    return {
        "kind": line.kind,
        "name": line.name,
        "product": str(line.product) if line.product else "",
        "part_number": line.part_number,
        "note": line.note,
        "quantity": _plain(line.quantity, voice) if line.name else "",
        "unit": line.unit,
        "list_price": "" if price is None else money.edit_money(price, currency, voice.locale),
        "discount_type": line.discount_type,
        "discount": _discount(line.discount_type, line.discount, currency, voice),
        "tax_rate": "" if line.tax_rate is None else _plain(line.tax_rate, voice),
    }


def _discount(type_: str, value: Decimal, currency: str, voice: Voice) -> str:
    if not value:
        return ""
    return _plain(value, voice) if type_ == "percentage" else money.edit_money(value, currency, voice.locale)


def _plain(value: Decimal, voice: Voice) -> str:
    return numbers.format_number(numbers.trimmed(value), voice.locale)
