"""What hangs on records that become one: links, relations, campaign responses and stars move to the one that stays."""

# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false
# SQLAlchemy's expressions lose their value types in RETURNING and labels.

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, case, func, literal, null, update

from crm_domain.definition import ManyToAny, ManyToMany, Module, RelationTable, kinds
from crm_storage.columns import columns_of
from crm_storage.records.audit import sides
from crm_storage.records.context import Context
from crm_storage.records.mirror import settle
from crm_storage.records.reach import ME
from crm_storage.records.statements import IDS, with_audit

KEEP = bindparam("keep", type_=Uuid())
MOVED = """
WITH gone AS (
  DELETE FROM "{table}" WHERE {end}_id = ANY(%(ids)s){only} RETURNING *
)
INSERT INTO "{table}" ({columns})
SELECT DISTINCT ON ({other}_id) {values} FROM gone WHERE {other}_id <> %(keep)s ORDER BY {other}_id, created_at
ON CONFLICT DO NOTHING RETURNING {other}_id
"""
RECOUNTED = """
UPDATE "{left}" t SET "{counter}" = (SELECT count(*) FROM "{table}" m WHERE m.left_id = t.id) WHERE t.id = ANY(%(lefts)s)
"""
RESPONSES = (
    "UPDATE campaign_log SET record_id = %(keep)s WHERE module = %(module)s AND record_id = ANY(%(ids)s)",
    "UPDATE email_queue SET record_id = %(keep)s WHERE module = %(module)s AND record_id = ANY(%(ids)s)",
)
"""What a person got by mail, and what he did with it."""
SHELVES = (
    """
WITH gone AS (DELETE FROM favourite WHERE record_id = ANY(%(ids)s) RETURNING user_id, module, created_at)
INSERT INTO favourite (user_id, record_id, module, created_at)
SELECT DISTINCT ON (user_id) user_id, %(keep)s, module, created_at FROM gone ORDER BY user_id, created_at DESC
ON CONFLICT DO NOTHING
""",
    """
WITH gone AS (DELETE FROM follow WHERE record_id = ANY(%(ids)s) RETURNING user_id, module)
INSERT INTO follow (user_id, record_id, module) SELECT DISTINCT user_id, %(keep)s::uuid, module FROM gone
ON CONFLICT DO NOTHING
""",
    "DELETE FROM recent_item WHERE record_id = ANY(%(ids)s)",
)
NAMED = "UPDATE removal SET merged_into = %(keep)s WHERE id = %(removal)s"
INTO = "SELECT r.merged_into FROM {table} t JOIN removal r ON r.id = t.removal WHERE t.id = %(id)s"


async def move(context: Context, module: Module[Any], keep: UUID, ids: Sequence[UUID]) -> Mapping[str, int]:
    """Moves everything that hangs on `ids` to `keep`; how many of each module or relation. The caller has checked rights."""
    moved: dict[str, int] = {}
    for table, left in _ends(context, module):
        number = await _move_links(context, module, table, keep, ids, left=left)
        moved[table.key] = moved.get(table.key, 0) + number
    for other, field in _pointing(context, module):
        moved[other.key] = moved.get(other.key, 0) + await _repoint(context, module, other, field, keep, ids)
    facts = {"keep": keep, "ids": list(ids), "module": module.key}
    moved["responses"] = sum([await context.session.execute(statement, facts) for statement in RESPONSES])
    for statement in SHELVES:
        await context.session.execute(statement, facts)
    return {key: number for key, number in moved.items() if number}


async def name_survivor(context: Context, removal: UUID, keep: UUID) -> None:
    """Says of a removal that it was a merge, and into which record."""
    await context.session.execute(NAMED, {"removal": removal, "keep": keep})


async def merged_into(context: Context, module: Module[Any], id_: UUID) -> UUID | None:
    """Where a record in the trash went, if a merge took it there."""
    found = await context.session.rows(INTO.format(table=f'"{module.key}"'), {"id": id_})
    return found[0][0] if found else None


