"""Throwing away what has served its time."""

import structlog

from crm_domain.tenancy import Tenant
from crm_storage.outlived import outlived, throw_away
from crm_worker.turns import in_turn
from crm_worker.workshop import Workshop


async def prune(shop: Workshop) -> None:
    """Every tenant in turn: one look at all of it, then each table that holds something old in a transaction of its own."""

    async def prune_tenant(tenant: Tenant) -> None:
        async with shop.database.tenant(tenant.number) as session:
            names = await outlived(session)
        for name in names:
            async with shop.database.tenant(tenant.number) as session:
                count = await throw_away(session, name)
                await session.commit()
            structlog.get_logger().info("pruned", tenant=tenant.number, table=name, rows=count)

    await in_turn(shop.kept(), "unpruned", prune_tenant)
