"""The reminders that have come due, minute by minute."""

from crm_domain.modules import REGISTRY
from crm_domain.tenancy import Tenant
from crm_storage.notices import wake
from crm_storage.reminders import remind as remind_tenant
from crm_worker.turns import in_turn
from crm_worker.workshop import Workshop


async def remind(shop: Workshop) -> None:
    """Every active company; what was sent is noted with it, so a second run reminds nobody twice."""

    async def remind_company(tenant: Tenant) -> None:
        async with shop.database.tenant(tenant.number) as session:
            told = await remind_tenant(session, REGISTRY)
            if await wake(session) or told:
                await session.commit()

    await in_turn(shop.active(), "remind.failed", remind_company)
