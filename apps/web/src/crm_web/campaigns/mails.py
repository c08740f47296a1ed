"""Campaign mail in a person's history: what he was sent and what came of it, of the campaigns the reader may see."""

from datetime import datetime
from typing import Any
from uuid import UUID

from crm_domain.meaning.voice import Voice
from crm_domain.modules.campaigns import Campaign
from crm_domain.modules.campaigns.figures import ACTIVITIES
from crm_domain.modules.email_marketing import EmailMarketing
from crm_domain.modules.marketing_options import QUEUE_STATES
from crm_domain.records.stream import MOST
from crm_storage.marketing.received import Received, received
from crm_ui.cells import Cell
from crm_web.visit import Visit

TELLING = ("complaint", "removed", "invalid", "send_error", "replied", "link", "viewed")
"""What somebody did about a mail, the most telling first."""


async def mail_lines(visit: Visit, record: UUID) -> list[tuple[datetime, dict[str, Any]]]:
    """Lines of the stream `records/activities.html`, with their times."""
    if not visit.access.can("campaigns", "list"):
        return []
    mails = await received(visit.session, record, limit=MOST)
    campaigns, mailings = visit.work.module(Campaign), visit.work.module(EmailMarketing)
    store, seen = visit.work.store, list({mail.campaign for mail in mails})
    names = {row.id: str(row["name"] or "") for row in await store.fetch(campaigns, seen, columns=("name",))}
    issues = list({mail.marketing for mail in mails})
    issued = {row.id: str(row["name"] or "") for row in await store.fetch(mailings, issues, columns=("name",))}
    return [
        (mail.at, _line(visit, mail, names[mail.campaign], issued.get(mail.marketing, "")))
        for mail in mails
        if mail.campaign in names
    ]


def _line(visit: Visit, mail: Received, campaign: str, mailing: str) -> dict[str, Any]:
    answered = mail.opens or mail.clicks
    told = visit.text("activities.mail_response", opens=mail.opens, clicks=mail.clicks) if answered else ""
    return {
        "href": f"/campaigns/{mail.campaign}/mails/{mail.message}" if mail.kept else f"/campaigns/{mail.campaign}",
        "icon": visit.work.module(Campaign).icon,
        "kind": visit.text("activities.campaign_mail"),
        "name": f"{campaign} · {mailing}" if mailing and mailing != campaign else campaign,
        "who": told,
        "about": (),
        "state": _state(visit.voice, mail),
    }


def _state(voice: Voice, mail: Received) -> Cell:
    """What tells most of how the mail was taken; without any answer, how its sending ended."""
    key = next((activity for activity in TELLING if activity in mail.activities), "")
    options, key = (ACTIVITIES, key) if key else (QUEUE_STATES, mail.state)
    found = options.get(key)
    return Cell(voice.option(options, key), "badge", hue=found.hue if found else "gray")
