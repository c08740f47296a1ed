"""A field: one column of a module's table, one line of its form, one cell of its list."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, overload

import msgspec

if TYPE_CHECKING:
    from crm_domain.definition.record import Record

T = TypeVar("T")


class Set(msgspec.Struct, Generic[T], frozen=True):
    """A value meant for a field, as `Opportunity.stage.to("closed_won")` makes it."""

    key: str
    value: T


class Field(msgspec.Struct, Generic[T], frozen=True, kw_only=True, eq=False):
    """What every kind has. A kind adds its own parameters and its meaning.

    Class access gives the field, instance access the typed value. The key comes from the attribute's name.
    """

    key: str = ""
    required: bool = False
    default: Any = None
    search: bool = False
    """Part of the record's search key."""
    audited: bool = True
    readonly: bool = False
    """Written by rules only, never taken from input (SEC-11)."""
    unique: bool = False
    copied: bool = True
    """Taken over by "Copy"."""
    indexed: bool = False
    """Carries an index, so that lists may sort by it at any size."""
    mass: bool = True
    """Offered in mass update, where the kind allows it."""
    custom: bool = False
    labels: Mapping[str, str] = {}
    """The tenant's own wording by language; empty means the catalogue's."""

    def __set_name__(self, owner: type, name: str) -> None:
        if not self.key:
            msgspec.structs.force_setattr(self, "key", name)

    @overload
    def __get__(self, record: None, owner: type) -> Self: ...
    @overload
    def __get__(self, record: "Record", owner: type) -> T: ...
    def __get__(self, record: "Record | None", owner: type) -> Self | T:
        return self if record is None else record.values.get(self.key)  # type: ignore[return-value] - values are cleaned to T

    def to(self, value: T) -> Set[T]:
        """This field's new value, for `work.create` and `work.update`."""
        return Set(self.key, value)


def required(field: Field[T | None]) -> Field[T]:
    """The same field, never empty: instance access loses its `None`."""
    return msgspec.structs.replace(field, required=True)  # type: ignore[return-value] - only the type changes
