"""`record.changed`: tells whoever follows a record what others did to it, as far as he may see it."""

from collections.abc import Mapping
from typing import Any

import msgspec

from crm_domain.definition import Ref
from crm_domain.following import KIND, Followed, known
from crm_domain.notices import WHAT
from crm_domain.tenancy import Tenant
from crm_storage.notices import add_to, tell
from crm_storage.people.actor import load_user_actor
from crm_worker.workshop import Workshop


async def tell_followers(shop: Workshop, tenant: Tenant, id_: str, payload: Mapping[str, Any]) -> None:
    """Several changes within five minutes are one notice, until it is read. Told twice by the bus is told once: what is
    unread takes the same fields in again."""
    change = msgspec.convert(payload, Followed)
    for user in change.users:
        async with shop.database.tenant(tenant.number) as session:
            actor = await load_user_actor(session, user)
            if actor is None:
                continue
            work, _ = await shop.reading(session, tenant, actor)
            module = work.registry.get(change.module)
            what = known(actor.access, module, change) if module else ()
            rows = await work.store.fetch(module, [change.record], columns=("name",)) if module and what else []
            if not rows:
                continue
            about = Ref(change.module, change.record)
            if not await add_to(session, KIND, user, about, WHAT, what, actor=change.by):
                facts = {"name": str(rows[0]["name"] or ""), "module": {"id": f"{about.module}.one"}, WHAT: what}
                await tell(session, KIND, [user], f"/{about.module}/{about.id}", facts, actor=change.by, about=about)
            await session.commit()
