"""Sweeping away the files that no record holds."""

import structlog

from crm_storage.files.door import door_of
from crm_storage.files.sweep import sweep
from crm_worker.workshop import Workshop


async def sweep_files(shop: Workshop) -> None:
    """Every tenant in turn."""
    door = door_of(shop.settings)
    for tenant in shop.directory.all():
        if tenant.state != "deleted" and (gone := await sweep(shop.database, door, tenant.number)):
            structlog.get_logger().info("files.swept", tenant=tenant.number, number=gone)
