"""Campaigns over the API: the figures of View Status and View ROI, marking as sent."""

from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post

from crm_domain.modules.campaigns.figures import Figures, bars
from crm_domain.modules.campaigns.roi import returns
from crm_domain.modules.marketing_options import MAILED_TYPES
from crm_domain.problems import NotFound
from crm_storage.marketing import mark, responses
from crm_web.api.records import answer
from crm_web.campaigns.frame import frame
from crm_web.campaigns.links import public_links
from crm_web.pages.campaign_actions import sendable
from crm_web.pages.campaign_roi import money_of
from crm_web.visit import Visit

RATES = (
    "delivery_rate", "bounce_rate", "open_rate", "open_rate_inclusive", "click_rate", "click_to_open", "removal_rate",
    "complaint_rate", "lead_rate",
)  # fmt: skip


class CampaignApi(Controller):
    """/api/v1/campaigns/<id>/status, /roi, /links and marking as sent."""

    path = "/v1/campaigns"

    @get("/{record_id:uuid}/status")
    async def status(self, visit: Visit, record_id: UUID, marketing: str = "all") -> Response[bytes]:
        """The counting sets, their rates as fractions of one, and the chart's bars by module."""
        found = await frame(visit, record_id, marketing)
        sums = await responses.sums(visit.session, record_id, found.marketing)
        live = await responses.runs(visit.session, record_id, found.marketing)
        figures = responses.figures_of(sums, live)
        counted = {**msgspec.structs.asdict(figures), "bounced": figures.bounced, "delivered": figures.delivered}
        body = {
            "figures": counted,
            "rates": {name: _number(getattr(figures, name)) for name in RATES},
            "bars": bars(sums),
            "runs": [{**msgspec.structs.asdict(run)} for run in live],
            "public_visits": sum(link.visits for link in await public_links(visit, record_id)),
        }
        return answer(body)

    @get("/{record_id:uuid}/roi")
    async def roi(self, visit: Visit, record_id: UUID) -> Response[bytes]:
        """What it earned and cost, in the base currency; percentages as numbers."""
        found = await frame(visit, record_id, "all")
        sums = await responses.sums(visit.session, record_id)
        live = await responses.runs(visit.session, record_id)
        figures: Figures = responses.figures_of(sums, live)
        money = await money_of(visit, found, "")
        body = {
            "currency": visit.voice.base_currency,
            "money": {name: _number(value) for name, value in msgspec.structs.asdict(money).items()},
            "returns": {
                name: _number(value) for name, value in msgspec.structs.asdict(returns(money, figures)).items()
            },
        }
        return answer(body)

    @get("/{record_id:uuid}/links")
    async def links(self, visit: Visit, record_id: UUID) -> Response[bytes]:
        """Its links for use outside a mail, with their addresses and how often each was followed."""
        await frame(visit, record_id, "all")
        return answer({"items": [msgspec.structs.asdict(link) for link in await public_links(visit, record_id)]})

    @post("/{record_id:uuid}/actions/mark_as_sent", status_code=200)
    async def mark(self, visit: Visit, record_id: UUID) -> Response[bytes]:
        campaign = await sendable(visit, record_id)
        if campaign.campaign_type in MAILED_TYPES:
            raise NotFound
        number = await mark.mark_as_sent(visit.session, record_id, visit.access.user)
        await visit.commit()
        return answer({"marked": number})


def _number(value: Any) -> Any:
    """Fractions and decimals as JSON numbers in text and out: exact amounts stay text."""
    if isinstance(value, Fraction):
        return float(value)
    return str(value) if isinstance(value, Decimal) else value
