"""Marking what has run out, in each company's own zone."""

import structlog

from crm_domain.records.expiry import expire as expire_module
from crm_domain.tenancy import Tenant
from crm_worker.turns import in_turn
from crm_worker.workshop import Workshop


async def expire(shop: Workshop) -> None:
    """Every active tenant; the house acts."""

    async def expire_tenant(tenant: Tenant) -> None:
        async with shop.database.tenant(tenant.number) as session:
            actor = await shop.actor(session, tenant, None)
            assert actor is not None, "the house always acts"
            work = await shop.work(session, tenant, actor, "")
            today = work.now().astimezone(work.locale.zone).date()
            number = sum([await expire_module(work, module, today) for module in work.registry.modules.values()])
            await work.store.commit()
        if number:
            structlog.get_logger().info("records.expired", tenant=tenant.number, number=number)

    await in_turn(shop.active(), "records.unexpired", expire_tenant)
