"""The demo company while it comes into being: what later parts may hang their rows on."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

from crm_domain.definition import Ref
from crm_domain.demo.chance import Chance
from crm_domain.demo.setting import Setting

Row = dict[str, Any]
Owner = tuple[Ref, Ref]
"""A user and his team."""
KEPT = 400
"""Rows of each table that stay at hand, so that any scale fits in memory."""
TOGETHER = 500
"""Rows in one batch."""


class Batch(msgspec.Struct, frozen=True):
    """Rows of one table: a module's with values by field key, or a relation's with both ids and its own fields."""

    table: str
    rows: list[Row]


class World:
    """Where the company stands, who works there, and the first rows of every table made so far."""

    def __init__(self, setting: Setting, seed: int, scale: int, owners: list[Owner], *, again: bool = False) -> None:
        self.setting = setting
        self.scale = scale
        self.owners = owners
        self.made: defaultdict[str, list[Row]] = defaultdict(list)
        self._seed = seed
        self.mark = f"{seed}-" if again else ""
        """Stands in codes that must differ from those of an earlier load."""

    def chance(self, what: str, number: int) -> Chance:
        """The chance of the row of that number: the same whatever else is made."""
        return Chance(self._seed, self.setting.language, what, number)

    def remember(self, batch: Batch) -> None:
        """Keeps the first rows of a table for the parts that follow."""
        kept = self.made[batch.table]
        kept += batch.rows[: max(KEPT - len(kept), 0)]

    def ref(self, chance: Chance, module: str) -> Ref:
        """One of the records made before."""
        return Ref(module, chance.pick(self.made[module])["id"])

    def batches(self, table: str, rows: Iterable[Row]) -> Iterator[Batch]:
        """The rows in batches of their table."""
        together: list[Row] = []
        for row in rows:
            together.append(row)
            if len(together) == TOGETHER:
                yield Batch(table, together)
                together = []
        if together:
            yield Batch(table, together)


Part = Callable[[World], Iterator[Batch]]
"""What one area of the product adds; it may look at the rows of the parts before it."""
