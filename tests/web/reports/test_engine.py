"""Figures beside a plain count over the same records, and totals over all of them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx2 as httpx
import pytest

from crm_domain.reports.compare import former
from crm_domain.reports.question import Grouping, Measure, Question, Source
from crm_domain.text.locale import ENGLISH
from crm_domain.text.periods import period
from tests.isolation.people import api_client, token_of
from tests.site import Site
from tests.web.reports.asking import TENANT, WON, asked, every, lines, made, summed


def test_41_groups_and_their_sums_are_those_of_a_plain_count_over_all_records(
    api: httpx.Client, deals: list[Any]
) -> None:
    question = Question(
        base="opportunities",
        kind="summary",
        groups=(Grouping("stage"), Grouping("assigned_to"), Grouping("closes_on", "month")),
        measures=(Measure("sum", "amount"),),
    )
    answer = asked(api, question)
    by = (
        lambda row: row["stage"],
        lambda row: row["assigned_to"] and row["assigned_to"]["id"],
        lambda row: f"{row['closes_on'][:7]}-01",
    )
    for size in (1, 2, 3):
        assert lines(answer, list(range(size))) == summed(deals, *by[:size])
    whole = summed(deals)[()]
    assert [Decimal(answer["total"]["count"]), Decimal(answer["total"]["figures"][0])] == whole
    report = made(api, question)
    page = api.get(f"/api/v1/reports/{report}/run?limit=10").json()
    assert page["more"] and page["total"] == answer["total"]


def test_41_a_list_shows_a_page_and_adds_up_all_of_it(api: httpx.Client, deals: list[Any]) -> None:
    question = Question(base="opportunities", columns=("name", "amount", "account.industry"), sort="-amount")
    report = made(api, question)
    pages = [api.get(f"/api/v1/reports/{report}/run?limit=20&offset={20 * n}").json() for n in range(3)]
    assert len({row["id"] for page in pages for row in page["rows"]}) == 60
    for page in pages:
        assert page["total"]["count"] == len(deals)
        assert Decimal(page["total"]["figures"][0]) == sum(deal["base"] for deal in deals)


def test_both_directions_of_a_matrix_add_up_the_same(api: httpx.Client, deals: list[Any]) -> None:
    question = Question(
        base="opportunities",
        kind="matrix",
        groups=(Grouping("stage"), Grouping("lead_source")),
        measures=(Measure("sum", "amount"),),
    )
    answer = asked(api, question)
    stage, source = (lambda row: row["stage"]), (lambda row: row["lead_source"])
    assert lines(answer, [0]) == summed(deals, stage)
    assert lines(answer, [1]) == summed(deals, source)
    assert lines(answer, [0, 1]) == summed(deals, stage, source)


def test_each_record_counts_once_however_many_are_joined_to_it(api: httpx.Client, deals: list[Any]) -> None:
    """Customers with contacts and deals side by side: no sum grows by the other's number."""
    question = Question(
        base="accounts",
        kind="summary",
        sources=(Source("opportunities", asked=WON), Source("contacts")),
        groups=(Grouping("industry"),),
        measures=(
            Measure("sum", "opportunities.amount"),
            Measure("count", "opportunities"),
            Measure("count", "contacts"),
            Measure("share", only=(("filter[account_type]", "customer"),)),
        ),
    )
    answer = asked(api, question)
    accounts = {row["id"]: row for row in every(api, "accounts")}
    won = [deal for deal in deals if deal["stage"] == "closed_won"]
    assert answer["total"]["count"] == len(accounts)
    assert Decimal(answer["total"]["figures"][0]) == sum(deal["base"] for deal in won)
    assert answer["total"]["figures"][1] == len(won)
    wanted: dict[Any, Decimal] = {}
    for deal in won:
        industry = accounts[deal["account"]["id"]]["industry"]
        wanted[industry] = wanted.get(industry, Decimal(0)) + deal["base"]
    found = {line["keys"][0]: Decimal(line["figures"][0]) for line in answer["lines"]}
    assert {key: value for key, value in found.items() if value} == wanted
    customers = sum(row["account_type"] == "customer" for row in accounts.values())
    assert abs(Decimal(answer["total"]["figures"][3]) - Decimal(100 * customers) / len(accounts)) < Decimal("0.01")


def test_with_and_without_part_the_records_between_them(api: httpx.Client, deals: list[Any]) -> None:
    def counted(how: Any) -> int:
        source = Source("opportunities", how, WON)
        return asked(api, Question(base="accounts", kind="number", sources=(source,)))["total"]["count"]

    winners = {deal["account"]["id"] for deal in deals if deal["stage"] == "closed_won"}
    assert counted("with") == len(winners)
    assert counted("with") + counted("without") == counted("either") == len(every(api, "accounts"))


