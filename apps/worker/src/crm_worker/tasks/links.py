"""`tracking.links`: tells the trackers where the links of a mailing lead, before its first mail is read; `tracking.public`: where
a public link leads now."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from crm_domain.tenancy import Tenant
from crm_storage.bus.tracking import connected, publish_links
from crm_storage.tracking.links import link_location, locations, public_number
from crm_worker.workshop import Workshop


async def tell_links(shop: Workshop, tenant: Tenant, id_: str, payload: Mapping[str, Any]) -> None:
    """Told twice is told once: the bus keeps the last word on each mailing."""
    async with shop.database.tenant(tenant.number) as session:
        found = await locations(session, UUID(payload["marketing"]), UUID(payload["version"]))
    if found:
        async with connected(shop.settings.nats_url, shop.settings.nats_replicas) as client:
            await publish_links(client, tenant.number, min(found), found)


async def tell_public_link(shop: Workshop, tenant: Tenant, id_: str, payload: Mapping[str, Any]) -> None:
    """Without a new address the trackers keep the one they have: nobody comes to nothing."""
    async with shop.database.tenant(tenant.number) as session:
        number = await public_number(session, UUID(payload["tracker_url"]))
        found = await link_location(session, number) if number else b""
    if number and found:
        async with connected(shop.settings.nats_url, shop.settings.nats_replicas) as client:
            await publish_links(client, tenant.number, number, {number: found})
