"""`email.send`: one letter that somebody wrote, once, whatever is delivered twice (REL-02); `email.copy`: its copy on the server."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from crm_domain.tenancy import Tenant
from crm_storage.files.door import door_of
from crm_storage.letters.copies import Copies
from crm_storage.letters.send import Dispatch, House
from crm_worker.workshop import Workshop


async def send_letter(shop: Workshop, tenant: Tenant, id_: str, payload: Mapping[str, Any]) -> None:
    """The letter itself says whether it still waits, so a second delivery finds nothing to do; one that dies
    on the wire is not tried again, but shown to its writer."""
    await _dispatch(shop, tenant).send(UUID(payload["email"]))


async def copy_letter(shop: Workshop, tenant: Tenant, id_: str, payload: Mapping[str, Any]) -> None:
    """The server is asked whether it has the copy already."""
    copies = Copies(shop.database, shop.door, shop.seals, tenant, _dispatch(shop, tenant))
    await copies.keep(UUID(payload["email"]))


def _dispatch(shop: Workshop, tenant: Tenant) -> Dispatch:
    domain = shop.settings.base_domain
    house = House(shop.relay, domain if "." in domain else "sadra.example", shop.settings.tracker_url, shop.tokens)
    return Dispatch(shop.database, shop.door, shop.seals, door_of(shop.settings), tenant, house)
