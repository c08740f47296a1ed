"""Letters whose way out was cut off: their writers are told."""

import structlog

from crm_storage.letters.way import watch
from crm_worker.workshop import Workshop


async def watch_letters(shop: Workshop) -> None:
    """Every tenant in turn; one tenant's trouble is nobody else's."""
    for tenant in shop.running():
        try:
            async with shop.database.tenant(tenant.number) as session:
                count = await watch(session)
                await session.commit()
        except Exception as error:
            structlog.get_logger().warning("letters.unwatched", tenant=tenant.number, error=type(error).__name__)
            continue
        if count:
            structlog.get_logger().warning("letters.cut_off", tenant=tenant.number, letters=count)
