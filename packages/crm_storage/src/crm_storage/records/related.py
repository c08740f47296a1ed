"""Subpanels: the records on the other side of a relation, and the links of a many-to-many one."""

# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false
# SQLAlchemy's expressions lose their value types in RETURNING and labels.

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Table, Uuid, bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from crm_domain.definition import ManyToAny, ManyToMany, Ref, Relation, RelationTable
from crm_domain.definition.kinds import Kind, Link
from crm_domain.ports import Tie
from crm_domain.query.filter import Condition, both
from crm_domain.query.page import COUNT_CAP, Count, ListQuery, Page, Row
from crm_storage.columns import columns_of, stored
from crm_storage.records import names, reads
from crm_storage.records.context import Context
from crm_storage.records.memberships import join, leave
from crm_storage.records.mirror import make_way, settle
from crm_storage.records.pinning import pin
from crm_storage.records.reach import ME
from crm_storage.records.select_rows import Shape
from crm_storage.records.shape import Values
from crm_storage.records.statements import IDS

OWNER = bindparam("owner", type_=Uuid())
LINK_PREFIX = "link."


async def related(context: Context, relation: Relation, owner: UUID, query: ListQuery) -> Page:
    """One page of a subpanel. Rows of a many-to-many relation carry the link's own fields as `link.<key>`."""
    module = context.registry[relation.target]
    if relation.table is None:
        narrowed = both(query.filter, Condition(relation.link_field, "eq", owner))
        return await reads.page(context, module, msgspec.structs.replace(query, filter=narrowed))
    page = await reads.page(context, module, query, linked=(relation.table, relation.left, owner))
    facts = await _facts(context, relation.table, relation.left, owner, [row.id for row in page.rows])
    rows = tuple(Row(row.id, {**row.values, **facts.get(row.id, {})}) for row in page.rows)
    return msgspec.structs.replace(page, rows=rows)


async def related_counts(context: Context, relations: Sequence[Relation], owner: UUID) -> Mapping[str, Count]:
    """How many records each subpanel would list, in one statement."""
    if not relations:
        return {}
    values = Values()
    shapes = tuple(_counting(context, relation, owner, values) for relation in relations)
    sql = context.schema.selector.counts(shapes)
    [numbers] = await context.rows(sql, **values.params, cap=COUNT_CAP + 1, owner=owner)
    return {relation.key: reads.capped(number, COUNT_CAP) for relation, number in zip(relations, numbers, strict=True)}


def _counting(context: Context, relation: Relation, owner: UUID, values: Values) -> Shape:
    module = context.registry[relation.target]
    if relation.table is None:
        return reads.counting(context, module, Condition(relation.link_field, "eq", owner), values)
    return reads.counting(context, module, both(), values, linked=(relation.table.key, relation.left))


async def link(
    context: Context, relation: Relation, owner: UUID, targets: Sequence[UUID], values: Mapping[str, Any]
) -> int:
    """Links records of a relation with a table, or changes the fields of links there are; how many."""
    table = relation.table
    assert table is not None
    if isinstance(table, ManyToAny):
        lefts, rights = _ends(relation, owner, targets)
        made = await join(context, table, relation.right_module, lefts, rights)
        await _log(context, relation, owner, _others(relation, made), "link")
        return len(made)
    columns: dict[str, Any] = {}
    for field in table.kinds():
        if field.key in values:
            columns |= stored(field, values[field.key], {})
    named = tuple(sorted(columns))
    if values.get(table.primary):
        await make_way(context, table, targets if relation.left else [owner], owner if relation.left else None)
    sql = context.remembered(
        ("link", table.key, relation.left, named), lambda: _link(context, table, relation.left, named)
    )
    found = await context.rows(
        sql, owner=owner, ids=list(targets), **{f"v_{name}": value for name, value in columns.items()}
    )
    await settle(context, table, targets if relation.left else [owner])
    if table.pins:
        await pin(context, table, owner, targets, left=relation.left)
    await _log(context, relation, owner, [row[0] for row in found], "link")
    return len(found)


async def unlink(context: Context, relation: Relation, owner: UUID, targets: Sequence[UUID]) -> int:
    """Takes links away; the records stay."""
    table = relation.table
    assert table is not None
    if isinstance(table, ManyToAny):
        taken = await leave(context, table, *_ends(relation, owner, targets))
        await _log(context, relation, owner, _others(relation, taken), "unlink")
        return len(taken)
    mine, other = _sides(context.tables[table.key], relation.left)
    sql = context.remembered(
        ("unlink", table.key, relation.left),
        lambda: delete(context.tables[table.key]).where(mine == OWNER, other == IDS.any_()).returning(other),
    )
    found = await context.rows(sql, owner=owner, ids=list(targets))
    await settle(context, table, targets if relation.left else [owner])
    await _log(context, relation, owner, [row[0] for row in found], "unlink")
    return len(found)


