"""`tracking.links`: tells the trackers where the links of a mailing lead, before its first mail is read."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from crm_domain.tenancy import Tenant
from crm_storage.bus.tracking import connected, publish_links
from crm_storage.tracking.links import locations
from crm_worker.workshop import Workshop


async def tell_links(shop: Workshop, tenant: Tenant, id_: str, payload: Mapping[str, Any]) -> None:
    """Told twice is told once: the bus keeps the last word on each mailing."""
    async with shop.database.tenant(tenant.number) as session:
        found = await locations(session, UUID(payload["marketing"]), UUID(payload["version"]))
    if found:
        async with connected(shop.settings.nats_url, shop.settings.nats_replicas) as client:
            await publish_links(client, tenant.number, min(found), found)
