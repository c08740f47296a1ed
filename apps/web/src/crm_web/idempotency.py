"""A request that arrives twice is carried out once: the second one gets the first one's answer."""

from collections.abc import Awaitable, Callable
from typing import Any

from crm_storage.once import answer, answered, claim
from crm_web.visit import Visit

HEADER = "idempotency-key"
MOST = 200


async def once(visit: Visit, make: Callable[[], Awaitable[Any]]) -> Any:
    """The result of `make`, or the one it gave when the request first came. Bound to the user and the address."""
    given = visit.request.headers.get(HEADER, "")[:MOST]
    if not given:
        return await make()
    key = f"{visit.access.user}:{visit.request.url.path}:{given}"
    if not await claim(visit.session, key, visit.access.user):
        return await answered(visit.session, key, visit.access.user)
    result = await make()
    await answer(visit.session, key, result)
    return result
