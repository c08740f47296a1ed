"""What a report answers: its rows, or the figures of its groups with those of every level above them."""

from typing import Any
from uuid import UUID

import msgspec

from crm_domain.reports.narrow import Narrowed

MOST_ON_SCREEN = 5_000
MOST_PRINTED = 1_000
MOST_IN_FILE = 100_000
"""Groups, or rows of a list."""


class Line(msgspec.Struct, frozen=True):
    """The figures of one group. `keys` are its values by grouping, None where the level does not divide by it; `level` says
    by which it does, as places."""

    level: tuple[int, ...]
    keys: tuple[Any, ...]
    count: int
    """How many records of the base."""
    figures: tuple[Any, ...]


class Found(msgspec.Struct, frozen=True):
    """One row of a list: the base record's id and the values by column."""

    id: UUID
    values: tuple[Any, ...]


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """`total` is over all records; `lines` hold the groups and, before them in the hierarchy, what they add up to."""

    asked: Narrowed
    total: Line
    lines: tuple[Line, ...] = ()
    rows: tuple[Found, ...] = ()
    more: bool = False
    """Whether there are more groups or rows than were read."""
