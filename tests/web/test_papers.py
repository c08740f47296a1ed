"""Records on paper: the document says what the record does, draws nothing from outside, and goes out by mail."""

import re
import socket
from base64 import b64encode
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx2 as httpx
import pypdfium2
import pytest

from crm_domain.messages.catalogue import catalogue
from crm_domain.text.digits import to_persian
from crm_domain.text.locale import PERSIAN
from crm_domain.text.words import amount_in_words
from tests.files.samples import picture
from tests.isolation.people import api_client, connect, token_of
from tests.site import Browser, Site

TENANT = "pishro"
LINES = [
    {"kind": "group", "name": "تجهیزات"},
    {"kind": "good", "name": "چاپگر", "quantity": "3", "list_price": "12500000", "tax_rate": "10"},
    {"kind": "service", "name": "نصب", "quantity": "1", "list_price": "4000000", "discount": "25", "tax_rate": "0"},
]
PAYABLE = Decimal(3 * 12_500_000 * 11 // 10 + 3_000_000)
MAIL = "SELECT payload->>'email' FROM outbox WHERE subject = 'email.send' ORDER BY id DESC LIMIT 1"

LINKED = "SELECT module, right_id FROM email_record WHERE left_id = %s"


@pytest.fixture(scope="module")
def program(site: Site) -> httpx.Client:
    return api_client(site, TENANT, token_of(site, TENANT, "admin"))


@pytest.fixture(scope="module")
def sara(site: Site) -> Browser:
    return site.browser(TENANT)


@pytest.fixture(scope="module")
def quote(program: httpx.Client) -> str:
    account = made(
        program, "accounts", name="بازرگانی آفتاب", emails=[{"address": "info@aftab.example", "primary": True}]
    )
    bill = {"currency": "IRR", "lines": LINES}
    return made(
        program, "quotes", name="خرید چاپگر", account=account, stage="draft", expires_on="2027-03-20", bill=bill,
        payment_term="cheque", terms="تحویل در تهران",
    )  # fmt: skip


def made(program: httpx.Client, module: str, **values: Any) -> str:
    answer = program.post(f"/api/v1/{module}", json=values)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def words_of(pdf: bytes) -> str:
    """The text of all pages as a reader copies it, blanks made one."""
    document = pypdfium2.PdfDocument(pdf)
    return re.sub(r"\s+", " ", " ".join(page.get_textpage().get_text_range() for page in document))


def pictures(pdf: bytes) -> int:
    """How many pictures its first page shows."""
    [page, *_] = pypdfium2.PdfDocument(pdf)
    return sum(1 for _ in page.get_objects([pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]))


def template(program: httpx.Client, **values: Any) -> str:
    return made(program, "pdf_templates", **{"name": "آزمایش", "used_for": "quotes", "language": "fa", **values})


def test_a_template_has_a_cover_before_and_a_pdf_behind_and_the_document_says_which_version_made_it(
    program: httpx.Client, sara: Browser, quote: str
) -> None:
    terms = program.get(f"/api/v1/quotes/{quote}/pdf").content
    [behind, text] = [
        program.post("/api/v1/files", files={"file": file}).json()["key"]
        for file in (("terms.pdf", terms), ("terms.txt", b"x"))
    ]
    own = template(
        program, cover="<h1>{{ record.name }}، جلد</h1>", body="<p>متن</p>", footer="پابرگ", appendix={"key": behind}
    )
    pdf = pypdfium2.PdfDocument(program.get(f"/api/v1/quotes/{quote}/pdf?template={own}").content)
    cover, body, *last = [page.get_textpage().get_text_range() for page in pdf]
    assert "خرید چاپگر، جلد" in cover and "پابرگ" not in cover
    assert "متن" in body and "پابرگ" in body
    assert "بازرگانی آفتاب" in last[0] and len(last) == len(pypdfium2.PdfDocument(terms))
    assert pdf.get_metadata_value("Keywords") == "آزمایش · 1"
    assert "آزمایش · 1" in sara.get(f"/quotes/{quote}/history").text
    wrong = program.patch(f"/api/v1/pdf_templates/{own}", json={"appendix": {"key": text}, "version": 1})
    assert wrong.status_code == 422 and "appendix" in wrong.json()["errors"]


def test_words_written_once_stand_where_templates_name_them(program: httpx.Client, sara: Browser, quote: str) -> None:
    block = made(program, "text_blocks", name="شرایط", tag="Terms_7", body="<p>ویژ <b>{{ account.name }}</b></p>")
    own = template(program, body="{{ text.terms_7 }}")
    assert "ویژ بازرگانی آفتاب" in words_of(program.get(f"/api/v1/quotes/{quote}/pdf?template={own}").content)
    assert "{{ text.Terms_7 }}" in sara.get(f"/pdf_templates/{own}/editor").text
    assert program.post("/api/v1/text_blocks", json={"name": "دوم", "tag": "Terms_7", "body": "x"}).status_code == 422
    assert program.delete(f"/api/v1/text_blocks/{block}").status_code == 204
    told = program.get(f"/api/v1/quotes/{quote}/pdf?template={own}")
    assert told.status_code == 422 and "text.terms_7" in told.text


def test_31_a_persian_quote_says_its_amounts_and_words_in_logical_order(program: httpx.Client, quote: str) -> None:
    answer = program.get(f"/api/v1/quotes/{quote}/pdf")
    assert answer.headers["content-type"] == "application/pdf"
    text = words_of(answer.content)
    assert amount_in_words(PAYABLE, "IRR", PERSIAN, catalogue("fa")) in text
    assert "۴٬۴۲۵٬۰۰۰" in text and "بازرگانی آفتاب" in text and "چکی" in text
    assert "۱۴۰۵/۱۲/۲۹" in text and "تحویل در تهران" in text


def test_an_english_template_speaks_english_whoever_prints(program: httpx.Client, quote: str) -> None:
    text = words_of(program.get(f"/api/v1/quotes/{quote}/pdf?template={template(program, language='en')}").content)
    assert "Grand total" in text and "44,250,000" in text and "20 Mar 2027" in text and "Page 1 of 1" in text


def test_a_long_document_repeats_its_head_and_counts_its_pages(program: httpx.Client) -> None:
    account = made(program, "accounts", name="شرکت پرخرید")
    lines = [{"kind": "good", "name": f"کالای {n}", "quantity": "1", "list_price": "1000"} for n in range(90)]
    bill = {"currency": "IRR", "lines": lines}
    id_ = made(program, "quotes", name="دراز", account=account, stage="draft", expires_on="2027-03-20", bill=bill)
    body = program.get(f"/api/v1/quotes/{id_}/pdf?template={template(program)}").content
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(body)]
    assert len(pages) > 2 and all("بهای واحد" in page for page in pages[:-1])
    number = to_persian(str(len(pages)))
    for place, page in enumerate(pages, 1):
        assert {to_persian(str(place)), "از", number} <= set(page.split()[-6:]), page[-80:]


