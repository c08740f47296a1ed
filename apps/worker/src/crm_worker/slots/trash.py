"""Clearing what has lain in the trash for longer than the company wants it kept."""

import structlog

from crm_domain.records.keeping import clear_trash
from crm_storage.people.keeping import keeping
from crm_worker.workshop import Workshop


async def clear_trashes(shop: Workshop) -> None:
    """Every tenant that is at work, in turn; the house acts."""
    for tenant in shop.directory.all():
        if tenant.state != "active":
            continue
        async with shop.database.tenant(tenant.number) as session:
            actor = await shop.actor(session, tenant, None)
            assert actor is not None, "the house always acts"
            work = await shop.work(session, tenant, actor, "")
            days = (await keeping(session)).trash_days
            number = sum([await clear_trash(work, module, days) for module in work.registry.modules.values()])
        if number:
            structlog.get_logger().info("trash.cleared", tenant=tenant.number, number=number)
