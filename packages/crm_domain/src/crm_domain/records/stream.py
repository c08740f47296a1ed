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
from crm_domain.query.read import may_read

if TYPE_CHECKING:
    from crm_domain.records.work import Work

AROUND = 100
"""Records of one relation whose activities are told of."""
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
    about: Ref | None = None
    """The other record that it is about, where the stream tells of more than one."""


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
    """The activities of a record, and of those around it that its module tells of, as far as the actor sees them."""
    about = (id_, *await _around(work, module, id_))
    planned: list[Item] = []
    done: list[Item] = []
    for relation in activity_relations(work, module):
        target = work.registry[relation.target]
        if relation.table is not None:
            done += await _told(work, relation, id_)
            continue
        mine = Condition(relation.link_field, "in", about)
        if target.open_field and may_read(work.access, target, target.open_field):
            planned += await _items(work, relation, both(mine, StillOpen()), id_, planned=True)
            done += await _items(work, relation, both(mine, Group((StillOpen(),), negate=True)), id_, planned=False)
        else:
            done += await _items(work, relation, mine, id_, planned=False)
    last = datetime.max.replace(tzinfo=work.now().tzinfo)
    planned.sort(key=lambda item: item.at or last)
    done.sort(key=lambda item: item.at or last, reverse=True)
    return Stream(planned, done)


async def _around(work: "Work", module: str, id_: UUID) -> list[UUID]:
    """The records whose activities are told of as well."""
    found: list[UUID] = []
    for key in work.registry[module].tells_of:
        relation = work.registry.relations(module).get(key)
        if relation and work.access.can(relation.target, "list"):
            query = ListQuery(columns=("name",), sort=(Sort("modified_at", descending=True),), limit=AROUND)
            found += [row.id for row in (await work.store.related(relation, id_, query)).rows]
    return found


async def _items(work: "Work", relation: Relation, filter_: Filter, id_: UUID, *, planned: bool) -> list[Item]:
    target = work.registry[relation.target]
    when, about = _when(target), relation.link_field
    columns = tuple(dict.fromkeys(("name", when, "assigned_to", "created_by", about, target.open_field or "name")))
    query = ListQuery(filter=filter_, columns=columns, sort=(Sort(when, descending=not planned),), limit=MOST)
    page = await work.store.page(target, query)
    return [_item(target, row, when, planned=planned, about=_other(row[about], id_)) for row in page.rows]


def _other(ref: Ref | None, id_: UUID) -> Ref | None:
    return ref if ref and ref.id != id_ and ref.name and not ref.gone else None


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


def _item(target: Module[Any], row: Row, when: str, *, planned: bool, about: Ref | None = None) -> Item:
    field = target.by_key.get(target.open_field)
    return Item(
        module=target.key,
        id=row.id,
        name=str(row["name"] or ""),
        at=row[when],
        planned=planned,
        status=str(row[target.open_field] or "") if isinstance(field, Choice) else "",
        who=row["assigned_to"] or row["created_by"],
        about=about,
    )
