"""The arithmetic of View Status and View ROI, with the numbers of the acceptance scenarios."""

from decimal import Decimal
from fractions import Fraction

from crm_domain.modules.campaigns.figures import Sum, bars, figures
from crm_domain.modules.campaigns.roi import Money, returns


def counted(activity: str, rows: int, via: str = "human", hits: int = 0, recipients: str = "default") -> Sum:
    return Sum(activity, "contacts", recipients, via, rows, hits or rows)


def test_38_a_privacy_proxy_is_neither_a_reader_nor_none() -> None:
    found = figures(
        [
            counted("targeted", 1_000),
            counted("viewed", 400, "proxy_open"),
            counted("viewed", 100),
            counted("viewed", 50, "image_proxy"),
        ],
        uncertain=0,
    )
    assert found.open_rate == Fraction(150, 600) == Fraction(1, 4)
    assert found.open_rate_inclusive == Fraction(55, 100)


def test_39_five_clicks_of_one_person_are_one_person() -> None:
    found = figures([counted("targeted", 10), counted("link", 1, hits=5), counted("clicked", 1, hits=5)], uncertain=0)
    assert (found.clicks, found.clicked, found.pairs) == (5, 1, 1)
    assert found.click_rate == Fraction(1, 10)


def test_37_machines_follow_links_and_count_for_nothing() -> None:
    found = figures([counted("targeted", 1), counted("link", 8, "scanner")], uncertain=0)
    assert (found.pairs, found.machines, found.click_rate) == (0, 8, 0)
    assert bars([counted("link", 8, "scanner")])["link"] == {}


def test_4_seeds_are_not_counted() -> None:
    found = figures([counted("targeted", 99), counted("targeted", 5, recipients="seed")], uncertain=0)
    assert found.attempted == 99


def test_returned_mail_is_not_delivered() -> None:
    found = figures([counted("targeted", 100), counted("invalid", 3), counted("send_error", 5)], uncertain=2)
    assert (found.bounced, found.delivered) == (8, 90)
    assert found.delivery_rate == Fraction(9, 10)


def test_rates_of_nothing_are_unknown() -> None:
    found = figures([], uncertain=0)
    assert found.open_rate is None
    assert found.delivery_rate is None


def test_bars_stand_in_the_order_of_the_chart_with_the_modules_apart() -> None:
    found = bars(
        [counted("viewed", 4), Sum("viewed", "leads", "default", "image_proxy", 2, 9), counted("complaint", 1)]
    )
    assert list(found) == [
        "targeted", "viewed", "link", "removed", "invalid", "send_error", "blocked", "lead", "contact",
    ]  # fmt: skip
    assert found["viewed"] == {"contacts": 4, "leads": 2}


def test_46_return_on_investment_in_two_currencies() -> None:
    revenue = Decimal(30_000_000) + Decimal(100) * 500_000
    pairs = figures([counted("link", 40), counted("clicked", 30)], uncertain=0)
    found = returns(Money(revenue=revenue, won=2, actual_cost=Decimal(10_000_000), impressions=200_000), pairs)
    assert revenue == 80_000_000
    assert found.roi == 700
    assert found.per_impression == 50
    assert found.per_click == 250_000


def test_46_without_a_cost_there_is_no_return_to_speak_of() -> None:
    found = returns(Money(revenue=Decimal(5), actual_cost=Decimal(0)), figures([], uncertain=0))
    assert (found.roi, found.per_impression, found.per_click) == (None, None, None)


def test_what_was_planned_is_compared_with_what_came() -> None:
    money = Money(
        revenue=Decimal(80), won=2, budget=Decimal(30), expected_cost=Decimal(20), actual_cost=Decimal(25),
        expected_revenue=Decimal(100),
    )  # fmt: skip
    found = returns(money, figures([counted("lead", 8), counted("targeted", 50)], uncertain=0))
    assert (found.expected_roi, found.attainment, found.conversion) == (400, 80, 25)
    assert (found.budget_variance, found.cost_variance) == (5, -5)
    assert (found.per_lead, found.per_mail, found.per_won) == (Decimal("3.125"), Decimal("0.5"), Decimal("12.5"))
