"""Settling clicks that are no longer provisional: machines are taken out, people are believed."""

import structlog

from crm_storage.tracking.judge import settle
from crm_worker.workshop import Workshop


async def settle_clicks(shop: Workshop) -> None:
    """Every tenant in turn; one tenant's trouble is nobody else's."""
    for tenant in shop.running():
        try:
            async with shop.database.tenant(tenant.number) as session:
                await settle(session, shop.clock.now())
                await session.commit()
        except Exception as error:
            structlog.get_logger().warning("clicks.unsettled", tenant=tenant.number, error=type(error).__name__)
