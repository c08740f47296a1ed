"""Kinds of numbers."""

from decimal import Decimal

from crm_domain.definition.field import Field


class Integer(Field[int | None], frozen=True, kw_only=True, eq=False):
    """A whole number within 64 bits."""

    minimum: int | None = None
    maximum: int | None = None


class DecimalNumber(Field[Decimal | None], frozen=True, kw_only=True, eq=False):
    """An exact number with at most `scale` decimals."""

    digits: int = 20
    scale: int = 4
    above: Decimal | None = None
    """The value must be greater than this."""


class Percent(Field[Decimal | None], frozen=True, kw_only=True, eq=False):
    """0 to 100, two decimals."""


class AutoNumber(Field[int | None], frozen=True, kw_only=True, eq=False):
    """A number given by a sequence of the tenant when the record is created; gaps may occur."""
