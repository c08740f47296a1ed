"""Filters: a typed tree that says which records, never how to find them."""

from typing import Any, Literal, get_args

import msgspec

Op = Literal[
    "eq", "ne", "lt", "le", "gt", "ge", "in", "nin", "contains", "starts", "empty", "between", "period", "me", "my_team",
    "has_any", "has_all", "has_none", "domain", "opted_out", "ends",
]  # fmt: skip
OPS: frozenset[str] = frozenset(get_args(Op))
MAX_CONDITIONS = 40
MAX_VALUES = 200
MAX_DEPTH = 5
"""SEC-49."""


class Condition(msgspec.Struct, frozen=True, tag="is"):
    """One comparison. `field` is a key or a path one link away (`account.industry`).

    `value` is typed by the field's kind: a tuple for `in`, `nin`, `between` and the `has_*`, the period's name for `period`,
    True or False for `empty` and `opted_out`, nothing for `me` and `my_team`.
    """

    field: str
    op: Op
    value: Any = None


class Mine(msgspec.Struct, frozen=True, tag="mine"):
    """Assigned to the reader; with `team`, to anyone of the reader's teams."""

    team: bool = False


class Starred(msgspec.Struct, frozen=True, tag="starred"):
    """Among the reader's favourites."""


class Followed(msgspec.Struct, frozen=True, tag="followed"):
    """Among the records that the reader follows."""


class StillOpen(msgspec.Struct, frozen=True, tag="open"):
    """Not ended, by the module's own predicate."""


class Quick(msgspec.Struct, frozen=True, tag="quick"):
    """The words of a search box: each must occur in the search key, in an e-mail address or at the end of a phone number.

    What stands in `unseen` fields counts for nothing.
    """

    words: str
    unseen: tuple[str, ...] = ()


class AnyOf(msgspec.Struct, frozen=True, tag="any_of"):
    """The condition holds for any of several fields of one kind: any phone, any city."""

    fields: tuple[str, ...]
    op: Op
    value: Any = None


class Linked(msgspec.Struct, frozen=True, tag="linked"):
    """Linked to any of those records by a many-to-many relation of the module; `value` holds their ids."""

    relation: str
    value: Any


class Group(msgspec.Struct, frozen=True, tag="group"):
    """All or any of several filters; negated when `negate`. With `apart` each of any is found by itself, so that each may have
    its own index where all of them in one condition would have none."""

    items: "tuple[Filter, ...]"
    any: bool = False
    negate: bool = False
    apart: bool = False


Filter = Condition | Mine | Starred | Followed | StillOpen | Quick | AnyOf | Linked | Group
EVERYTHING = Group(())


def both(*filters: Filter) -> Filter:
    """All of them at once, without needless nesting."""
    parts = tuple(part for item in filters for part in _flat(item))
    return parts[0] if len(parts) == 1 else Group(parts)


def size(filter_: Filter) -> tuple[int, int]:
    """How many conditions a filter has, and how deep its groups nest."""
    if not isinstance(filter_, Group):
        return 1, 0
    sizes = [size(item) for item in filter_.items]
    return sum(count for count, _ in sizes), 1 + max((depth for _, depth in sizes), default=0)


def _flat(filter_: Filter) -> tuple[Filter, ...]:
    if isinstance(filter_, Group) and not filter_.any and not filter_.negate:
        return tuple(part for item in filter_.items for part in _flat(item))
    return (filter_,)
