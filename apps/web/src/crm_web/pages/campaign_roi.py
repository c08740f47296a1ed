"""View ROI: what a campaign earned from won deals against what it cost."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get

from crm_domain.definition import Amount
from crm_domain.modules.campaigns.roi import Money, Returns, returns
from crm_domain.modules.opportunities import Opportunity
from crm_domain.query.filter import Condition, Filter, both
from crm_domain.query.page import ListQuery, Sort
from crm_domain.query.resolve import resolve
from crm_domain.text.periods import PERIODS
from crm_storage.columns import stored
from crm_storage.marketing import responses
from crm_web.campaigns.frame import Frame, amount, facts, frame, number, percent
from crm_web.lists.tables import columns_for, lines_for
from crm_web.visit import Visit

DEALS = 50
SERIES = ("revenue", "expected_revenue", "budget", "expected_cost", "actual_cost")


class CampaignRoiPages(Controller):
    """/campaigns/<id>/roi."""

    path = "/campaigns"

    @get("/{record_id:uuid}/roi")
    async def roi(self, visit: Visit, record_id: UUID, period: str = "") -> Response[str]:
        found = await frame(visit, record_id, "all")
        money = await money_of(visit, found, period if period in PERIODS else "")
        sums = await responses.sums(visit.session, record_id)
        live = await responses.runs(visit.session, record_id)
        figures = responses.figures_of(sums, live)
        result = returns(money, figures)
        return await visit.page(
            "campaigns/roi.html",
            current="campaigns",
            **await facts(visit, found, "roi"),
            period=period,
            periods=[(name, visit.text(f"calendar.period.{name}")) for name in PERIODS],
            roi=percent(visit, result.roi),
            expected=percent(visit, result.expected_roi),
            series=_series(visit, money),
            rows=_rows(visit, money, result),
            deals=await _deals(visit, found, period),
            deals_url=f"/opportunities?filter[campaign]={record_id}",
        )


async def money_of(visit: Visit, found: Frame, period: str) -> Money:
    """The campaign's money in the base currency; only deals within the reader's reach count."""
    campaign, rates = found.campaign, await visit.context.rates()
    deals = visit.work.module(Opportunity)
    if not visit.access.can(deals.key, "list"):
        revenue, won, pipeline = Decimal(0), 0, Decimal(0)
    else:
        closed = _won(visit, found.campaign.id, period)
        revenue = await visit.work.store.total(deals, closed, "amount") or Decimal(0)
        won = (await visit.work.store.count(deals, closed)).number
        pipeline = await visit.work.store.total(deals, _open(visit, campaign.id), "weighted_amount")
    return Money(
        revenue=revenue,
        won=won,
        pipeline=pipeline or Decimal(0),
        budget=_base(visit, "budget", campaign.budget, rates),
        expected_cost=_base(visit, "expected_cost", campaign.expected_cost, rates),
        actual_cost=_base(visit, "actual_cost", campaign.actual_cost, rates),
        expected_revenue=_base(visit, "expected_revenue", campaign.expected_revenue, rates),
        impressions=campaign.impressions,
    )


def _base(visit: Visit, key: str, value: Amount | None, rates: Any) -> Decimal | None:
    """An amount in the base currency, at today's rate."""
    field = visit.module("campaigns").field(key)
    return stored(field, value, rates)[f"{key}_base"] if value else None


def _stages(visit: Visit, *kinds: str) -> tuple[str, ...]:
    """The tenant's own stages of those kinds."""
    options: Any = visit.work.module(Opportunity).field("stage")
    return tuple(item.key for item in options.options.items if item.kind in kinds)


def _won(visit: Visit, campaign: UUID, period: str) -> Filter:
    won = both(Condition("campaign", "eq", campaign), Condition("stage", "in", _stages(visit, "won")))
    if not period:
        return won
    dated = both(won, Condition("closes_on", "period", period))
    return resolve(dated, visit.work.registry, visit.work.module(Opportunity), visit.access, visit.voice).filter


def _open(visit: Visit, campaign: UUID) -> Filter:
    return both(Condition("campaign", "eq", campaign), Condition("stage", "in", _stages(visit, "open")))


def _series(visit: Visit, money: Money) -> list[tuple[str, str, float, int]]:
    """The chart's bars: label, amount, length in hundredths of the longest, colour."""
    values = {key: getattr(money, key) for key in SERIES}
    longest = max((value for value in values.values() if value), default=Decimal(0))
    colours = {"revenue": 1, "actual_cost": 3}
    return [
        (
            visit.text(f"roi.{key}"),
            amount(visit, value, short=True),
            float(round(100 * value / longest, 1)) if value and longest and value > 0 else 0.0,
            colours.get(key, 5),
        )
        for key, value in values.items()
    ]


def _rows(visit: Visit, money: Money, result: Returns) -> list[tuple[str, str]]:
    """All the formulas, as a table."""
    amounts = ("budget_variance", "cost_variance", "per_impression", "per_click", "per_mail", "per_lead", "per_won")
    return [
        (visit.text("roi.won"), number(visit, money.won)),
        (visit.text("roi.pipeline"), amount(visit, money.pipeline)),
        (visit.text("roi.attainment"), percent(visit, result.attainment)),
        (visit.text("roi.conversion"), percent(visit, result.conversion)),
        *((visit.text(f"roi.{key}"), amount(visit, getattr(result, key))) for key in amounts),
    ]


async def _deals(visit: Visit, found: Frame, period: str) -> dict[str, Any]:
    """The won deals that make the revenue."""
    deals = visit.work.module(Opportunity)
    if not visit.access.can(deals.key, "list"):
        return {"columns": [], "lines": []}
    columns = columns_for(visit, deals, ("name", "account", "amount", "closes_on", "assigned_to"))
    query = ListQuery(
        filter=_won(visit, found.campaign.id, period if period in PERIODS else ""),
        columns=tuple(column.path for column in columns),
        sort=(Sort("closes_on", descending=True),),
        limit=DEALS,
    )
    page = await visit.work.store.page(deals, query)
    return {"columns": columns, "lines": lines_for(visit, deals, columns, page.rows)}
