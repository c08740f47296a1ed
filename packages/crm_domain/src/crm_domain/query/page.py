"""What a list asks for and what it gets. Pages go by keyset: the cursor holds the last row's sort values."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID

import msgspec

from crm_domain.definition.values import Ref
from crm_domain.query.filter import EVERYTHING, Filter

COUNT_CAP = 10_000
PAGE_SIZES = (20, 50, 100, 200)
MAX_SORTS = 3


class Sort(msgspec.Struct, frozen=True):
    """One sort key: a field, or one a link away. Empty values come last in either direction."""

    field: str
    descending: bool = False


class Cursor(msgspec.Struct, frozen=True, array_like=True):
    """Where a page ends: the sort values and id of a row, and whether the page wanted lies before it."""

    values: tuple[Any, ...]
    id: UUID
    backward: bool = False


class ListQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which records, which of their columns, in what order, how many."""

    filter: Filter = EVERYTHING
    columns: tuple[str, ...] = ()
    sort: tuple[Sort, ...] = (Sort("created_at", descending=True),)
    limit: int = 50
    cursor: Cursor | None = None
    deleted: bool = False
    """Look into the trash instead."""
    counted: bool = False
    """Count the whole result as well, up to the usual cap, in the same statement."""


class Row(msgspec.Struct, frozen=True):
    """A record as a query gives it: values by column, typed by kind. Links carry the name the reader may see."""

    id: UUID
    values: dict[str, Any]

    def __getitem__(self, key: str) -> Any:
        return self.values.get(key)


class Count(msgspec.Struct, frozen=True):
    """How many; `capped` when counting stopped there."""

    number: int
    capped: bool = False


class Page(msgspec.Struct, frozen=True):
    """A stretch of a list, with the cursors of its neighbours where there are any."""

    rows: tuple[Row, ...]
    after: Cursor | None
    before: Cursor | None
    count: Count = Count(0)
    """Of the whole result, for a query that was to be counted."""
    named: Mapping[Ref, Ref] = MappingProxyType({})
    """Current names of what was to be named beside the rows, as far as the reader may see it."""


class Lane(msgspec.Struct, frozen=True):
    """One column of a board: all records of that option counted and summed in the base currency, the first ones at hand."""

    option: str
    count: int
    total: Any
    weighted: Any
    rows: tuple[Row, ...]


def parse_sort(text: str) -> tuple[Sort, ...]:
    """`-created_at,name` as sort keys, at most three."""
    parts = [part for part in text.split(",") if part.strip("-")]
    return tuple(Sort(part.lstrip("-"), part.startswith("-")) for part in parts[:MAX_SORTS])
