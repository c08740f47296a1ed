"""A report's answer in files: on paper, as a page of its own, in spreadsheets, as far as its reader may take it along."""

import csv
import io
from decimal import Decimal
from uuid import uuid4

import httpx2 as httpx
import pypdfium2
import pytest
from python_calamine import load_workbook

from crm_domain.reports.question import Grouping, Measure, Question
from tests.isolation.people import Person, api_client, hire, token_of
from tests.site import Site
from tests.web.reports.asking import TENANT, asked, made

READS = {action: 3 for action in ("list", "view")}
COLUMNS = ("name", "account", "amount", "stage", "closes_on")


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


def read(pdf: bytes) -> list[str]:
    """The text of each page."""
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)]


def test_41_a_report_is_printed_with_totals_over_all_rows_and_says_what_is_left_out(
    site: Site, api: httpx.Client
) -> None:
    """One with more rows than anybody prints, and one that fits."""
    report = made(api, Question(base="opportunities", columns=COLUMNS), name="All deals")
    anna = site.browser(TENANT)
    assert f'href="/reports/{report}/answer/pdf"' in anna.get(f"/reports/{report}").text
    answer = anna.get(f"/reports/{report}/answer/pdf")
    assert answer.headers["content-type"] == "application/pdf", answer.text
    total = asked(api, Question(base="opportunities", columns=COLUMNS))["total"]["count"]
    pages = read(answer.content)
    assert "All deals" in pages[0] and f"{total:,}" in pages[0] and len(pages) > 2
    assert f"Page 2 of {len(pages)}" in pages[1] and "Account" in pages[1], "heads stand on every page"
    narrow = Question(base="opportunities", columns=COLUMNS, asked=(("filter[stage]", "closed_won"),))
    page = anna.get(f"/reports/{made(api, narrow)}/answer/html").text
    assert "<table" in page and "Sales stage: Closed Won" in page and "src=" not in page and "href=" not in page
    assert page.count("font/woff2") == 2, "the file needs nothing else"


@pytest.mark.parametrize("company", ["northwind", "pishro"])
def test_every_kind_goes_on_paper_in_both_languages(site: Site, company: str) -> None:
    client = api_client(site, company, token_of(site, company, "admin"))
    browser = site.browser(company)
    groups, sums = (Grouping("stage"), Grouping("lead_source")), (Measure("sum", "amount"), Measure())
    asked_for = [
        Question(base="opportunities", kind="summary", groups=groups, measures=sums, chart="stacked"),
        Question(base="opportunities", kind="summary", groups=groups[:1], measures=sums, chart="bar"),
        Question(base="opportunities", kind="summary", groups=groups[:1], measures=sums, chart="pie"),
        Question(base="opportunities", kind="matrix", groups=groups, measures=sums),
        Question(base="opportunities", kind="number", measures=sums),
        Question(base="opportunities", kind="funnel", groups=groups[:1], measures=sums),
        Question(base="contacts", columns=("name",), asked=(("q", "zzzzzz"),)),
    ]
    for question in asked_for:
        at = f"/reports/{made(client, question)}/answer"
        answer = browser.get(f"{at}/pdf")
        assert answer.status_code == 200 and read(answer.content)[0], question
        page = browser.get(f"{at}/html").text
        drawn = '<svg xmlns="http' in page or 'class="bars"' in page
        assert drawn == bool(question.chart or question.kind == "funnel"), question
        assert "<text" not in page, "of a drawing's text the renderer joins no letters"
        assert "reports." not in page.partition("<main")[2]


def test_sec_15_names_are_text_on_paper_too(site: Site, api: httpx.Client) -> None:
    name = f"<img src=x onerror=alert(1)>{uuid4()}"
    report = made(api, Question(base="accounts", columns=("name",)), name=name)
    page = site.browser(TENANT).get(f"/reports/{report}/answer/html")
    assert page.headers["content-disposition"].startswith("attachment")
    assert "<img" not in page.text and "&lt;img" in page.text


def test_sec_39_paper_has_no_more_than_its_reader_may_see(api: httpx.Client, seller: Person) -> None:
    report = made(api, Question(base="opportunities", columns=("name", "amount", "stage")))
    page = seller.browser.get(f"/reports/{report}/answer/html").text
    assert page.count("<tr>") == 3 and "Amount" in page.partition("note")[2], "two deals, and what is left out named"
    assert "Amount" not in page.partition("<thead>")[2]
