"""Links of a relation with records of several modules, and the number of them kept on the left record."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from crm_domain.definition import ManyToAny, Module
from crm_storage.records.context import Context

JOIN = """
INSERT INTO "{table}" (left_id, right_id, module, created_by)
SELECT l, r, %(module)s, %(me)s FROM unnest(%(lefts)s::uuid[]) l CROSS JOIN unnest(%(rights)s::uuid[]) r
ON CONFLICT DO NOTHING RETURNING left_id, right_id
"""
LEAVE = """
DELETE FROM "{table}" WHERE left_id = ANY(%(lefts)s) AND right_id = ANY(%(rights)s) RETURNING left_id, right_id
"""
LEAVE_ALL = 'DELETE FROM "{table}" WHERE right_id = ANY(%(rights)s) RETURNING left_id, right_id'
COUNTED = """
changed AS ({statement}), counted AS (
  UPDATE "{left}" t SET "{counter}" = coalesce(t."{counter}", 0) {sign} c.number
  FROM (SELECT left_id, count(*) AS number FROM changed GROUP BY left_id) c WHERE t.id = c.left_id RETURNING t.id
)
"""
Pairs = list[tuple[UUID, UUID]]


async def join(context: Context, table: ManyToAny, module: str, lefts: Sequence[UUID], rights: Sequence[UUID]) -> Pairs:
    """Links each left record with each right one of that module; the links that are new."""
    facts = {"module": module, "me": context.access.user, "lefts": list(lefts), "rights": list(rights)}
    return await _run(context, counted(table, JOIN, "+"), facts)


async def leave(context: Context, table: ManyToAny, lefts: Sequence[UUID], rights: Sequence[UUID]) -> Pairs:
    """Takes links away; those there were."""
    return await _run(context, counted(table, LEAVE, "-"), {"lefts": list(lefts), "rights": list(rights)})


async def leave_all(context: Context, module: Module[Any], ids: Sequence[UUID]) -> None:
    """Takes every link of records that are gone for good."""
    for table in context.registry.tables.values():
        if isinstance(table, ManyToAny) and module.key in table.rights:
            await _run(context, counted(table, LEAVE_ALL, "-"), {"rights": list(ids)})


def counted(table: ManyToAny, statement: str, sign: str) -> str:
    """The part `changed` of a statement that makes or takes links, with the number on the left kept right by the same one."""
    links = statement.format(table=table.key)
    if not table.counter:
        return f"changed AS ({links})"
    return COUNTED.format(statement=links, left=table.left, counter=table.counter, sign=sign)


async def _run(context: Context, changed: str, facts: dict[str, Any]) -> Pairs:
    found = await context.session.rows(f"WITH {changed} SELECT left_id, right_id FROM changed", facts)
    return [(left, right) for left, right in found]
