"""How many records a tenant has, asked before each new one: estimated while there is room, counted near the limit."""

from crm_storage.records.context import Context

ESTIMATE = """
SELECT coalesce(sum(greatest(reltuples, 0)), 0)::bigint FROM pg_class
WHERE relnamespace = current_schema()::regnamespace AND relname = ANY(%(tables)s)
"""
COUNTED = 'SELECT count(*) FROM "{}" WHERE deleted_at IS NULL'
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