def _ends(context: Context, module: Module[Any]) -> Iterator[tuple[RelationTable, bool]]:
    """The tables the module stands in, and whether as the left end."""
    for table in context.registry.tables.values():
        if table.left == module.key:
            yield table, True
        if module.key in (table.rights if isinstance(table, ManyToAny) else (table.right,)):
            yield table, False


async def _move_links(
    context: Context, module: Module[Any], table: RelationTable, keep: UUID, ids: Sequence[UUID], *, left: bool
) -> int:
    """One end of a relation's links; a link that the survivor has already is not made twice."""
    end, other = ("left", "right") if left else ("right", "left")
    own = [column.name for field in table.kinds() for column in columns_of(field, table.key)]
    plain = [*(["module"] if isinstance(table, ManyToAny) else []), *own, "created_at", "created_by"]
    primary = "" if left else table.primary
    values = [f"%(keep)s, {other}_id", *("NULL" if name == primary else f'"{name}"' for name in plain)]
    sql = MOVED.format(
        table=table.key,
        end=end,
        other=other,
        only=" AND module = %(module)s" if isinstance(table, ManyToAny) and not left else "",
        columns=", ".join([f"{end}_id, {other}_id", *(f'"{name}"' for name in plain)]),
        values=", ".join(values),
    )
    found = await context.session.rows(sql, {"ids": list(ids), "keep": keep, "module": module.key})
    others = [row[0] for row in found]
    if isinstance(table, ManyToMany):
        await settle(context, table, others if left else [keep])
    elif table.counter:
        recounted = RECOUNTED.format(left=table.left, counter=table.counter, table=table.key)
        await context.session.execute(recounted, {"lefts": [keep] if left else others})
        if not left:
            await _recount_doubled(context, table, keep)
    return len(others)


async def _recount_doubled(context: Context, table: ManyToAny, keep: UUID) -> None:
    """Lists that held both count one less than before."""
    lefts = await context.session.rows(f'SELECT left_id FROM "{table.key}" WHERE right_id = %(keep)s', {"keep": keep})
    recounted = RECOUNTED.format(left=table.left, counter=table.counter, table=table.key)
    await context.session.execute(recounted, {"lefts": [row[0] for row in lefts]})


def _pointing(context: Context, module: Module[Any]) -> Iterator[tuple[Module[Any], kinds.Link | kinds.AnyLink]]:
    """The fields of all modules that may point at a record of this one."""
    for other in context.registry.modules.values():
        for field in other.fields:
            match field:
                case kinds.Link(target=target) if target == module.key:
                    yield other, field
                case kinds.AnyLink(targets=targets) if module.key in targets:
                    yield other, field
                case _:
                    continue


async def _repoint(
    context: Context,
    module: Module[Any],
    other: Module[Any],
    field: kinds.Link | kinds.AnyLink,
    keep: UUID,
    ids: Sequence[UUID],
) -> int:
    """Records that pointed at one of `ids` point at the survivor, which itself points at nothing instead."""
    sql = context.remembered(
        ("repoint", module.key, other.key, field.key), lambda: _repoint_statement(context, module, other, field)
    )
    return len(await context.rows(sql, ids=list(ids), keep=keep, **context.origin()))


def _repoint_statement(
    context: Context, module: Module[Any], other: Module[Any], field: kinds.Link | kinds.AnyLink
) -> Any:
    table = context.tables[other.key]
    flexible = isinstance(field, kinds.AnyLink)
    column = table.c[f"{field.key}_id" if flexible else field.key]
    which = [column == IDS.any_(), *([table.c[f"{field.key}_module"] == literal(module.key)] if flexible else [])]
    changed = (
        update(table)
        .where(*which)
        .values(
            {
                column: case((table.c.id == KEEP, null()), else_=KEEP),
                table.c.version: table.c.version + 1,
                table.c.modified_at: func.now(),
                table.c.modified_by: ME,
            }
        )
        .returning(*sides(other, table, (column.name,)))
        .cte("changed")
    )
    return with_audit(context.tables, other, changed, "update", (column.name,))
