"""A request that arrives twice is carried out once: the second one gets the first one's answer."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from crm_web.visit import Visit

HEADER = "idempotency-key"
MOST = 200
CLAIM = """
INSERT INTO idempotency (key, user_id) VALUES (%(key)s, %(user)s) ON CONFLICT (key) DO NOTHING RETURNING key
"""
ANSWER = "SELECT answer FROM idempotency WHERE key = %(key)s AND user_id = %(user)s"
KEEP = "UPDATE idempotency SET answer = %(answer)s::jsonb WHERE key = %(key)s"


async def once(visit: Visit, make: Callable[[], Awaitable[Any]]) -> Any:
    """The result of `make`, or the one it gave when the request first came. Bound to the user and the address."""
    given = visit.request.headers.get(HEADER, "")[:MOST]
    if not given:
        return await make()
    facts = {"key": f"{visit.access.user}:{visit.request.url.path}:{given}", "user": visit.access.user}
    if not await visit.session.rows(CLAIM, facts):
        row = await visit.session.one(ANSWER, facts)
        return row[0] if row else None
    result = await make()
    await visit.session.execute(KEEP, {**facts, "answer": msgspec.json.encode(result).decode()})
    return result
