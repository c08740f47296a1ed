"""Reports: figures beside a plain count over the same records, totals over all of them, and what each reader may see."""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import httpx2 as httpx
import msgspec
import pytest
from python_calamine import load_workbook

from crm_domain.reports.question import CHARTS, Grouping, Measure, Question, Source, read_question, write_question
from crm_domain.reports.ready import READY
from tests.isolation.people import Person, api_client, connect, hire, token_of
from tests.site import Site

TENANT = "northwind"
WON = (("filter[stage]", "closed_won"),)


@pytest.fixture(scope="module")
def api(site: Site) -> httpx.Client:
    """The administrator's program."""
    return api_client(site, TENANT, token_of(site, TENANT, "admin"))


def made(api: httpx.Client, question: Question, **values: Any) -> str:
    """A new report's id."""
    body = {"name": f"r {uuid4()}", "base": question.base, "question": write_question(question), **values}
    answer = api.post("/api/v1/reports", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def asked(api: httpx.Client, question: Question, params: str = "") -> Any:
    answer = api.get(f"/api/v1/reports/{made(api, question)}/run?limit=5000{params}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def every(api: httpx.Client, module: str, fields: str = "") -> list[Any]:
    """All records, by the API's own pages."""
    found: list[Any] = []
    cursor = ""
    while True:
        page = api.get(f"/api/v1/{module}?limit=200&cursor={cursor}{fields and f'&fields={fields}'}").json()
        found += page["items"]
        cursor = page["next"] or ""
        if not cursor:
            return found


def summed(rows: list[Any], *key: Any) -> dict[tuple[Any, ...], list[Decimal]]:
    """Count and base amount by a key of functions."""
    found: dict[tuple[Any, ...], list[Decimal]] = {}
    for row in rows:
        at = found.setdefault(tuple(one(row) for one in key), [Decimal(0), Decimal(0)])
        at[0] += 1
        at[1] += row["base"]
    return found


def lines(answer: Mapping[str, Any], level: list[int]) -> dict[tuple[Any, ...], list[Decimal]]:
    def key(value: Any) -> Any:
        return value["id"] if isinstance(value, dict) else value

    return {
        tuple(key(line["keys"][place]) for place in level): [Decimal(line["count"]), Decimal(line["figures"][0])]
        for line in answer["lines"]
        if line["level"] == level and line["count"]
    }


@pytest.fixture(scope="module")
def deals(site: Site, api: httpx.Client) -> list[Any]:
    """All deals with their amounts in the base currency."""
    with connect(site) as owner:
        base = {
            str(id_): amount
            for id_, amount in owner.execute("SELECT id, amount_base FROM opportunities WHERE deleted_at IS NULL")
        }
    return [{**deal, "base": base[deal["id"]]} for deal in every(api, "opportunities")]


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


OWN = {action: 1 for action in ("list", "view", "export")}
READS = {action: 3 for action in ("list", "view")}


@pytest.fixture(scope="module")
def seller(site: Site) -> Iterator[Person]:
    """Somebody who reaches his own deals alone, of which two are given to him; he may not see amounts."""
    person = hire(site, "reader", f"seller-{uuid4()}", {"opportunities": OWN})
    fields = json.dumps({"opportunities": {"amount": "hidden"}, "accounts": {"industry": "hidden"}})
    with connect(site) as owner:
        owner.execute("UPDATE role SET fields = %s WHERE name = %s", (fields, person.name))
        ids = [row[0] for row in owner.execute("SELECT id FROM opportunities ORDER BY id LIMIT 2")]
        before = owner.execute("SELECT id, assigned_to FROM opportunities WHERE id = ANY(%s)", (ids,)).fetchall()
        owner.execute("UPDATE opportunities SET assigned_to = %s WHERE id = ANY(%s)", (person.id, ids))
    yield person
    with connect(site) as owner:
        for id_, assigned in before:
            owner.execute("UPDATE opportunities SET assigned_to = %s WHERE id = %s", (assigned, id_))


def test_48_a_report_counts_the_records_that_the_list_shows(api: httpx.Client, seller: Person) -> None:
    question = Question(base="opportunities", columns=("name", "stage"))
    report = made(api, question)
    listed = {row["id"] for row in every(seller.api, "opportunities")}
    answer = seller.api.get(f"/api/v1/reports/{report}/run").json()
    assert {row["id"] for row in answer["rows"]} == listed and answer["total"]["count"] == len(listed) == 2
    joined = Question(base="accounts", kind="number", measures=(Measure("count", "opportunities"),))
    answer = seller.api.get(f"/api/v1/reports/{made(api, joined)}/run").json()
    assert answer["total"]["figures"] == [2]


def test_sec_39_a_hidden_field_is_in_no_part_of_an_answer(api: httpx.Client, seller: Person) -> None:
    summary = Question(
        base="opportunities",
        kind="summary",
        groups=(Grouping("account.industry"), Grouping("stage")),
        measures=(Measure("sum", "amount"), Measure()),
        sort="-m0",
    )
    listed = Question(base="opportunities", columns=("name", "amount", "account.industry"), sort="-amount")
    crossed = msgspec.structs.replace(summary, kind="matrix", sort="")
    for question in (summary, listed, crossed):
        answer = seller.api.get(f"/api/v1/reports/{made(api, question)}/run")
        assert answer.status_code == 200, answer.text
        body = answer.json()
        assert {"amount", "account.industry"} <= set(body["left_out"])
        assert "amount" not in json.dumps({**body, "left_out": []}) and "industry" not in json.dumps(body["groups"])


def test_a_private_report_is_its_owners_alone(api: httpx.Client, seller: Person) -> None:
    secret = made(api, Question(base="accounts", columns=("name",)), private=True)
    shown = made(api, Question(base="accounts", columns=("name",)))
    assert seller.api.get(f"/api/v1/reports/{secret}/run").status_code == 404
    assert seller.api.get(f"/api/v1/reports/{secret}").status_code == 404
    assert seller.api.get(f"/api/v1/reports/{shown}/run").status_code == 200


def test_sec_04_another_companys_report_is_not_there(site: Site, api: httpx.Client) -> None:
    other = api_client(site, "pishro", token_of(site, "pishro", "admin"))
    report = made(other, Question(base="accounts", columns=("name",)))
    assert api.get(f"/api/v1/reports/{report}/run").status_code == 404
    assert api.get(f"/api/v1/reports/{uuid4()}/run").status_code == 404


def test_sec_39_without_the_right_to_list_its_records_a_report_says_nothing(site: Site, api: httpx.Client) -> None:
    person = hire(site, "nobody", more={"reports": {"list": 3, "view": 3}})
    report = made(api, Question(base="accounts", columns=("name",)))
    assert person.api.get(f"/api/v1/reports/{report}/run").status_code == 403


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


def test_a_new_base_begins_a_new_question(api: httpx.Client) -> None:
    answer = api.post("/api/v1/reports", json={"name": "anew", "base": "contacts"}).json()
    assert json.loads(answer["question"])["base"] == "contacts" and answer["kind"] == "list"
    body = {"version": answer["version"], "base": "leads"}
    changed = api.patch(f"/api/v1/reports/{UUID(answer['id'])}", json=body).json()
    assert json.loads(changed["question"])["base"] == "leads"
    assert api.get(f"/api/v1/reports/{answer['id']}/run").status_code == 200


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


def test_a_report_leaves_as_a_file_with_all_its_groups_and_the_total(site: Site, api: httpx.Client) -> None:
    question = Question(
        base="opportunities",
        kind="summary",
        groups=(Grouping("stage"), Grouping("closes_on", "month")),
        measures=(Measure(), Measure("sum", "amount")),
    )
    report, anna = made(api, question, name="=Sums"), site.browser(TENANT)
    assert f'href="/reports/{report}/answer/xlsx"' in anna.get(f"/reports/{report}").text
    answer = asked(api, question)
    leaves = [line for line in answer["lines"] if line["level"] == [0, 1]]
    table = list(csv.reader(io.StringIO(anna.get(f"/reports/{report}/answer/csv").text.lstrip("\ufeff"))))
    assert len(table) == len(leaves) + 2, "the titles, every group, the total"
    assert [Decimal(cell) for cell in table[-1][2:]] == [Decimal(figure) for figure in answer["total"]["figures"]]
    assert sum(Decimal(line[2]) for line in table[1:-1]) == Decimal(answer["total"]["figures"][0])
    book = load_workbook(io.BytesIO(anna.get(f"/reports/{report}/answer/xlsx").content))
    cells = book.get_sheet_by_index(0).to_python()
    assert len(cells) == len(table) and isinstance(cells[1][2], int | float)
    assert anna.get(f"/reports/{report}/answer/exe").status_code == 404


def test_sec_37_who_may_not_export_the_records_takes_no_report_of_them_out(site: Site, api: httpx.Client) -> None:
    report = made(api, Question(base="opportunities", kind="number", measures=(Measure(),)))
    reader = hire(site, "reader", f"reader-{uuid4()}").browser
    page = reader.get(f"/reports/{report}")
    assert "/answer/" not in page.text
    assert reader.get(f"/reports/{report}/answer/csv").status_code in (403, 404)


def test_sec_39_a_hidden_link_parts_no_records_by_what_it_leads_to(site: Site, api: httpx.Client) -> None:
    person = hire(site, "reader", f"linkless-{uuid4()}")
    with connect(site) as owner:
        hidden = json.dumps({"opportunities": {"account": "hidden"}})
        owner.execute("UPDATE role SET fields = %s WHERE name = %s", (hidden, person.name))
        found = owner.execute(
            "SELECT a.name, count(*) FROM opportunities o JOIN accounts a ON a.id = o.account GROUP BY 1 LIMIT 1"
        ).fetchone()
        whole = owner.execute("SELECT count(*) FROM opportunities WHERE deleted_at IS NULL").fetchone()
    assert found and whole and found[1] < whole[0]
    for base, path, how in (
        ("opportunities", "account", "with"),
        ("opportunities", "account", "without"),
        ("accounts", "opportunities", "with"),
    ):
        asked = (("filter[name][eq]", found[0]),) if path == "account" else ()
        source = Source(path, how, asked)
        question = Question(base=base, kind="number", sources=(source,), measures=(Measure(),))
        body = person.api.get(f"/api/v1/reports/{made(api, question)}/run").json()
        plain = msgspec.structs.replace(question, sources=())
        free = person.api.get(f"/api/v1/reports/{made(api, plain)}/run").json()
        assert path in body["left_out"] and body["total"] == free["total"]


def test_sec_37_a_report_takes_out_no_more_than_lists_let_its_reader(site: Site, api: httpx.Client) -> None:
    person = hire(
        site, "reader", f"own-{uuid4()}", {"accounts": {**READS, "export": 1}, "opportunities": {**READS, "export": 3}}
    )
    narrow = made(api, Question(base="accounts", columns=("name",)))
    beside = made(api, Question(base="opportunities", columns=("name", "contacts.last_name")))
    near = made(api, Question(base="opportunities", columns=("name", "account.name")))
    for report, status in ((narrow, 403), (beside, 403), (near, 200)):
        assert ("/answer/" in person.browser.get(f"/reports/{report}").text) == (status == 200)
        assert person.browser.get(f"/reports/{report}/answer/csv").status_code == status
