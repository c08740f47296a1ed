"""Looking into the bounce accounts of all tenants."""

from crm_domain.tenancy import Tenant
from crm_storage.bounces.poll import Bounces
from crm_worker.turns import in_turn
from crm_worker.workshop import Workshop


async def read_bounces(shop: Workshop) -> None:
    """Every tenant for which work is done."""
    bounces = Bounces(shop.database, shop.door, shop.tokens, shop.seals)

    async def look(tenant: Tenant) -> None:
        await bounces.look(tenant.number, shop.clock.now())

    await in_turn(shop.running(), "bounces.failed", look)
