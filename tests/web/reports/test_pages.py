"""A report on its page and in files."""

import re
from html import unescape

import httpx2 as httpx
import pytest

from crm_domain.reports.question import CHARTS, Grouping, Measure, Question
from crm_domain.reports.ready import READY
from tests.isolation.people import api_client, token_of
from tests.site import Site
from tests.web.reports.asking import TENANT, made

READS = {action: 3 for action in ("list", "view")}


GROUPS = (Grouping("stage"), Grouping("closes_on", "quarter"))
SUM = (Measure("sum", "amount"), Measure())
PAGES: tuple[Question, ...] = (
    Question(
        base="opportunities", columns=("name", "account", "account.billing_address.city", "amount", "assigned_to")
    ),
    *(Question(base="opportunities", kind="summary", groups=GROUPS, measures=SUM, chart=chart) for chart in CHARTS),
    Question(base="opportunities", kind="summary", groups=GROUPS[1:], measures=SUM, chart="line"),
    Question(base="opportunities", kind="matrix", groups=GROUPS, measures=SUM),
    Question(base="opportunities", kind="number", measures=SUM),
    Question(base="opportunities", kind="funnel", groups=GROUPS[:1], measures=SUM),
    Question(base="contacts", columns=("name", "emails", "account.name"), asked=(("q", "zzzzzz"),)),
)


@pytest.mark.parametrize("question", PAGES, ids=lambda question: f"{question.kind} {question.chart}")
def test_every_kind_has_a_page_in_both_languages(site: Site, question: Question) -> None:
    for company in ("northwind", "pishro"):
        client = api_client(site, company, token_of(site, company, "admin"))
        page = site.browser(company).get(f"/reports/{made(client, question)}")
        assert page.status_code == 200, page.text
        assert "reports." not in page.text.partition("<main")[2].partition("</main>")[0]


FIGURE = re.compile(r'<a href="(/opportunities\?[^"]+)"><bdi>([\d,]+)</bdi>')
COUNT = re.compile(r'<span class="sub" aria-live="polite">([\d,]+)')


def test_38_a_figure_leads_to_exactly_the_records_it_counts(site: Site, api: httpx.Client) -> None:
    question = Question(
        base="opportunities",
        kind="summary",
        asked=(("open", "1"),),
        groups=(Grouping("stage"), Grouping("assigned_to"), Grouping("created_at", "month")),
    )
    browser = site.browser(TENANT)
    found = FIGURE.findall(browser.get(f"/reports/{made(api, question)}").text)
    assert len(found) > 30
    for href, number in (*found[:12], *found[-2:]):
        listed = COUNT.search(browser.get(unescape(href)).text)
        assert listed and listed[1] == number, href


def test_answers_to_prompts_are_remembered(site: Site, api: httpx.Client) -> None:
    name = "filter[stage][in]"
    question = Question(
        base="opportunities", kind="summary", groups=GROUPS[:1], asked=((name, "proposal"),), asks=(name,)
    )
    browser, path = site.browser(TENANT), f"/reports/{made(api, question)}"
    assert '<option value="proposal" selected>' in browser.get(path).text
    browser.http.get(path, params={"asked": "1", name: "negotiation"})
    assert '<option value="negotiation" selected>' in browser.get(path).text


@pytest.mark.parametrize("company", ["northwind", "pishro"])
def test_every_ready_report_runs_and_can_be_taken_over(site: Site, company: str) -> None:
    browser = site.browser(company)
    gallery = browser.get("/reports/ready").text
    assert len(READY) >= 30
    for key in READY:
        assert f'href="/reports/ready/{key}"' in gallery
        page = browser.get(f"/reports/ready/{key}")
        assert page.status_code == 200, (key, page.text)
        assert "reports." not in page.text.partition("<main")[2].partition("</main>")[0], key
    taken = browser.post("/reports/ready/stage_conversion/take", at="/reports/ready/stage_conversion")
    assert browser.get(taken.headers["location"]).status_code == 200
    assert browser.get("/reports/ready/nothing").status_code == 404
