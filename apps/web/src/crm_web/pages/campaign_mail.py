"""A campaign's mail as one person got it, for colleagues who may see both: nothing they follow in it counts or changes anything."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get
from litestar.enums import MediaType

from crm_domain.modules.campaigns import Campaign
from crm_domain.problems import NotFound
from crm_domain.query.page import Row
from crm_domain.text import format as formats
from crm_domain.tracking.tokens import Tokens
from crm_storage.marketing.received import To, mail_to
from crm_storage.sending.station import Station
from crm_storage.sending.view import AsSent, as_sent
from crm_storage.smtp.account import Account
from crm_storage.vault import Vault
from crm_web.reach import one
from crm_web.records.view import heading
from crm_web.visit import Visit

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src https: http: data:; font-src 'self'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)
"""It runs nothing; what is followed in it opens elsewhere."""
ELSEWHERE = '<head><base target="_blank">'


class CampaignMailPages(Controller):
    """/campaigns/<id>/mails/<number> and the letter within it."""

    path = "/campaigns"

    @get("/{record_id:uuid}/mails/{message:int}")
    async def mail(self, visit: Visit, record_id: UUID, message: int) -> Response[str]:
        row, to, who = await _within_reach(visit, record_id, message)
        seen = await _seen(visit, message)
        module = visit.module(to.who.module)
        return await visit.page(
            "campaigns/mail.html",
            current="campaigns",
            **await heading(visit, visit.work.module(Campaign), row),
            tab="mail",
            subject=seen.subject if seen else "",
            who=str(who["name"] or ""),
            who_url=f"/{module.key}/{who.id}",
            address=to.address if visit.access.field(module.key, "emails") != "hidden" else "",
            when=formats.format_datetime(to.at, visit.voice.locale, visit.voice.catalogue, "medium"),
            letter=f"/campaigns/{record_id}/mails/{message}/letter" if seen else "",
        )

    @get("/{record_id:uuid}/mails/{message:int}/letter")
    async def letter(self, visit: Visit, record_id: UUID, message: int) -> Response[Any]:
        """The letter alone, for the frame."""
        await _within_reach(visit, record_id, message)
        seen = await _seen(visit, message)
        if seen is None:
            raise NotFound
        shown = seen.page.replace("<head>", ELSEWHERE, 1)
        return Response(shown, media_type=MediaType.HTML, headers={"Content-Security-Policy": POLICY})


async def _within_reach(visit: Visit, campaign: UUID, message: int) -> tuple[Row, To, Row]:
    """The campaign, the mail and its recipient. Raises NotFound where the reader may not see any of them."""
    row = await one(visit, visit.work.module(Campaign), campaign)
    to = await mail_to(visit.session, campaign, message)
    if to is None or not visit.access.can(to.who.module, "view"):
        raise NotFound
    found = await visit.work.store.fetch(visit.module(to.who.module), [to.who.id], columns=("name",))
    if not found:
        raise NotFound
    return row, to, found[0]


async def _seen(visit: Visit, message: int) -> AsSent | None:
    installation, number = visit.installation, visit.tenant.number
    settings = installation.settings
    station = Station(
        installation.database,
        number,
        visit.context.schema,
        Vault(installation.seals, number),
        installation.door,
        Tokens(installation.keys),
        Account.of_url(settings.smtp_url, helo=settings.base_domain),
        lambda: visit.voice.now,
    )
    return await as_sent(station, visit.session, message, visit.access)
