"""Reading the mailboxes of all tenants."""

from functools import partial

from crm_domain.records.work import Work
from crm_domain.tenancy import Tenant
from crm_storage.database import Session
from crm_storage.files.door import door_of
from crm_storage.letters.read import Mailboxes
from crm_worker.turns import in_turn
from crm_worker.workshop import Workshop


async def read_mailboxes(shop: Workshop) -> None:
    """Every tenant for which work is done."""

    async def look(tenant: Tenant) -> None:
        await mailboxes_of(shop, tenant).look(shop.clock.now())

    await in_turn(shop.active(), "mailboxes.failed", look)


def mailboxes_of(shop: Workshop, tenant: Tenant) -> Mailboxes:
    """A tenant's mailboxes, whose letters the house takes in."""
    files = door_of(shop.settings)
    return Mailboxes(shop.database, shop.door, shop.seals, shop.keys, files, tenant, partial(_house, shop, tenant))


async def _house(shop: Workshop, tenant: Tenant, session: Session) -> Work:
    actor = await shop.actor(session, tenant, None)
    assert actor is not None, "the house always acts"
    return await shop.work(session, tenant, actor, "", "mail")
