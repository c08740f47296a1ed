"""The reports that are due, minute by minute: each goes into the hands of everybody it is meant for."""

import structlog

from crm_domain.reports.rhythm import next_due
from crm_domain.tenancy import Tenant
from crm_storage.outbox import put_many
from crm_storage.reports.schedules import MAIL, due_schedules, hand_out
from crm_worker.turns import in_turn
from crm_worker.workshop import Workshop


async def hand_out_reports(shop: Workshop) -> None:
    """Every active company. What is due, its deliveries and the next time are one transaction, so that none is mailed twice or
    forgotten; what was missed while nobody looked goes out once."""

    async def of_company(tenant: Tenant) -> None:
        now = shop.clock.now()
        async with shop.database.tenant(tenant.number) as session:
            due = await due_schedules(session, now)
            if not due:
                return
            house = await shop.actor(session, tenant, None)
            assert house is not None, "the house always acts"
            for one in due:
                ids = await hand_out(session, one, next_due(one.rhythm, now, house.workdays.off))
                await put_many(session, MAIL, [{"delivery": str(id_)} for id_ in ids])
            await session.commit()
        structlog.get_logger().info("reports.due", tenant=tenant.number, schedules=len(due))

    await in_turn(shop.active(), "reports.failed", of_company)
