"""Putting many records at once into a list: those that are chosen or match a question, within the actor's reach."""

from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from crm_domain.definition import ManyToAny, Relation
from crm_domain.problems import Denied, NotFound
from crm_domain.query.filter import EVERYTHING, Filter

if TYPE_CHECKING:
    from crm_domain.records.work import Work

CHUNK = 50_000
"""Records looked at in one statement."""


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """Which records: exactly `ids`, or all that a filter finds. `along` also takes what the relation says goes with them."""

    ids: tuple[UUID, ...] | None = None
    filter: Filter = EVERYTHING
    along: bool = False


class Gathered(msgspec.Struct, frozen=True):
    """How many records were looked at, how many are new in the list, and the last one, after which to go on."""

    seen: int
    added: int
    last: UUID | None


class Refreshed(msgspec.Struct, frozen=True):
    """How many records joined a list that keeps itself, and how many left it."""

    joined: int
    left: int


def gathering(work: "Work", module: str) -> Relation | None:
    """The relation by which lists that count their members hold records of that module, seen from the list; None without any."""
    for table in work.registry.tables.values():
        if isinstance(table, ManyToAny) and table.counter and module in table.rights:
            return work.registry.relations(table.left)[module]
    return None


async def gather(
    work: "Work", relation: Relation, owner: UUID, choice: Choice, *, after: UUID | None = None, limit: int = CHUNK
) -> Gathered:
    """Adds the next `limit` of the chosen records to the list. Raises NotFound or Denied for the list, Denied for its module."""
    lists = work.registry[relation.module]
    if not await work.store.fetch(lists, [owner], action="edit", columns=("name",)):
        raise Denied if await work.store.fetch(lists, [owner], columns=("name",)) else NotFound
    if not work.access.can(relation.target, "list"):
        raise Denied
    return await work.store.gather(relation, owner, choice, after=after, limit=limit)


async def refresh(work: "Work", relation: Relation, owner: UUID, choice: Choice) -> Refreshed:
    """Makes the list hold exactly the chosen records of that module. Raises NotFound, Denied like `gather`."""
    joined, after = 0, None
    while True:
        stretch = await gather(work, relation, owner, choice, after=after)
        joined, after = joined + stretch.added, stretch.last or after
        if stretch.seen < CHUNK:
            return Refreshed(joined, await work.store.keep_only(relation, owner, choice))


async def note_gathered(work: "Work", relation: Relation, owner: UUID, added: int) -> None:
    """One line in the list's history for all of them."""
    facts = {"relation": relation.key, "number": added}
    await work.store.note(work.registry[relation.module], owner, "gather", facts)