def test_31_jalali_months_hold_the_days_of_their_own_calendar(site: Site) -> None:
    """The last day of the leap year 1403 is its own; the months between are there with nothing."""
    api = api_client(site, "pishro", token_of(site, "pishro", "admin"))
    marked = f"کبیسه {uuid4().hex[:8]}"
    account = api.get("/api/v1/accounts?limit=1").json()["items"][0]["id"]
    for day in ("2025-03-20", "2025-03-21", "2025-06-21", "2024-03-19"):
        deal = {"name": marked, "account": {"id": account}, "stage": "proposal", "closes_on": day}
        body = {**deal, "amount": {"amount": "10", "currency": "IRR"}}
        answer = api.post("/api/v1/opportunities", json=body)
        assert answer.status_code == 201, answer.text
    question = Question(
        base="opportunities",
        kind="summary",
        asked=(("filter[name][eq]", marked),),
        groups=(Grouping("closes_on", "month"),),
        measures=(Measure("sum", "amount"),),
    )
    found = [(line["keys"][0], line["count"]) for line in asked(api, question)["lines"]]
    assert found[0] == ("2024-02-20", 1)
    assert found[-4:] == [("2025-02-19", 1), ("2025-03-21", 1), ("2025-04-21", 0), ("2025-05-22", 1)]
    assert len(found) == 16 and sum(count for _, count in found) == 4


def test_days_between_two_moments_and_bands_of_age(api: httpx.Client) -> None:
    question = Question(
        base="cases",
        kind="summary",
        groups=(Grouping("now", since="created_at", bands=(7, 30, 90)),),
        measures=(Measure("avg", "closed_at", since="created_at"), Measure("max", "now", since="created_at")),
    )
    answer = asked(api, question)
    assert sum(line["count"] for line in answer["lines"]) == answer["total"]["count"] == len(every(api, "cases"))
    assert [line["keys"][0] for line in answer["lines"]] == sorted(line["keys"][0] for line in answer["lines"])


def test_what_a_report_asks_for_is_answered_in_the_address(api: httpx.Client, deals: list[Any]) -> None:
    question = Question(
        base="opportunities", kind="number", asked=(("filter[stage][in]", "proposal"),), asks=("filter[stage][in]",)
    )
    report = made(api, question)
    for stage, params in (("proposal", ""), ("negotiation", "?filter[stage][in]=negotiation")):
        wanted = sum(deal["stage"] == stage for deal in deals)
        assert api.get(f"/api/v1/reports/{report}/run{params}").json()["total"]["count"] == wanted
    everything = api.get(f"/api/v1/reports/{report}/run?filter[stage][in]=").json()["total"]["count"]
    assert everything == len(deals)


@pytest.mark.parametrize("compare", ["before", "year"])
def test_figures_of_a_former_period_are_those_of_a_report_of_that_period(
    site: Site, api: httpx.Client, compare: Any
) -> None:
    """Beside the present ones, each leading to its own records; what is counted is the present period."""
    today = datetime.now(ZoneInfo("Asia/Tehran")).date()
    now = period("this_year", today, ENGLISH)
    before = former(compare, "this_year", now, "gregorian")
    assert before == (date(today.year - 1, 1, 1), date(today.year - 1, 12, 31))
    marked, account = f"compared {uuid4()}", api.get("/api/v1/accounts?limit=1").json()["items"][0]["id"]
    for stage, year, amount in (
        ("proposal", 0, "10"),
        ("proposal", -1, "7"),
        ("negotiation", -1, "5"),
        ("proposal", -2, "3"),
    ):
        deal = {"name": marked, "account": {"id": account}, "stage": stage, "closes_on": f"{today.year + year}-05-05"}
        body = {**deal, "amount": {"amount": amount, "currency": "IRR"}}
        assert api.post("/api/v1/opportunities", json=body).status_code == 201

    def question(name: str, value: str, **more: Any) -> Question:
        return Question(
            base="opportunities",
            kind="summary",
            asked=(("filter[name][eq]", marked), (f"filter[closes_on][{name}]", value)),
            groups=(Grouping("stage"),),
            measures=(Measure(), Measure("sum", "amount")),
            **more,
        )

    both = asked(api, question("period", "this_year", compare=compare))
    present = asked(api, question("between", f"{now[0]}..{now[1]}"))
    past = asked(api, question("between", f"{before[0]}..{before[1]}"))
    assert (both["total"]["count"], present["total"]["count"], past["total"]["count"]) == (1, 1, 2)
    assert both["total"]["figures"] == [*present["total"]["figures"], *past["total"]["figures"]]
    found = {line["keys"][0]: line["figures"] for line in both["lines"]}
    for place, plain in ((slice(0, 2), present), (slice(2, 4), past)):
        assert all(found[line["keys"][0]][place] == line["figures"] for line in plain["lines"])
    assert (
        both["measures"][2]["label"] == f"{both['measures'][0]['label']}, {compare.replace('before', 'period')} before"
    )
    page = site.browser(TENANT).get(f"/reports/{made(api, question('period', 'this_year', compare=compare))}").text
    assert f"between%5D={before[0]}..{before[1]}" in page and f"between%5D={now[0]}..{now[1]}" in page


def test_a_former_period_is_as_long_as_its_calendar_has_it() -> None:
    aban = (date(2026, 10, 23), date(2026, 11, 21))
    assert former("before", "this_month", aban, "jalali") == (date(2026, 9, 23), date(2026, 10, 22))
    assert former("year", "this_month", aban, "jalali") == (date(2025, 10, 23), date(2025, 11, 21))
    week = (date(2026, 11, 21), date(2026, 11, 27))
    assert former("before", "this_week", week, "jalali") == (date(2026, 11, 14), date(2026, 11, 20))
