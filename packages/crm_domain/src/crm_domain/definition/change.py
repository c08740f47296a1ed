"""What a save is about to do, as rules see it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Generic, TypeVar, cast

from crm_domain.definition.field import Field
from crm_domain.definition.record import Record

R = TypeVar("R", bound=Record)
T = TypeVar("T")


class Change(Generic[R]):
    """A record before and after a save. Rules read `after` and may set more; `before` is None for a new record.

    `set` writes also what input may not (readonly fields): rules are the only ones who do.
    """

    def __init__(self, before: R | None, values: dict[str, Any], after: R, now: datetime) -> None:
        self.before = before
        self.after = after
        self.now = now
        self.values = values

    @property
    def new(self) -> bool:
        return self.before is None

    def touches(self, field: Field[Any]) -> bool:
        """Whether this save gives the field another value than it had."""
        if field.key not in self.values:
            return False
        return self.before is None or self.before.values.get(field.key) != self.values[field.key]

    def named(self, field: Field[Any]) -> bool:
        """Whether this save speaks of the field at all."""
        return field.key in self.values

    def set(self, field: Field[T], value: T) -> None:
        self.values[field.key] = value
        _merged(self.after.values)[field.key] = value


def change(record: type[R], before: R | None, id_: Any, values: dict[str, Any], now: datetime) -> Change[R]:
    """The change that `values` make to `before`, or to a new record of that id."""
    merged: dict[str, Any] = {**(before.values if before else {}), **values}
    return Change(before, values, record(id_, merged), now)


def _merged(values: Mapping[str, Any]) -> dict[str, Any]:
    return cast("dict[str, Any]", values)  # `change` made it one
