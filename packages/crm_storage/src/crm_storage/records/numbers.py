"""Series of numbers without gaps: a row for each, locked by whoever takes the next one until his transaction ends."""

from crm_storage.records.context import Context

NEXT = """
INSERT INTO number_series (key, value) VALUES (%(key)s, 1)
ON CONFLICT (key) DO UPDATE SET value = number_series.value + 1 RETURNING value
"""


async def next_number(context: Context, series: str) -> int:
    """The next number of the series, from 1."""
    [(value,)] = await context.session.rows(NEXT, {"key": series})
    return value
