"""Sealing what the audit logs took in, and keeping the heads of their chains outside of the tenants' reach (SEC-52)."""

import structlog

from crm_domain.tenancy import Tenant
from crm_storage.chain.anchor import anchor
from crm_storage.chain.seal import seal
from crm_worker.turns import in_turn
from crm_worker.workshop import Workshop


async def seal_audits(shop: Workshop) -> None:
    """Every tenant that is kept; one that is hard at work just then is sealed the next time."""

    async def seal_audit(tenant: Tenant) -> None:
        if events := await seal(shop.database, tenant.number):
            structlog.get_logger().info("audit.sealed", tenant=tenant.number, events=events)

    await in_turn(shop.kept(), "audit.unsealed", seal_audit)


async def anchor_audits(shop: Workshop) -> None:
    """Every tenant that is kept: a day's anchor is kept once, and told to the log when it is kept."""

    async def anchor_audit(tenant: Tenant) -> None:
        if found := await anchor(shop.database, tenant.number, shop.clock.now()):
            facts = {"tenant": tenant.number, "seal": found.seal, "chain": found.chain.hex()}
            structlog.get_logger().info("audit.anchored", **facts, at=found.at.isoformat())

    await in_turn(shop.kept(), "audit.unanchored", anchor_audit)
