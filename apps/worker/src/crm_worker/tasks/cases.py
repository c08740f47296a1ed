"""`cases.tell`: the letter that tells a customer of his case, once, whatever is delivered twice (REL-02)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from crm_domain.modules.cases.tell import tell_customer
from crm_domain.tenancy import Tenant
from crm_storage.letters.about import case_mailbox, case_people
from crm_storage.once import claim
from crm_worker.workshop import Workshop


async def tell_of_case(shop: Workshop, tenant: Tenant, id_: str, payload: Mapping[str, Any]) -> None:
    """The letter and the note that it was written last together or not at all."""
    async with shop.database.tenant(tenant.number) as session:
        if not await claim(session, f"case:{id_}"):
            return
        house = await shop.actor(session, tenant, None)
        assert house is not None, "the house always acts"
        work = await shop.work(session, tenant, house, id_)
        case = UUID(payload["case"])
        mailbox, _ = await case_mailbox(session, case)
        address, sender = await case_people(session, case)
        await tell_customer(work, payload, mailbox=mailbox, sender=sender, address=address)
        await session.commit()
