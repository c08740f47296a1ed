"""Going through the tenants one after the other: one tenant's trouble is nobody else's."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

import structlog

from crm_domain.tenancy import Tenant

LIMIT_S = 900.0
"""A tenant's turn that has not ended after so long hangs, and counts as one that failed."""


class Unfinished(Exception):
    """Some tenants' turns failed; what is done by the clock is then tried again while its time lasts."""


async def in_turn(tenants: Iterable[Tenant], event: str, do: Callable[[Tenant], Awaitable[None]]) -> None:
    """Every tenant has its turn. A failure is told to the log as `event`; raises Unfinished at the end if there was one."""
    failed: list[int] = []
    for tenant in tenants:
        try:
            async with asyncio.timeout(LIMIT_S):
                await do(tenant)
        except Exception as error:
            structlog.get_logger().warning(event, tenant=tenant.number, error=type(error).__name__)
            failed.append(tenant.number)
    if failed:
        raise Unfinished(f"{event}: {failed}")
