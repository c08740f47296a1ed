"""Letters whose way out was cut off: their writers are told."""

import structlog

from crm_domain.tenancy import Tenant
from crm_storage.letters.way import watch
from crm_worker.turns import in_turn
from crm_worker.workshop import Workshop


async def watch_letters(shop: Workshop) -> None:
    """Every tenant for which work is done."""

    async def watch_tenant(tenant: Tenant) -> None:
        async with shop.database.tenant(tenant.number) as session:
            count = await watch(session)
            await session.commit()
        if count:
            structlog.get_logger().warning("letters.cut_off", tenant=tenant.number, letters=count)

    await in_turn(shop.running(), "letters.unwatched", watch_tenant)
