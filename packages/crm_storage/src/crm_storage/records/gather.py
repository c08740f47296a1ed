"""Many records into a list by one statement: rights, filter and counter are part of it, and no id leaves the database."""

# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false
# SQLAlchemy's expressions lose their value types in RETURNING and labels.

from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, column, select, table

from crm_domain.definition import ManyToAny, Relation
from crm_domain.query.filter import EVERYTHING
from crm_domain.records.gather import Choice, Gathered
from crm_storage.records.context import Context
from crm_storage.records.memberships import counted
from crm_storage.records.reach import reach
from crm_storage.records.reads import shape_of
from crm_storage.records.shape import Values, shape
from crm_storage.records.sql import Sql

JOIN = """
INSERT INTO "{table}" (left_id, right_id, module, created_by)
SELECT %(list)s, m.id, %(module)s, %(me)s FROM ({members}) m ON CONFLICT DO NOTHING RETURNING left_id, right_id
"""
LEAVE = """
DELETE FROM "{table}" t WHERE t.left_id = %(list)s AND t.module = %(module)s
  AND NOT EXISTS (SELECT FROM found f WHERE f.id = t.right_id) RETURNING left_id, right_id
"""
COUNT = """
WITH found AS MATERIALIZED ({found}), {changed}
SELECT (SELECT count(*) FROM found), (SELECT id FROM found ORDER BY id DESC LIMIT 1), (SELECT count(*) FROM changed)
"""
FOUND = table("found", column("id", Uuid()))


async def gather(
    context: Context, relation: Relation, owner: UUID, choice: Choice, *, after: UUID | None, limit: int
) -> Gathered:
    """One stretch of the chosen records, and with `along` those that go with them."""
    links, found, facts = _found(context, relation, owner, choice)
    facts |= {"after": after, "limit": limit}
    chosen = Sql(_statement(links, found.text, "SELECT id FROM found"), found.constants)
    [(seen, last, added)] = await context.rows(chosen, **facts, module=relation.target)
    if choice.along and relation.target in links.along:
        along = context.registry.relations(relation.target)[links.along[relation.target]]
        members = context.remembered(
            ("along", along.module, along.key, context.access.scope(along.target, "list")),
            lambda: _along(context, along),
        )
        beside = Sql(_statement(links, found.text, members.text), {**found.constants, **members.constants})
        [(_, _, more)] = await context.rows(beside, **facts, module=along.target)
        added += more
    return Gathered(seen, added, last)


async def keep_only(context: Context, relation: Relation, owner: UUID, choice: Choice) -> int:
    """Takes out of the list every record of the module that the choice does not find; how many."""
    links, found, facts = _found(context, relation, owner, choice)
    leaving = Sql(COUNT.format(found=found.text, changed=counted(links, LEAVE, "-")), found.constants)
    [(_, _, gone)] = await context.rows(leaving, **facts, after=None, limit=None, module=relation.target)
    return gone


def _found(context: Context, relation: Relation, owner: UUID, choice: Choice) -> tuple[ManyToAny, Sql, dict[str, Any]]:
    """The statement of the chosen ids, and its values."""
    links = relation.table
    assert isinstance(links, ManyToAny)
    values = Values()
    wanted = shape_of(
        context,
        context.registry[relation.target],
        columns=(),
        filter=shape(
            choice.filter if choice.ids is None else EVERYTHING, values, context.access.hidden(relation.target)
        ),
        sort=(),
        action="list",
        by_ids=choice.ids is not None,
    )
    found = context.schema.selector.ids(wanted)
    return links, found, {**values.params, "list": owner, "ids": list(choice.ids or ())}


def _statement(links: ManyToAny, found: str, members: str) -> str:
    return COUNT.format(found=found, changed=counted(links, JOIN.replace("{members}", members), "+"))


def _along(context: Context, relation: Relation) -> Any:
    """What hangs on the records found, by a relation with a table of its own, within the actor's reach."""
    assert relation.table is not None
    target, links = context.tables[relation.target], context.tables[relation.table.key]
    mine, other = (links.c.left_id, links.c.right_id) if relation.left else (links.c.right_id, links.c.left_id)
    hanging = select(other).where(mine.in_(select(FOUND.c.id)))
    scope = context.access.scope(relation.target, "list")
    return select(target.c.id).where(target.c.id.in_(hanging), target.c.deleted_at.is_(None), reach(scope, target))
