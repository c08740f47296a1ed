"""A link field that mirrors the primary link of a many-to-many relation: both are kept in step, whichever side is written."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, false, select, true, update
from sqlalchemy import func as fn
from sqlalchemy.dialects.postgresql import insert

from crm_domain.definition import ManyToMany, Module, Ref
from crm_domain.definition.kinds import Link
from crm_storage.records.compile import ME
from crm_storage.records.context import Context
from crm_storage.records.statements import IDS

LEFT = bindparam("left", type_=Uuid())


async def mirror_primary(context: Context, module: Module[Any], field: Link, ids: Sequence[UUID], value: Ref | None) -> None:
    """After a record's link field was written: makes that record the primary link's partner, and no other one."""
    relation = mirrored(context, module, field)
    if relation is None or not ids:
        return
    await context.rows(context.remembered(("demote", relation.key), lambda: _demote(context, relation)), ids=list(ids), left=value.id if value else None)
    if value is not None:
        await context.rows(context.remembered(("promote", relation.key), lambda: _promote(context, relation)), ids=list(ids), left=value.id)


def mirrored(context: Context, module: Module[Any], field: Link) -> ManyToMany | None:
    """The relation whose primary link this field shows, if any."""
    tables = context.registry.tables.values()
    return next((table for table in tables if table.right == module.key and table.mirrors == field.key), None)


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
