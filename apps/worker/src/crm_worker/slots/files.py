"""Sweeping away the files that no record holds."""

import structlog

from crm_domain.tenancy import Tenant
from crm_storage.files.door import door_of
from crm_storage.files.sweep import sweep
from crm_worker.turns import in_turn
from crm_worker.workshop import Workshop


async def sweep_files(shop: Workshop) -> None:
    """Every tenant that is kept."""
    door = door_of(shop.settings)

    async def sweep_tenant(tenant: Tenant) -> None:
        if gone := await sweep(shop.database, door, tenant.number):
            structlog.get_logger().info("files.swept", tenant=tenant.number, number=gone)

    await in_turn(shop.kept(), "files.unswept", sweep_tenant)