def test_a_template_carries_the_companys_logo_and_details(program: httpx.Client, sara: Browser, quote: str) -> None:
    fields = {
        "_csrf": sara.token("/pdf_templates/new"), "name": "سربرگ‌دار", "used_for": "quotes", "language": "fa",
        "page_size": "a4", "orientation": "portrait", "company": "کد اقتصادی ۴۱۱", "logo.shown": "1",
    }  # fmt: skip
    refused = sara.http.post("/pdf_templates", data=fields, files={"logo": ("logo.png", b"<svg/>")})
    assert refused.status_code == 422
    added = sara.http.post("/pdf_templates", data=fields, files={"logo": ("logo.png", picture("PNG"))})
    id_ = added.headers["location"].split("?")[0].rsplit("/", 1)[-1]
    answer = program.get(f"/api/v1/quotes/{quote}/pdf?template={id_}")
    assert "کد اقتصادی ۴۱۱" in words_of(answer.content) and pictures(answer.content) == 1
    assert pictures(program.get(f"/api/v1/quotes/{quote}/pdf?template={template(program)}").content) == 0


def test_the_documents_of_chosen_records_come_in_one_file(program: httpx.Client, sara: Browser, quote: str) -> None:
    account = program.get(f"/api/v1/quotes/{quote}").json()["account"]["id"]
    bill = {"currency": "IRR", "lines": LINES}
    facts: dict[str, Any] = {"account": account, "stage": "draft", "expires_on": "2027-03-20", "bill": bill}
    plain = made(program, "quotes", name="نخست", pdf_template=template(program), **facts)
    own = template(program, language="en", orientation="landscape")
    english = made(program, "quotes", name="دوم", pdf_template=own, **facts)
    answer = together(sara, [english, plain])
    assert answer.headers["content-disposition"].startswith("attachment")
    first, *_, last = pypdfium2.PdfDocument(answer.content)
    assert first.get_width() > first.get_height() and last.get_width() < last.get_height()
    assert "Page 1 of 2" in first.get_textpage().get_text_range()
    assert {"نخست", "۱", "از"} <= set(last.get_textpage().get_text_range().split())
    assert together(sara, [plain] * 31).status_code == 409 and together(sara, []).status_code == 422


