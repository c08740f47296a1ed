"""Looking into the bounce accounts of all tenants."""

import structlog

from crm_storage.bounces.poll import Bounces
from crm_worker.workshop import Workshop


async def read_bounces(shop: Workshop) -> None:
    """Every tenant in turn; one tenant's trouble is nobody else's."""
    bounces = Bounces(shop.database, shop.door, shop.tokens, shop.seals)
    for tenant in shop.running():
        try:
            await bounces.look(tenant.number, shop.clock.now())
        except Exception as error:
            structlog.get_logger().warning("bounces.failed", tenant=tenant.number, error=type(error).__name__)