async def ties(context: Context, relation: Relation, owners: Sequence[UUID]) -> list[Tie]:
    """The links of these records, each with its own fields that take one column."""
    if not owners or not isinstance(relation.table, ManyToMany):
        return []
    table = context.tables[relation.table.key]
    mine, other = _sides(table, relation.left)
    own = [field.key for field in relation.table.kinds() if field.key in table.c]
    sql = context.remembered(
        ("ties", relation.table.key, relation.left),
        lambda: select(mine, other, *(table.c[key] for key in own)).where(mine == IDS.any_()).order_by(mine, other),
    )
    rows = await context.rows(sql, ids=list(owners))
    return [Tie(row[0], row[1], dict(zip(own, row[2:], strict=True))) for row in rows]


def _ends(relation: Relation, owner: UUID, targets: Sequence[UUID]) -> tuple[Sequence[UUID], Sequence[UUID]]:
    """The left and the right ids of the links between a record and others."""
    return ([owner], targets) if relation.left else (targets, [owner])


def _others(relation: Relation, pairs: Sequence[tuple[UUID, UUID]]) -> list[UUID]:
    return [right if relation.left else left for left, right in pairs]


LOG = """
INSERT INTO audit_event (actor_id, source, request_id, module, record_id, action, changes)
SELECT %(me)s, %(source)s, %(request_id)s, %(module)s, %(owner)s, %(action)s,
       jsonb_build_object('relation', %(relation)s::text, 'target', %(target)s::text, 'ids', to_jsonb(%(ids)s::uuid[]))
"""


async def _log(context: Context, relation: Relation, owner: UUID, ids: Sequence[UUID], action: str) -> None:
    if ids:
        facts = {
            "module": relation.module,
            "owner": owner,
            "action": action,
            "relation": relation.key,
            "target": relation.target,
        }
        await context.session.execute(LOG, {**facts, **context.origin(), "me": context.access.user, "ids": list(ids)})


def _sides(table: Table, left: bool) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    return (table.c.left_id, table.c.right_id) if left else (table.c.right_id, table.c.left_id)


def _link(context: Context, relation: RelationTable, left: bool, named: tuple[str, ...]) -> Any:
    table = context.tables[relation.key]
    mine, other = _sides(table, left)
    values = [bindparam(f"v_{name}", type_=table.c[name].type) for name in named]
    rows = select(OWNER, func.unnest(IDS), ME, *values)
    statement = insert(table).from_select([str(mine.key), str(other.key), "created_by", *named], rows)
    excluded = {name: statement.excluded[name] for name in named}
    keep = {str(other.key): statement.excluded[str(other.key)]}
    return statement.on_conflict_do_update(index_elements=["left_id", "right_id"], set_=excluded or keep).returning(
        other
    )


async def _facts(
    context: Context, relation: RelationTable, left: bool, owner: UUID, ids: Sequence[UUID]
) -> dict[UUID, dict[str, Any]]:
    table = context.tables[relation.key]
    fields: tuple[Kind, ...] = relation.kinds()
    if not fields or not ids:
        return {}
    mine, other = _sides(table, left)
    own = [column.name for field in fields for column in columns_of(field, relation.key)]
    sql = context.remembered(
        ("link_facts", relation.key, left),
        lambda: select(other, *(table.c[name] for name in own)).where(mine == OWNER, other == IDS.any_()),
    )
    found = await context.rows(sql, owner=owner, ids=list(ids))
    facts = {row[0]: {LINK_PREFIX + name: value for name, value in zip(own, row[1:], strict=True)} for row in found}
    await _name_links(context, [field for field in fields if isinstance(field, Link)], list(facts.values()))
    return facts


async def _name_links(context: Context, fields: Sequence[Link], facts: Sequence[dict[str, Any]]) -> None:
    """Makes the records that a link's own fields point at refs with the names the reader may see."""
    refs = {
        (at, field.key): Ref(field.target, fact[LINK_PREFIX + field.key])
        for at, fact in enumerate(facts)
        for field in fields
        if fact[LINK_PREFIX + field.key]
    }
    found = await names.names(context, list(refs.values())) if refs else {}
    for (at, key), ref in refs.items():
        facts[at][LINK_PREFIX + key] = found.get(ref, ref)
