"""Looking for news in the feeds of all tenants."""

from functools import partial

import structlog

from crm_domain.records.work import Work
from crm_domain.tenancy import Tenant
from crm_storage.database import Session
from crm_storage.feeds.gather import Feeds
from crm_worker.turns import in_turn
from crm_worker.workshop import Workshop


async def gather_news(shop: Workshop) -> None:
    """Every active tenant."""

    async def gather(tenant: Tenant) -> None:
        feeds = Feeds(shop.database, shop.door, tenant.number, partial(_work, shop, tenant))
        if number := await feeds.gather(shop.clock.now()):
            structlog.get_logger().info("news.gathered", tenant=tenant.number, number=number)

    await in_turn(shop.active(), "news.failed", gather)


async def _work(shop: Workshop, tenant: Tenant, session: Session) -> Work:
    actor = await shop.actor(session, tenant, None)
    assert actor is not None, "the house always acts"
    return await shop.work(session, tenant, actor, "")