def together(sara: Browser, ids: list[str]) -> httpx.Response:
    return sara.http.post("/quotes/papers", data={"_csrf": sara.token("/quotes"), "id": ids})


@pytest.fixture
def ear() -> Iterator[socket.socket]:
    """A listening place that nothing may call."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


def test_sec_25_a_hostile_template_draws_nothing_from_outside(
    program: httpx.Client, quote: str, ear: socket.socket
) -> None:
    there = f"http://127.0.0.1:{ear.getsockname()[1]}"
    body = (
        f'<link rel="stylesheet" href="{there}/a.css"><style>@import url({there}/b.css); p {{ background: url({there}/c.png) }}'
        f'</style><img src="{there}/d.png"><img src="file:///etc/passwd"><object data="file:///etc/passwd"></object>'
        f'<a rel="attachment" href="file:///etc/passwd">x</a><link rel="attachment" href="file:///etc/passwd">'
        f'<iframe src="{there}"></iframe><script>fetch("{there}")</script>'
        f'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/><use href="{there}/e.svg"/></svg><p>end</p>'
    )
    drawing = b64encode(b'<svg xmlns="http://www.w3.org/2000/svg"><text y="20">vector</text></svg>').decode()
    dot = b64encode(picture("PNG")).decode()
    body += f'<img src="data:image/svg+xml;base64,{drawing}"><img src="data:image/png;base64,{drawing}">'
    body += f'<svg><text y="20">vector</text></svg>after it<img src="data:image/png;base64,{dot}">'
    answer = program.get(f"/api/v1/quotes/{quote}/pdf?template={template(program, body=body)}")
    assert answer.status_code == 200 and b"root:" not in answer.content and "end" in words_of(answer.content)
    assert "vector" not in words_of(answer.content) and "after it" in words_of(answer.content)
    assert pictures(answer.content) == 1
    with pytest.raises(BlockingIOError):
        ear.accept()


@pytest.mark.parametrize(
    "body",
    [
        "{{ record.password }}",
        "{{ record.__class__ }}",
        "{% each x in record.name %}{% endeach %}",
        "<p {{ record.name }}>",
    ],
)
def test_sec_14_a_template_that_is_no_good_is_refused_with_its_reason(
    program: httpx.Client, quote: str, body: str
) -> None:
    answer = program.get(f"/api/v1/quotes/{quote}/pdf?template={template(program, body=body)}")
    assert answer.status_code == 422 and re.search("[\u0600-\u06ff]", answer.text)


def test_sec_22_a_template_that_eats_the_machine_is_stopped(program: httpx.Client, quote: str) -> None:
    body = "<table>" * 900 + "x"
    answer = program.get(f"/api/v1/quotes/{quote}/pdf?template={template(program, body=body)}", timeout=60)
    assert answer.status_code in (200, 422)
    assert program.get("/api/v1/quotes?limit=1").status_code == 200


def test_a_template_of_another_module_is_not_there(program: httpx.Client, quote: str) -> None:
    other = template(program, used_for="invoices")
    assert program.get(f"/api/v1/quotes/{quote}/pdf?template={other}").status_code == 404
    assert program.get(f"/api/v1/tasks/{quote}/pdf").status_code == 404


def test_the_document_is_looked_at_and_kept_as_a_note(sara: Browser, quote: str) -> None:
    page = sara.get(f"/quotes/{quote}/paper")
    assert 'value="info@aftab.example"' in page.text
    assert "data:image/webp;base64," in sara.get(f"/quotes/{quote}/paper/sheets").text
    assert sara.post(f"/quotes/{quote}/paper/keep").status_code == 303
    assert (
        "خرید چاپگر.pdf" in sara.get(f"/notes?filter[parent]={quote}").text or "خرید چاپگر" in sara.get("/notes").text
    )


def test_the_document_goes_to_the_customer_as_a_letter_of_its_record(
    site: Site, program: httpx.Client, sara: Browser, quote: str
) -> None:
    letter = {"to": "buyer@aftab.example", "subject": "پیش‌فاکتور", "text": "سلام\n\nپیوست را ببینید"}
    assert sara.post(f"/quotes/{quote}/paper/mail", **letter).status_code == 303
    with connect(site, TENANT) as owner:
        [[id_]] = owner.execute(MAIL.encode()).fetchall()
    sent = program.get(f"/api/v1/emails/{id_}").json()
    assert (sent["recipients"], sent["name"], sent["status"]) == (letter["to"], letter["subject"], "queued")
    assert sent["description"].split() == letter["text"].split()
    [file] = sent["attachments"]
    assert file["name"].endswith("خرید چاپگر.pdf")
    with connect(site, TENANT) as owner:
        assert owner.execute(LINKED.encode(), (id_,)).fetchall() == [("quotes", UUID(quote))]
    assert "پیش‌فاکتور" in sara.get(f"/mail/{id_}").text
    assert sara.post(f"/quotes/{quote}/paper/mail", **letter, how="written").status_code == 303
    with connect(site, TENANT) as owner:
        [[id_]] = owner.execute(MAIL.encode()).fetchall()
    inside = program.get(f"/api/v1/emails/{id_}").json()
    assert not inside["attachments"] and inside["body"].startswith(sent["body"])
    assert len(inside["body"]) > len(sent["body"]), "the document stands in the letter"


def test_a_mailed_quote_counts_as_delivered_and_an_answered_one_stays(
    program: httpx.Client, sara: Browser, quote: str
) -> None:
    letter = {"to": "buyer@aftab.example", "subject": "x", "text": "y"}
    record = program.get(f"/api/v1/quotes/{quote}").json()
    for before, after in (("draft", "delivered"), ("negotiation", "delivered"), ("closed_accepted", "closed_accepted")):
        sent = made(
            program, "quotes", name="x", account=record["account"]["id"], stage=before, expires_on="2027-03-20", bill={
                "currency": "IRR", "lines": LINES
            },
        )  # fmt: skip
        assert sara.post(f"/quotes/{sent}/paper/mail", **letter).status_code == 303
        assert program.get(f"/api/v1/quotes/{sent}").json()["stage"] == after


def test_a_quote_outlives_its_template(program: httpx.Client, quote: str) -> None:
    own = template(program, body="<p>به سبک خودم</p>")
    record = program.get(f"/api/v1/quotes/{quote}").json()
    chosen = {"pdf_template": own, "version": record["version"]}
    assert program.patch(f"/api/v1/quotes/{quote}", json=chosen).status_code == 200
    assert "به سبک خودم" in words_of(program.get(f"/api/v1/quotes/{quote}/pdf").content)
    assert program.delete(f"/api/v1/pdf_templates/{own}").status_code == 204
    answer = program.get(f"/api/v1/quotes/{quote}/pdf")
    assert answer.status_code == 200 and "به سبک خودم" not in words_of(answer.content)


@pytest.mark.parametrize(
    "wrong",
    [{"to": "nobody"}, {"to": ""}, {"subject": ""}, {"to": "a@b.example\r\nBcc: x@y.example"}, {"text": "x" * 10_001}],
)
def test_sec_16_a_letter_that_is_no_good_comes_back(sara: Browser, quote: str, wrong: dict[str, str]) -> None:
    letter = {"to": "buyer@aftab.example", "subject": "x", "text": "y", **wrong}
    answer = sara.post(f"/quotes/{quote}/paper/mail", **letter)
    assert answer.status_code == 422 and "err" in answer.text


def test_the_editor_shows_the_shipped_template_and_keeps_what_is_written(
    program: httpx.Client, sara: Browser, quote: str
) -> None:
    id_ = template(program)
    page = sara.get(f"/pdf_templates/{id_}/editor").text
    assert "{% each line in record.lines %}" in page and "{{ account.phone_office }}" in page
    shown = sara.post(f"/pdf_templates/{id_}/preview", body="<h1>{{ record.name }}</h1>", sample=quote)
    assert "data:image/webp;base64," in shown.text
    told = sara.post(f"/pdf_templates/{id_}/preview", body="{{ nothing }}", sample=quote)
    assert "nothing" in told.text and "data:image" not in told.text
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    kept = sara.post(f"/pdf_templates/{id_}/editor", body="<h1>نو</h1>", header="", footer="", version=version[1])
    assert kept.status_code == 303 and "&lt;h1&gt;نو" in sara.get(f"/pdf_templates/{id_}/editor").text
