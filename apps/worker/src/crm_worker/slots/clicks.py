"""Settling clicks that are no longer provisional: machines are taken out, people are believed."""

from crm_domain.tenancy import Tenant
from crm_storage.tracking.judge import settle
from crm_worker.turns import in_turn
from crm_worker.workshop import Workshop


async def settle_clicks(shop: Workshop) -> None:
    """Every tenant for which work is done."""

    async def settle_tenant(tenant: Tenant) -> None:
        async with shop.database.tenant(tenant.number) as session:
            await settle(session, shop.clock.now())
            await session.commit()

    await in_turn(shop.running(), "clicks.unsettled", settle_tenant)
