"""Mails about accounts: they leave with the change they tell of."""

from typing import Literal

import msgspec

from crm_storage.database import Session
from crm_storage.outbox import put

SUBJECT = "mail.send"
Template = Literal["reset", "invite", "password_changed", "throttled", "code_throttled", "new_device"]


class Recipient(msgspec.Struct, frozen=True):
    """Whom a mail goes to, in which language."""

    address: str
    name: str
    language: str


async def send(session: Session, template: Template, to: Recipient, company: str, link: str = "", **more: str) -> None:
    """Puts a mail into the outbox. `link` is built from the settings, never from a request (SEC-34)."""
    facts = {"link": link, "name": to.name, "tenant": company, **more}
    await put(session, SUBJECT, {"to": to.address, "template": template, "language": to.language, "facts": facts})
