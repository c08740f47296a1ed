"""Bills understood and checked: what people type line by line, and what programs send."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast, get_args
from uuid import UUID

import msgspec

from crm_domain.definition import kinds
from crm_domain.definition.bill import ONE, ZERO, Bill, DiscountKind, Line, LineKind
from crm_domain.meaning.voice import Voice
from crm_domain.problems import BadValue
from crm_domain.text import money, numbers
from crm_domain.text.identifiers import currency_code
from crm_domain.text.normalise import stored

MOST_LINES = 400
MOST_WHOLE = 14
"""Whole digits of a quantity or a price."""
NAME_LENGTH, NOTE_LENGTH, CODE_LENGTH = 1_000, 4_000, 255
LIMITS = {"quantity": 4, "list_price": 6, "discount": 6, "tax_rate": 2}
"""Decimals of a line's numbers."""
HUNDRED = Decimal(100)
CHARGED = ("good", "service")


def parse_bill(raw: Any, voice: Voice) -> Bill | None:
    """The bill somebody typed: parts under their names, lines under their numbers, in the order in which they stand.

    Raises BadValue, naming the line.
    """
    if not isinstance(raw, Mapping):
        return None
    texts = cast("Mapping[str, Any]", raw)
    currency = _text(texts, "currency") or voice.base_currency
    said = [row for row in rows_of(texts) if _said(row)]
    lines = [_typed_line(row, currency, voice, place) for place, row in enumerate(said, start=1)]
    kind = _choice(_text(texts, "discount_type"), DiscountKind, "percentage")
    return Bill(
        currency=currency,
        lines=tuple(lines),
        discount_type=kind,
        discount=_number(_text(texts, "discount"), kind == "amount", currency, voice) or ZERO,
        shipping=_number(_text(texts, "shipping"), True, currency, voice) or ZERO,
        shipping_tax=_number(_text(texts, "shipping_tax"), False, currency, voice) or ZERO,
    )


