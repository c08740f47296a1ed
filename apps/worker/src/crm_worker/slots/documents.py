"""Marking the documents whose day has passed, in each company's own zone."""

import structlog

from crm_domain.modules.documents.expire import expire_documents
from crm_worker.workshop import Workshop


async def expire(shop: Workshop) -> None:
    """Every tenant that is at work, in turn; the house acts."""
    for tenant in shop.directory.all():
        if tenant.state != "active":
            continue
        async with shop.database.tenant(tenant.number) as session:
            actor = await shop.actor(session, tenant, None)
            assert actor is not None, "the house always acts"
            work = await shop.work(session, tenant, actor, "")
            number = await expire_documents(work, work.now().astimezone(work.locale.zone).date())
            await work.store.commit()
        if number:
            structlog.get_logger().info("documents.expired", tenant=tenant.number, number=number)
