"""`mail.send`: one mail, once, whatever is delivered twice (REL-02)."""

from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from typing import Any

import msgspec

from crm_domain.definition import Blob
from crm_domain.problems import NotFound
from crm_domain.sending.letter import Attachment
from crm_domain.tenancy import Tenant
from crm_storage.files.door import door_of
from crm_storage.mail.message import notice
from crm_storage.mail.send import send
from crm_storage.once import claim
from crm_storage.tenants.addresses import address_of
from crm_worker.workshop import Workshop


async def send_mail(shop: Workshop, tenant: Tenant, id_: str, payload: Mapping[str, Any]) -> None:
    """Sends the mail of this job, if it has not gone before.

    The ledger's row and the hand-over stand in one transaction: a refused mail leaves no row and is tried again. A process that
    dies between the server's word and the commit has it sent twice under one Message-ID: of a notice or a link that is
    harmless, and better than none.
    """
    message = worded(shop, tenant, id_, payload, await _files(shop, tenant, payload))
    async with shop.database.tenant(tenant.number) as session:
        if not await claim(session, f"mail:{id_}"):
            return
        await send(shop.settings.smtp_url, message)
        await session.commit()


def worded(
    shop: Workshop, tenant: Tenant, id_: str, payload: Mapping[str, Any], files: Sequence[Attachment]
) -> EmailMessage:
    """The house's mail of that payload, always under the same Message-ID."""
    domain = shop.settings.base_domain
    sender = f"no-reply@{domain if '.' in domain else 'sadra.example'}"
    return notice(_complete(shop, tenant, payload), sender=sender, message_id=f"{id_}@{domain}", files=files)


async def _files(shop: Workshop, tenant: Tenant, payload: Mapping[str, Any]) -> list[Attachment]:
    """What goes with the mail; a file that is gone meanwhile keeps nobody from reading the rest."""
    door, found = door_of(shop.settings), list[Attachment]()
    for blob in msgspec.convert(payload.get("files", ()), tuple[Blob, ...]):
        try:
            pieces = [piece async for piece in await door.open(tenant, blob.key)]
        except NotFound:
            continue
        found.append(Attachment(blob.name, blob.media_type, b"".join(pieces)))
    return found


def _complete(shop: Workshop, tenant: Tenant, payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """What only the installation knows: a path's full address, and the company's name."""
    facts = dict(payload["facts"])
    if "path" in facts:
        facts |= {"link": address_of(shop.settings, tenant, facts.pop("path")), "tenant": tenant.name}
    return {**payload, "facts": facts}
