"""A mailbox's owner consents at his provider that his mail is read and sent from here, instead of giving a password."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post

from crm_domain.modules.mailboxes import SIGN_INS, Mailbox
from crm_domain.problems import NotFound, Refused
from crm_storage.letters.consent import ConsentGone, answered, ask, exchange, registered
from crm_storage.vault import Vault
from crm_web.supported import CLOSED
from crm_web.visit import Visit

BACK = "/mail/consent/back"


class MailConsentPages(Controller):
    """/mail/consent/<mailbox>, for those who may change the mailbox; /mail/consent/back, where providers answer."""

    path = "/mail/consent"
    opt = CLOSED

    @get("/{box:uuid}")
    async def show(self, visit: Visit, box: UUID) -> Response[str]:
        return await _page(visit, await visit.work.get(Mailbox, box, action="edit"))

    @post("/{box:uuid}")
    async def begin(self, visit: Visit, box: UUID) -> Response[str]:
        """The same page with the way to the provider: a link, for no form leads to another site."""
        mailbox = await visit.work.get(Mailbox, box, action="edit")
        vault = _vault(visit)
        there = await registered(visit.session, vault, mailbox.sign_in or "")
        if there is None:
            raise Refused("mail_providers.not_registered")
        way = await ask(
            visit.session, vault, box, there, back=_back(visit), by=visit.actor.session, now=visit.work.now()
        )
        await visit.commit()
        return await _page(visit, mailbox, way)

    @get("/back")
    async def back(self, visit: Visit) -> Response[Any]:
        """Keeps what the provider gives for the code. A question is answered once, by the session that asked it."""
        vault, said = _vault(visit), visit.request.query_params
        code = str(said.get("code", ""))
        found = await answered(
            visit.session, vault, str(said.get("state", ""))[:200], by=visit.actor.session, now=visit.work.now()
        )
        if found is None:
            raise NotFound
        box, verifier = found
        mailbox = await visit.work.get(Mailbox, box, action="edit", lock=True)
        there = await registered(visit.session, vault, mailbox.sign_in or "")
        if not code or there is None:
            await visit.commit()
            return visit.go(f"/mail/consent/{box}", visit.text("mail_providers.declined"))
        try:
            tokens = await exchange(
                visit.installation.door, visit.tenant.number, there, code[:4000], verifier, _back(visit)
            )
        except (ConsentGone, Refused):
            await visit.commit()
            return visit.go(f"/mail/consent/{box}", visit.text("mail_providers.not_given"))
        await vault.put(visit.session, "mailboxes", box, "access", None)
        await visit.work.update(Mailbox, box, Mailbox.consent.to(tokens.refresh_token))
        await visit.commit()
        return visit.go(f"/mailboxes/{box}", visit.text("mail_providers.given"))


def _vault(visit: Visit) -> Vault:
    return Vault(visit.installation.seals, visit.tenant.number)


def _back(visit: Visit) -> str:
    return visit.installation.url(visit.tenant, BACK)


async def _page(visit: Visit, mailbox: Mailbox, way: str = "") -> Response[str]:
    option = SIGN_INS.get(mailbox.sign_in)
    by_consent = option is not None and option.key != "password"
    return await visit.page(
        "mail/consent.html",
        current="mail",
        box=mailbox.id,
        name=mailbox.name,
        address=mailbox.address,
        provider=visit.voice.option_label(SIGN_INS, option) if option else "",
        by_consent=by_consent,
        known=by_consent and await registered(visit.session, _vault(visit), option.key if option else "") is not None,
        given=mailbox.consent is not None,
        way=way,
        admin=visit.access.admin,
    )
