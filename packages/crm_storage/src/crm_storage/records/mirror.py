"""A link field that mirrors the primary link of a many-to-many relation: both are kept in step, whichever side is written."""

# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false
# SQLAlchemy's expressions lose their value types in RETURNING and labels.

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, false, select, true, update
from sqlalchemy import func as fn
from sqlalchemy.dialects.postgresql import distinct_on, insert

from crm_domain.definition import ManyToMany, Module, Ref
from crm_domain.definition.kinds import Link
from crm_storage.records.audit import sides
from crm_storage.records.context import Context
from crm_storage.records.reach import ME
from crm_storage.records.statements import IDS, with_audit

LEFT = bindparam("left", type_=Uuid())


async def mirror_primary(
    context: Context, module: Module[Any], field: Link, ids: Sequence[UUID], value: Ref | None
) -> None:
    """After a record's link field was written: makes that record the primary link's partner, and no other one."""
    relation = mirrored(context, module, field)
    if relation is None or not ids:
        return
    await make_way(context, relation, ids, value.id if value else None)
    if value is not None:
        sql = context.remembered(("promote", relation.key), lambda: _promote(context, relation))
        await context.rows(sql, ids=list(ids), left=value.id)


def mirrored(context: Context, module: Module[Any], field: Link) -> ManyToMany | None:
    """The relation whose primary link this field shows, if any."""
    tables = context.registry.tables.values()
    return next(
        (
            table
            for table in tables
            if isinstance(table, ManyToMany) and table.right == module.key and table.mirrors == field.key
        ),
        None,
    )


def _demote(context: Context, relation: ManyToMany) -> Any:
    table = context.tables[relation.key]
    primary = table.c[relation.primary]
    return (
        update(table)
        .where(table.c.right_id == IDS.any_(), primary, table.c.left_id.is_distinct_from(LEFT))
        .values({primary: false()})
        .returning(table.c.right_id)
    )


def _promote(context: Context, relation: ManyToMany) -> Any:
    table = context.tables[relation.key]
    rows = select(LEFT, fn.unnest(IDS), true(), ME)
    statement = insert(table).from_select(["left_id", "right_id", relation.primary, "created_by"], rows)
    return statement.on_conflict_do_update(
        index_elements=["left_id", "right_id"], set_={relation.primary: true()}
    ).returning(table.c.right_id)


async def make_way(context: Context, relation: ManyToMany, rights: Sequence[UUID], left: UUID | None) -> None:
    """Before a link becomes the primary one: the primary links to others are no longer that."""
    sql = context.remembered(("demote", relation.key), lambda: _demote(context, relation))
    await context.rows(sql, ids=list(rights), left=left)


async def settle(context: Context, relation: ManyToMany, rights: Sequence[UUID]) -> None:
    """After links came or went: who has links but no primary one gets his oldest, and the mirroring field follows."""
    if not relation.primary or not rights:
        return
    await context.rows(context.remembered(("elect", relation.key), lambda: _elect(context, relation)), ids=list(rights))
    sql = context.remembered(("follow", relation.key), lambda: _follow(context, relation))
    await context.rows(sql, ids=list(rights), **context.origin())


def _elect(context: Context, relation: ManyToMany) -> Any:
    table = context.tables[relation.key]
    oldest = (
        select(table.c.left_id, table.c.right_id)
        .where(table.c.right_id == IDS.any_())
        .ext(distinct_on(table.c.right_id))
        .order_by(table.c.right_id, table.c[relation.primary].desc().nulls_last(), table.c.created_at)
        .subquery()
    )
    chosen = (table.c.left_id == oldest.c.left_id, table.c.right_id == oldest.c.right_id)
    return (
        update(table)
        .where(*chosen, table.c[relation.primary].is_not(true()))
        .values({relation.primary: true()})
        .returning(table.c.right_id)
    )


def _follow(context: Context, relation: ManyToMany) -> Any:
    links, right = context.tables[relation.key], context.tables[relation.right]
    primary = (
        select(links.c.left_id)
        .where(links.c.right_id == right.c.id, links.c[relation.primary])
        .correlate(right)
        .scalar_subquery()
    )
    mirror = right.c[relation.mirrors]
    changed = (
        update(right)
        .where(right.c.id == IDS.any_(), mirror.is_distinct_from(primary))
        .values(
            {
                mirror: primary,
                right.c.version: right.c.version + 1,
                right.c.modified_at: fn.now(),
                right.c.modified_by: ME,
            }
        )
        .returning(*sides(context.registry[relation.right], right, (relation.mirrors,)))
        .cte("changed")
    )
    return with_audit(context.tables, context.registry[relation.right], changed, "update", (relation.mirrors,))
