"""What may be asked, and the form that asks it."""

import json
import re
from html import unescape
from typing import Any
from uuid import UUID

import httpx2 as httpx
import pytest

from crm_domain.reports.question import Grouping, Measure, Question, Source, read_question, write_question
from tests.site import Site
from tests.web.reports.asking import TENANT, made

NONSENSE: tuple[Any, ...] = (
    "nothing",
    "[]",
    '{"base": "nowhere"}',
    '{"base": "accounts", "columns": ["nothing"]}',
    '{"base": "accounts", "columns": []}',
    '{"base": "accounts", "kind": "summary"}',
    '{"base": "accounts", "kind": "cohort", "columns": ["name"]}',
    '{"base": "accounts", "columns": ["name"], "asked": [["filter[nothing]", "1"]]}',
    '{"base": "accounts", "columns": ["name"], "sources": [{"path": "nothing"}]}',
    '{"base": "accounts", "columns": ["name"], "sources": [{"path": "opportunities", "how": "cross"}]}',
    '{"base": "accounts", "columns": ["name"], "sources": [{"path": "opportunities", "asked": [["filter[account.name]", "x"]]}]}',
    '{"base": "accounts", "columns": ["parent.parent.parent.parent.parent.name"]}',
    '{"base": "accounts", "kind": "summary", "groups": [{"path": "created_at"}]}',
    '{"base": "accounts", "kind": "summary", "groups": [{"path": "name", "bucket": "month"}]}',
    '{"base": "accounts", "kind": "summary", "groups": [{"path": "description"}]}',
    '{"base": "accounts", "kind": "number", "measures": [{"fn": "sum", "path": "name"}]}',
    '{"base": "accounts", "kind": "number", "measures": [{"fn": "share"}]}',
    '{"base": "accounts", "kind": "number", "measures": [{"fn": "avg", "path": "now", "since": "name"}]}',
    '{"base": "accounts", "kind": "funnel", "groups": [{"path": "name"}]}',
    '{"base": "accounts", "columns": ["name"], "sort": "nothing"}',
    '{"base": "accounts", "kind": "number", "sort": "m9"}',
    '{"base": "outbound_accounts", "columns": ["password"]}',
    "{" * 3000,
)


@pytest.mark.parametrize("question", NONSENSE)
def test_nonsense_is_refused_with_a_reason(api: httpx.Client, question: str) -> None:
    answer = api.post("/api/v1/reports", json={"name": "x", "base": "accounts", "question": question})
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"]["question"]


def test_a_new_base_begins_a_new_question(api: httpx.Client) -> None:
    answer = api.post("/api/v1/reports", json={"name": "anew", "base": "contacts"}).json()
    assert json.loads(answer["question"])["base"] == "contacts" and answer["kind"] == "list"
    body = {"version": answer["version"], "base": "leads"}
    changed = api.patch(f"/api/v1/reports/{UUID(answer['id'])}", json=body).json()
    assert json.loads(changed["question"])["base"] == "leads"
    assert api.get(f"/api/v1/reports/{answer['id']}/run").status_code == 200


def built(page: str) -> str:
    """The question that a page of the builder carries."""
    found = re.search(r'name="before" value="([^"]*)"', page)
    assert found, page
    return unescape(found[1])


def test_a_report_is_built_by_a_plain_form(site: Site) -> None:
    browser = site.browser(TENANT)
    begun = browser.get("/reports/new?base=opportunities&open=1")
    assert begun.status_code == 200 and '"open","1"' in built(begun.text)
    fields: dict[str, str | list[str]] = {
        "before": built(begun.text),
        "base": "opportunities",
        "kind": "summary",
        "source": ["contacts", ""],
        "how": ["with", "either"],
        "filter[amount][ge]": "1000",
        "asks": "filter[amount][ge]",
        "group": ["stage", "closes_on", ""],
        "bucket": ["", "quarter", ""],
        "bands": ["", "", ""],
        "fn": ["count", "sum", "count"],
        "measure": ["", "amount", "-"],
        "kept": ["", "", ""],
        "chart": "stacked",
        "sort": "",
        "top": "",
    }
    looked = browser.post("/reports/build", at="/reports/new", **fields, do="look")
    assert looked.status_code == 200 and "<tfoot" in looked.text
    saved = browser.post("/reports/build", at="/reports/new", **fields, do="save_as", name="Built here")
    assert saved.status_code == 303, saved.text
    path = saved.headers["location"]
    question = read_question(built(browser.get(f"{path}/build").text))
    assert question.groups == (Grouping("stage"), Grouping("closes_on", "quarter"))
    assert question.measures == (Measure(), Measure("sum", "amount"))
    assert question.sources == (Source("contacts", "with"),) and question.asks == ("filter[amount][ge]",)
    assert "Built here" in browser.get(path).text
    fields |= {"before": built(browser.get(f"{path}/build").text), "kind": "matrix"}
    assert browser.post(f"{path}/build", at="/reports/new", **fields, do="save").headers["location"] == path
    assert read_question(built(browser.get(f"{path}/build").text)).kind == "matrix"


def test_the_builder_says_what_stands_against_a_question(site: Site) -> None:
    browser = site.browser(TENANT)
    before = built(browser.get("/reports/new").text)
    base = {"before": before, "base": "opportunities", "kind": "summary", "fn": "count", "measure": "", "do": "look"}
    for wrong in ({}, {"group": "name.name"}, {"group": "amount", "bands": "x"}):
        answer = browser.post("/reports/build", at="/reports/new", **{**base, **wrong})
        assert answer.status_code in (200, 422) and "note" in answer.text, wrong
    assert browser.post("/reports/build", at="/reports/new", before="nothing").status_code == 422


def test_a_condition_on_money_means_the_same_to_every_reader(site: Site) -> None:
    """Tomans are typed; what is kept names its unit."""
    browser = site.browser("pishro")
    before = built(browser.get("/reports/new").text)
    fields = {"before": before, "base": "opportunities", "kind": "number", "filter[amount][ge]": "۵٬۰۰۰"}
    page = browser.post("/reports/build", at="/reports/new", **fields, do="look", fn="count", measure="")
    assert read_question(built(page.text)).asked == (("filter[amount][ge]", "50000 rial"),)


def test_what_a_report_asked_before_stands_in_its_history(site: Site, api: httpx.Client) -> None:
    report = made(api, Question(base="opportunities", columns=("name", "stage")))
    question = Question(
        base="opportunities",
        kind="summary",
        asked=(("filter[stage]", "closed_won"),),
        groups=(Grouping("closes_on", "month"),),
        measures=(Measure("sum", "amount"),),
        chart="column",
    )
    version = api.get(f"/api/v1/reports/{report}").json()["version"]
    changed = api.patch(f"/api/v1/reports/{report}", json={"version": version, "question": write_question(question)})
    assert changed.status_code == 200, changed.text
    history = site.browser(TENANT).get(f"/reports/{report}/history").text
    for words in ("List", "Summary", "Expected close date (month)", "Sales stage: Closed Won", "Columns"):
        assert words in history, words
    assert (
        "&#34;base&#34;" not in history and "{" not in history.partition('class="timeline')[2].partition("</main>")[0]
    )
