"""Field kinds as columns: the storage room of every kind. A kind without a case here fails the type check."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, assert_never

import msgspec
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Computed,
    Date,
    DateTime,
    Numeric,
    Sequence,
    String,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

from crm_domain.definition import ADDRESS_PARTS, kinds
from crm_domain.definition.kinds import Kind

AMOUNT = Numeric(20, 4)
UNIT_PRICE = Numeric(20, 6)
RATE = Numeric(20, 10)
INSTANT = DateTime(timezone=True)
CURRENCY = String(3)


def columns_of(kind: Kind, owner: str) -> list[Column[Any]]:
    """The columns of a field on its module's table; e-mail addresses and secrets live in tables of their own."""
    key = kind.key
    match kind:
        case kinds.AnyLink():
            return [Column(f"{key}_module", Text), Column(f"{key}_id", Uuid)]
        case kinds.Money() if kind.of:
            return _share(kind)
        case kinds.Money():
            amount = Numeric(20, kind.scale)
            return [
                Column(key, amount),
                Column(f"{key}_currency", CURRENCY),
                Column(f"{key}_rate", RATE),
                Column(f"{key}_base", amount),
            ]
        case kinds.Address():
            return [Column(f"{key}_{part}", Text) for part in ADDRESS_PARTS]
        case kinds.Emails() | kinds.Secret():
            return []
        case kinds.Bill():
            return [
                Column(f"{key}_currency", CURRENCY),
                Column(f"{key}_discount_type", Text),
                Column(f"{key}_discount", AMOUNT),
                Column(f"{key}_shipping", AMOUNT),
                Column(f"{key}_shipping_tax", Numeric(5, 2)),
            ]
        case kinds.AutoNumber():
            sequence = Sequence(f"{owner}_{key}_seq")
            return [Column(key, BigInteger, sequence, server_default=sequence.next_value())]
        case _:
            return [Column(key, column_type(kind))]


def _share(kind: kinds.Money) -> list[Column[Any]]:
    """The columns of an amount that is so many percent of another one, in its currency and at its rate."""
    whole, percent = kind.of
    kept: list[tuple[str, TypeEngine[Any], str]] = [
        ("", Numeric(20, kind.scale), f"{whole} * {percent} / 100"),
        ("_currency", CURRENCY, f"{whole}_currency"),
        ("_rate", RATE, f"{whole}_rate"),
        ("_base", Numeric(20, kind.scale), f"{whole}_base * {percent} / 100"),
    ]
    return [Column(f"{kind.key}{end}", type_, Computed(said, persisted=True)) for end, type_, said in kept]


def column_type(kind: Kind) -> TypeEngine[Any]:
    """The type of a field's leading column, by which it sorts and filters."""
    match kind:
        case kinds.Text() | kinds.Url() | kinds.Phone() | kinds.Choice() | kinds.DependentChoice():
            return Text()
        case kinds.LongText() | kinds.RichText() | kinds.Address() | kinds.Emails() | kinds.Secret():
            return Text()
        case kinds.Integer() | kinds.AutoNumber() | kinds.Duration():
            return BigInteger()
        case kinds.DecimalNumber():
            return Numeric(kind.digits, kind.scale)
        case kinds.Percent():
            return Numeric(5, 2)
        case kinds.Money():
            return Numeric(20, kind.scale)
        case kinds.Boolean():
            return Boolean()
        case kinds.Date():
            return Date()
        case kinds.DateTime():
            return INSTANT
        case kinds.Bill():
            return CURRENCY
        case kinds.MultiChoice():
            return ARRAY(Text())
        case kinds.Link() | kinds.UserLink() | kinds.AnyLink():
            return Uuid()
        case kinds.File() | kinds.Files() | kinds.Image():
            return JSONB()
        case kinds.Computed():
            results: Mapping[str, TypeEngine[Any]] = {
                "text": Text(),
                "integer": BigInteger(),
                "decimal": AMOUNT,
                "date": Date(),
            }
            return results[kind.result]
        case _:
            assert_never(kind)


def stored(kind: Kind, value: Any, rates: Mapping[str, Decimal]) -> dict[str, Any]:
    """A field's value as values of its columns. `rates` are units of a currency for one of the base.

    Raises KeyError for a currency the tenant does not have.
    """
    key = kind.key
    match kind:
        case kinds.Money():
            if value is None:
                return dict.fromkeys((key, f"{key}_currency", f"{key}_rate", f"{key}_base"))
            rate = rates[value.currency]
            base = (value.value / rate).quantize(Decimal(1).scaleb(-kind.scale))
            return {key: value.value, f"{key}_currency": value.currency, f"{key}_rate": rate, f"{key}_base": base}
        case kinds.Address():
            return {f"{key}_{part}": (getattr(value, part) or None) if value else None for part in ADDRESS_PARTS}
        case kinds.AnyLink():
            return {f"{key}_module": value.module if value else None, f"{key}_id": value.id if value else None}
        case kinds.Bill():
            parts = ("currency", "discount_type", "discount", "shipping", "shipping_tax")
            return {f"{key}_{part}": getattr(value, part) if value else None for part in parts}
        case kinds.Emails() | kinds.Secret():
            return {}
        case kinds.Link() | kinds.UserLink():
            return {key: value.id if value else None}
        case kinds.MultiChoice():
            return {key: list(value) if value else None}
        case kinds.File() | kinds.Files() | kinds.Image():
            return {key: msgspec.json.encode(value).decode() if value else None}
        case kinds.Boolean():
            return {key: bool(value)}
        case _:
            return {key: value}


def leading(kind: Kind) -> str:
    """The column by which a field sorts, compares and counts as empty."""
    match kind:
        case kinds.Money():
            return f"{kind.key}_base"
        case kinds.AnyLink():
            return f"{kind.key}_id"
        case kinds.Address():
            return f"{kind.key}_city"
        case kinds.Bill():
            return f"{kind.key}_currency"
        case _:
            return kind.key
