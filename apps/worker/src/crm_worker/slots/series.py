"""Making the occurrences of repeated events that have come within the horizon."""

import structlog

from crm_domain.modules.activities.series import behind, top_up
from crm_domain.records.work import Work
from crm_domain.tenancy import Tenant
from crm_storage.database import Session
from crm_worker.turns import in_turn
from crm_worker.workshop import Workshop


async def extend_series(shop: Workshop) -> None:
    """Every active tenant; the house acts, in the zone and calendar of whoever planned the series."""

    async def extend(tenant: Tenant) -> None:
        async with shop.database.tenant(tenant.number) as session:
            number = await extend_tenant(shop, session, tenant)
            await session.commit()
        if number:
            structlog.get_logger().info("series.extended", tenant=tenant.number, number=number)

    await in_turn(shop.active(), "series.unextended", extend)


async def extend_tenant(shop: Workshop, session: Session, tenant: Tenant) -> int:
    """How many occurrences were made. The caller commits."""
    house = await shop.actor(session, tenant, None)
    assert house is not None, "the house always acts"
    work = await shop.work(session, tenant, house, "")
    number = 0
    for module in work.registry.modules.values():
        if not (module.schedule and module.schedule.series):
            continue
        for row in await behind(work, module):
            planner = await shop.actor(session, tenant, row["created_by"].id) if row["created_by"] else None
            locale = (planner or house).locale
            theirs = Work(work.store, work.registry, work.clock, locale, work.base_currency, work.quotas, work.workdays)
            number += await top_up(theirs, module, row.id)
    return number
