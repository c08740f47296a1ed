"""Activities of a record: what is planned and what was done, of every module whose records may belong to any other."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from crm_domain.definition import ManyToAny, Ref, Registry, Relation
from crm_domain.definition.kinds import AnyLink, Choice, DateTime
from crm_domain.definition.module import Module
from crm_domain.query.filter import Condition, Filter, Group, StillOpen, both
from crm_domain.query.page import ListQuery, Row, Sort

if TYPE_CHECKING:
    from crm_domain.records.work import Work

MOST = 25
"""Of one module, planned or done; the module's own list has the rest."""


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One activity. `at` is when it takes place, or when it was written down."""

    module: str
    id: UUID
    name: str
    at: datetime | None
    planned: bool
    status: str
    who: Ref | None


class Stream(msgspec.Struct, frozen=True):
    """What is planned, the next first, and what was done, the latest first."""

    planned: Sequence[Item]
    done: Sequence[Item]


def is_activity(registry: Registry, relation: Relation) -> bool:
    """Whether the relation lists records that may belong to a record of any module."""
    if isinstance(relation.table, ManyToAny):
        return relation.table.told and not relation.left
    return bool(relation.link_field) and isinstance(registry[relation.target].by_key.get(relation.link_field), AnyLink)


def activity_relations(work: "Work", module: str) -> list[Relation]:
    """The relations that make a module's stream, of the modules the actor may list."""
    return [
        relation
        for relation in work.registry.relations(module).values()
        if is_activity(work.registry, relation) and work.access.can(relation.target, "list")
    ]


async def stream(work: "Work", module: str, id_: UUID) -> Stream:
    """The activities of a record."""
    planned: list[Item] = []
    done: list[Item] = []
    for relation in activity_relations(work, module):
        target = work.registry[relation.target]
        if relation.table is not None:
            done += await _told(work, relation, id_)
            continue
        mine = Condition(relation.link_field, "eq", id_)
        if target.open_field:
            planned += await _items(work, target, both(mine, StillOpen()), planned=True)
            done += await _items(work, target, both(mine, Group((StillOpen(),), negate=True)), planned=False)
        else:
            done += await _items(work, target, mine, planned=False)
    last = datetime.max.replace(tzinfo=work.now().tzinfo)
    planned.sort(key=lambda item: item.at or last)
    done.sort(key=lambda item: item.at or last, reverse=True)
    return Stream(planned, done)


async def _items(work: "Work", target: Module[Any], filter_: Filter, *, planned: bool) -> list[Item]:
    when = _when(target)
    columns = tuple(dict.fromkeys(("name", when, "assigned_to", "created_by", target.open_field or "name")))
    query = ListQuery(filter=filter_, columns=columns, sort=(Sort(when, descending=not planned),), limit=MOST)
    page = await work.store.page(target, query)
    return [_item(target, row, when, planned=planned) for row in page.rows]


async def _told(work: "Work", relation: Relation, id_: UUID) -> list[Item]:
    """What a relation with a table tells of a record, the latest first."""
    target = work.registry[relation.target]
    when = target.layout.sort.lstrip("-")
    columns = tuple(dict.fromkeys(("name", when, "assigned_to", "created_by")))
    query = ListQuery(columns=columns, sort=(Sort(when, descending=True),), limit=MOST)
    page = await work.store.related(relation, id_, query)
    return [_item(target, row, when, planned=False) for row in page.rows]


def _when(target: Module[Any]) -> str:
    start = target.schedule.start if target.schedule else ""
    return start if start and isinstance(target.field(start), DateTime) else "created_at"


def _item(target: Module[Any], row: Row, when: str, *, planned: bool) -> Item:
    field = target.by_key.get(target.open_field)
    return Item(
        module=target.key,
        id=row.id,
        name=str(row["name"] or ""),
        at=row[when],
        planned=planned,
        status=str(row[target.open_field] or "") if isinstance(field, Choice) else "",
        who=row["assigned_to"] or row["created_by"],
    )
