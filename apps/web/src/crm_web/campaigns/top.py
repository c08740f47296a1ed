"""The box of the campaigns that earned most: ever, this year, or one's own."""

from typing import Any

from crm_domain.definition import kinds
from crm_domain.modules.campaigns.figures import Figures
from crm_domain.modules.campaigns.roi import Money, returns
from crm_domain.modules.opportunities import Opportunity
from crm_domain.problems import NotFound
from crm_domain.text.periods import period
from crm_storage.marketing.top import Earner, top
from crm_web.campaigns.frame import amount, percent
from crm_web.visit import Visit

CHOICES = ("ever", "this_year", "mine")


def seen(visit: Visit) -> bool:
    """Whether the reader may see what campaigns earned."""
    return visit.access.can("campaigns", "list") and visit.access.can("opportunities", "list")


async def top_campaigns(visit: Visit, which: str) -> tuple[str, dict[str, Any]]:
    """The template and its facts. Raises NotFound for a box there is not, or not for this reader."""
    if which not in CHOICES or not seen(visit):
        raise NotFound
    first, last = period("this_year", visit.voice.today(), visit.voice.locale) if which == "this_year" else (None, None)
    stage = visit.work.module(Opportunity).field("stage")
    assert isinstance(stage, kinds.Choice | kinds.DependentChoice)
    won = [item.key for item in stage.options.items if item.kind == "won"]
    found = await top(visit.context, won, first=first, last=last, mine=which == "mine")
    return "home/top.html", {"href": "/campaigns", "rows": [_row(visit, earner) for earner in found]}


def _row(visit: Visit, earner: Earner) -> tuple[str, str, str, str]:
    money = Money(revenue=earner.revenue, actual_cost=earner.cost)
    gain = returns(money, Figures()).roi
    return earner.name, f"/campaigns/{earner.id}/roi", amount(visit, earner.revenue, short=True), percent(visit, gain)
