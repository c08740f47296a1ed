"""The reminders that have come due, minute by minute."""

from crm_domain.modules import REGISTRY
from crm_storage.notices import wake
from crm_storage.reminders import remind as remind_tenant
from crm_worker.workshop import Workshop

ANSWERING = ("active",)


async def remind(shop: Workshop) -> None:
    """Every company at work; what was sent is noted with it, so a second run reminds nobody twice."""
    for tenant in shop.directory.all():
        if tenant.state not in ANSWERING:
            continue
        async with shop.database.tenant(tenant.number) as session:
            told = await remind_tenant(session, REGISTRY)
            if await wake(session) or told:
                await session.commit()
