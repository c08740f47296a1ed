"""What a campaign earned against what it cost, all in the base currency."""

from decimal import Decimal

import msgspec

from crm_domain.modules.campaigns.figures import Figures

ZERO = Decimal(0)
HUNDRED = Decimal(100)


class Money(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign's money in the base currency. `revenue` comes from its won deals, each at the rate stored with it."""

    revenue: Decimal = ZERO
    won: int = 0
    pipeline: Decimal = ZERO
    budget: Decimal | None = None
    expected_cost: Decimal | None = None
    actual_cost: Decimal | None = None
    expected_revenue: Decimal | None = None
    impressions: int | None = None


class Returns(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of View ROI; None where there is nothing to divide by or to compare."""

    roi: Decimal | None
    expected_roi: Decimal | None
    attainment: Decimal | None
    budget_variance: Decimal | None
    cost_variance: Decimal | None
    per_impression: Decimal | None
    per_click: Decimal | None
    per_mail: Decimal | None
    per_lead: Decimal | None
    per_won: Decimal | None
    conversion: Decimal | None


def returns(money: Money, figures: Figures) -> Returns:
    """Percentages as numbers: 700 stands for 700 %."""
    cost = money.actual_cost
    return Returns(
        roi=_gain(money.revenue, cost),
        expected_roi=_gain(money.expected_revenue, money.expected_cost),
        attainment=_percent(money.revenue, money.expected_revenue),
        budget_variance=_difference(money.budget, cost),
        cost_variance=_difference(money.expected_cost, cost),
        per_impression=_share(cost, money.impressions),
        per_click=_share(cost, figures.pairs),
        per_mail=_share(cost, figures.attempted),
        per_lead=_share(cost, figures.leads),
        per_won=_share(cost, money.won),
        conversion=_percent(Decimal(money.won), Decimal(figures.leads)),
    )


def _gain(income: Decimal | None, cost: Decimal | None) -> Decimal | None:
    return None if income is None or not cost else (income - cost) / cost * HUNDRED


def _percent(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    return None if part is None or not whole else part / whole * HUNDRED


def _difference(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else one - other


def _share(cost: Decimal | None, number: int | None) -> Decimal | None:
    return None if cost is None or not number else cost / number
