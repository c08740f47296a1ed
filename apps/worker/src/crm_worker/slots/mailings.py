"""Mailings that have waited a day for somebody's decision: their people are told."""

import structlog

from crm_storage.sending.waiting import tell_waiting
from crm_worker.workshop import Workshop


async def watch_mailings(shop: Workshop) -> None:
    """Every tenant in turn; one tenant's trouble is nobody else's."""
    for tenant in shop.running():
        try:
            async with shop.database.tenant(tenant.number) as session:
                await tell_waiting(session)
                await session.commit()
        except Exception as error:
            structlog.get_logger().warning("mailings.unwatched", tenant=tenant.number, error=type(error).__name__)
