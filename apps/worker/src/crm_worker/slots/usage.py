"""The daily measure of what each tenant uses of its plan, and word to those who have used most of it."""

from crm_domain.modules import REGISTRY
from crm_domain.tenancy import Tenant
from crm_storage.tenants.usage import keep_usage, measure, warn
from crm_worker.turns import in_turn
from crm_worker.workshop import Workshop


async def measure_usage(shop: Workshop) -> None:
    """Every tenant that is kept; a second run of the day replaces the first one's figures."""

    async def measure_tenant(tenant: Tenant) -> None:
        usage = await measure(shop.database, REGISTRY, tenant.number)
        await keep_usage(shop.database, tenant.number, usage, shop.clock.now())
        async with shop.database.tenant(tenant.number) as session:
            await warn(session, tenant, usage)
            await session.commit()

    await in_turn(shop.kept(), "usage.unmeasured", measure_tenant)
