"""What a tenant has, all modules together: how many records (estimated while there is room, counted near the limit), and
which ids."""

from collections.abc import Sequence, Set
from uuid import UUID

from crm_storage.records.context import Context

ESTIMATE = """
SELECT coalesce(sum(greatest(reltuples, 0)), 0)::bigint FROM pg_class
WHERE relnamespace = current_schema()::regnamespace AND relname = ANY(%(tables)s)
"""
COUNTED = 'SELECT count(*) FROM "{}" WHERE deleted_at IS NULL'
TAKEN = 'SELECT id FROM "{}" WHERE id = ANY(%(ids)s)'
NEAR = 0.8
"""From this part of the limit on, the planner's estimate is not good enough."""
FEW = 5_000
"""Below so many the planner may not have looked yet, and counting costs nothing."""


async def holds(context: Context, most: int) -> bool:
    """Whether there are so many live records or more."""
    tables = list(context.registry.modules)
    if most > FEW:
        [(estimate,)] = await context.session.rows(ESTIMATE, {"tables": tables})
        if estimate < most * NEAR:
            return False
    counts = " UNION ALL ".join(COUNTED.format(table) for table in tables)
    [(number,)] = await context.session.rows(f"SELECT sum(count) FROM ({counts}) AS counted", {})
    return number >= most


async def taken(context: Context, ids: Sequence[UUID]) -> Set[UUID]:
    """Those of these ids that some record has, of whatever module and whoever may see it, in the trash or not."""
    parts = " UNION ALL ".join(TAKEN.format(table) for table in context.registry.modules)
    return {id_ for (id_,) in await context.session.rows(parts, {"ids": list(ids)})}
