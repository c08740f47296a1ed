"""Sealing what the audit logs took in, and keeping the heads of their chains outside of the tenants' reach (SEC-52)."""

import structlog

from crm_storage.chain.anchor import anchor
from crm_storage.chain.seal import seal
from crm_worker.workshop import Workshop


async def seal_audits(shop: Workshop) -> None:
    """Every tenant that is not deleted, in turn; one that is hard at work just then is sealed the next time."""
    for tenant in shop.directory.all():
        if tenant.state == "deleted":
            continue
        try:
            events = await seal(shop.database, tenant.number)
        except Exception as error:
            structlog.get_logger().warning("audit.unsealed", tenant=tenant.number, error=type(error).__name__)
            continue
        if events:
            structlog.get_logger().info("audit.sealed", tenant=tenant.number, events=events)


async def anchor_audits(shop: Workshop) -> None:
    """Every tenant that is not deleted: a day's anchor is kept once, and told to the log when it is kept."""
    for tenant in shop.directory.all():
        if tenant.state == "deleted":
            continue
        if found := await anchor(shop.database, tenant.number, shop.clock.now()):
            facts = {"tenant": tenant.number, "seal": found.seal, "chain": found.chain.hex()}
            structlog.get_logger().info("audit.anchored", **facts, at=found.at.isoformat())
