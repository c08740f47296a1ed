"""The daily measure of what each tenant uses of its plan."""

from crm_domain.modules import REGISTRY
from crm_storage.tenants.usage import keep_usage, measure
from crm_worker.workshop import Workshop


async def measure_usage(shop: Workshop) -> None:
    """Every tenant that is not deleted; a second run of the day replaces the first one's figures."""
    for tenant in shop.directory.all():
        if tenant.state != "deleted":
            usage = await measure(shop.database, REGISTRY, tenant.number)
            await keep_usage(shop.database, tenant.number, usage, shop.clock.now())