def rows_of(texts: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The lines of a typed bill, in the order in which they stand."""
    return [cast("Mapping[str, Any]", row) for row in texts.values() if isinstance(row, Mapping)]


def clean_bill(kind: kinds.Bill, value: Any) -> Bill | None:
    """The bill with every number within its bounds and every text normalised; None without lines and shipping."""
    if not isinstance(value, Bill):
        raise BadValue("problems.not_a_bill")
    if len(value.lines) > MOST_LINES:
        raise BadValue("problems.too_many", most=MOST_LINES)
    kept = [line for line in value.lines if line.name.strip() or line.product]
    cleaned = Bill(
        currency=currency_code(value.currency),
        lines=tuple(_line(kind, line, place) for place, line in enumerate(kept, start=1)),
        discount_type=value.discount_type,
        discount=_bounded(value.discount, 4, 0, HUNDRED if value.discount_type == "percentage" else None),
        shipping=_bounded(value.shipping, 4, 0),
        shipping_tax=_bounded(value.shipping_tax, 2, 0, HUNDRED),
    )
    return cleaned if cleaned.lines or cleaned.shipping else None


def bill_to_json(bill: Bill) -> dict[str, Any]:
    """The bill for programs: exact numbers as texts."""
    return msgspec.to_builtins(bill, str_keys=True)


def bill_from_json(value: Any) -> Bill:
    """Raises BadValue with what does not fit."""
    try:
        return msgspec.convert(value, Bill, strict=True)
    except msgspec.ValidationError:
        raise BadValue("problems.not_a_bill") from None


def line_words(line: Line) -> str:
    """A line in a few words, for the history and for exports: `Scanner × 3`."""
    return f"{line.name} × {plain_number(line.quantity)}" if line.charged else line.name


def plain_number(number: Decimal) -> str:
    return f"{numbers.trimmed(number):f}"


def _said(row: Mapping[str, Any]) -> bool:
    """Whether anything was typed that makes a line; ticked for removal is none."""
    return not row.get("remove") and bool(_text(row, "name") or _text(row, "product"))


def _typed_line(row: Mapping[str, Any], currency: str, voice: Voice, place: int) -> Line:
    kind = _choice(_text(row, "kind"), LineKind, "good")
    off = _choice(_text(row, "discount_type"), DiscountKind, "percentage")
    try:
        if kind not in CHARGED:
            return Line(kind=kind, name=_text(row, "name"), note=_text(row, "note"))
        return Line(
            kind=kind,
            name=_text(row, "name"),
            product=_id(_text(row, "product")),
            part_number=_text(row, "part_number"),
            note=_text(row, "note"),
            quantity=_or_one(_number(_text(row, "quantity"), False, currency, voice)),
            unit=_text(row, "unit"),
            list_price=_number(_text(row, "list_price"), True, currency, voice),
            discount_type=off,
            discount=_number(_text(row, "discount"), off == "amount", currency, voice) or ZERO,
            tax_rate=_number(_text(row, "tax_rate"), False, currency, voice),
        )
    except BadValue as bad:
        raise _of_line(bad, place) from None


def _or_one(number: Decimal | None) -> Decimal:
    return ONE if number is None else number


def _line(kind: kinds.Bill, line: Line, place: int) -> Line:
    try:
        if not line.charged:
            return Line(kind=line.kind, name=_short(line.name, NAME_LENGTH), note=_long(line.note))
        if line.unit and line.unit not in kind.units:
            raise BadValue("problems.not_an_option", value=line.unit[:80])
        price, rate = line.list_price, line.tax_rate
        most_off = HUNDRED if line.discount_type == "percentage" else None
        return msgspec.structs.replace(
            line,
            name=_short(line.name, NAME_LENGTH),
            part_number=_short(line.part_number, CODE_LENGTH),
            note=_long(line.note),
            quantity=_bounded(line.quantity, LIMITS["quantity"], 0),
            list_price=None if price is None else _bounded(price, LIMITS["list_price"], 0),
            discount=_bounded(line.discount, LIMITS["discount"], 0, most_off),
            tax_rate=None if rate is None else _bounded(rate, LIMITS["tax_rate"], 0, HUNDRED),
        )
    except BadValue as bad:
        raise _of_line(bad, place) from None


def _of_line(bad: BadValue, place: int) -> BadValue:
    """The same problem, of that line."""
    return BadValue(bad.problem.id, **bad.problem.facts, line=place)


def _bounded(number: Decimal, places: int, least: int, most: Decimal | None = None) -> Decimal:
    if not number.is_finite():
        raise BadValue("problems.not_a_number")
    if number < least:
        raise BadValue("problems.too_small", least=least)
    if most is not None and number > most:
        raise BadValue("problems.too_large", most=most)
    if number >= Decimal(10) ** MOST_WHOLE:
        raise BadValue("problems.too_large", most=Decimal(10) ** MOST_WHOLE)
    return numbers.trimmed(numbers.rounded(number, places))


def _short(text: str, most: int) -> str:
    return _limited(stored(text.replace("\x00", "")), most)


def _long(text: str) -> str:
    return _limited(stored(text.replace("\x00", ""), single_line=False), NOTE_LENGTH)


def _limited(text: str, most: int) -> str:
    if len(text) > most:
        raise BadValue("problems.too_long", most=most)
    return text


def _text(row: Mapping[str, Any], part: str) -> str:
    found = row.get(part, "")
    return found.strip() if isinstance(found, str) else ""


def _number(text: str, amount: bool, currency: str, voice: Voice) -> Decimal | None:
    """An amount in the reader's unit, or a plain number; None where nothing was typed."""
    if not text:
        return None
    return money.parse_money(text, currency, voice.locale) if amount else numbers.parse_decimal(text.rstrip("%٪ "))


def _choice(text: str, choices: Any, default: Any) -> Any:
    return text if text in get_args(choices) else default


def _id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise BadValue("problems.unknown_record") from None
