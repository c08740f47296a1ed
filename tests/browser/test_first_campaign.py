"""The first campaign of a new company, from the invitation to what it earned, with every part of the product at work."""

import csv
import io
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from crm_domain.modules import REGISTRY
from tests.browser.walk import Walk, digits, t
from tests.machine import Machine, until

pytestmark = pytest.mark.timeout(600)
ROWS, FAULTY, MEANT, CLOSED, TWICE = 5_000, 3, 40, 4, 1
LIVE = MEANT - CLOSED - TWICE
"""Mails that leave: all members but those of the closed domain and the second of one address."""
OWNER, COMPANY, CUSTOMERS, LISTED = "boss@aftab.example", "فروشگاه آفتاب", "مهرگان", "مشتریان مهرگان"
EVERYBODY = "نمایشگاه پاییز"
HEAD = ["نام", "نام خانوادگی", "ایمیل", "شرکت", "تلفن همراه", "تاریخ تولد"]
BODY = """<h1>سلام {{ contact.first_name | default:"دوست گرامی" }}</h1><p>فروش پاییزه آغاز شد.</p>
<p><a href="{catalogue}">دیدن کاتالوگ</a></p><p><a href="{leave}">لغو عضویت</a></p>"""


def address(number: int) -> str:
    """Of the person in a row: some at a domain that wants nothing, one written twice, each other at his own provider."""
    if number < CLOSED:
        return f"person{number}@closed.example"
    number = max(number, CLOSED + TWICE)
    return f"person{number}@site{number % 17}.example"


def table() -> bytes:
    """What the company's old program gave out."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEAD)
    for number in range(ROWS):
        company = f"گروه {CUSTOMERS}" if number < MEANT else f"بازرگانی شمارهٔ {number % 300}"
        mail = "نشانی ندارد" if number >= ROWS - FAULTY else address(number)
        writer.writerow(
            [f"مینا{number}", f"احمدی‌نژاد {number}", mail, company, f"۰۹۱۲{number:07}", f"۱۳۶۰/۰۵/{number % 28 + 1:02}"]
        )
    return out.getvalue().encode("utf-8-sig")


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    made = Machine(tmp_path_factory.mktemp("machine"))
    made.up("--no-demo")
    yield made
    made.down()


@pytest.fixture
def walk(chromium: Browser, machine: Machine) -> Iterator[Walk]:
    made = machine.command("tenant", "create", "aftab", "--name", COMPANY, "--locale", "fa", "--admin-email", OWNER)
    assert made.returncode == 0, made.stderr
    walk = Walk(chromium, machine, "aftab")
    yield walk
    walk.context.close()
    assert walk.faults == []


def test_the_first_campaign_end_to_end(walk: Walk) -> None:
    walk.accept_invitation(OWNER)
    people_come_in(walk)
    lists(walk)
    campaign = plan(walk)
    mailing = write(walk, campaign)
    trial(walk, campaign, mailing)
    send(walk, mailing)
    readers_answer(walk)
    figures(walk, campaign)
    returns(walk, campaign)


def people_come_in(walk: Walk) -> None:
    """The file, as the wizard understands it by itself, with its faulty rows told."""
    page = walk.page
    page.goto("/targets/import")
    page.locator("[name=file]").set_input_files({"name": "اهداف.csv", "mimeType": "text/csv", "buffer": table()})
    page.locator(".actions .primary").click()
    page.wait_for_url(re.compile(r"/targets/import/[0-9a-f-]{36}$"))
    chosen = [page.locator(f"[name=column-{number}]").input_value() for number in range(len(HEAD))]
    assert chosen == ["first_name", "last_name", "emails", "account_name", "phone_mobile", "birthdate"]
    page.locator("#gather-name").fill(EVERYBODY)
    page.locator(".actions .primary").click()
    page.locator(".actions .primary").click()
    expect(page.get_by_role("link", name=t("jobs.open_result"))).to_be_visible(timeout=240_000)
    page.get_by_role("link", name=t("jobs.open_result")).click()
    counts = {
        pair.locator("dt").inner_text(): digits(pair.locator("dd").inner_text())
        for pair in page.locator(".strip > div").all()
    }
    assert counts == {t("imports.did.created"): ROWS - FAULTY, t("imports.did.failed"): FAULTY}
    page.get_by_role("link", name=EVERYBODY).click()
    assert digits(walk.panel("targets").locator(".count").inner_text()) == ROWS - FAULTY


def lists(walk: Walk) -> None:
    """Whom it is for, whom it spares, and who looks at it first."""
    page = walk.page
    page.goto(f"/targets?q={CUSTOMERS}")
    page.locator("thead .check").check()
    page.locator(".bulk [name=all]").check()
    page.get_by_role("button", name=t("target_lists.gather")).click()
    page.locator("#gather-name").fill(LISTED)
    page.locator(".actions .primary").click()
    page.wait_for_url(re.compile(r"/target_lists/[0-9a-f-]{36}$"))
    assert digits(walk.panel("targets").locator(".count").inner_text()) == MEANT
    walk.make("target_lists", name="دامنه‌های بسته", list_type="exempt_domain")
    page.locator("#entries-values").fill("closed.example")
    page.locator("#entries").get_by_role("button", name=t("target_lists.entries.add")).click()
    expect(page.locator("#entries .entries")).to_contain_text("closed.example")
    walk.make("target_lists", name="همکاران آزمایش", list_type="test")
    walk.link("users", "admin")


def plan(walk: Walk) -> str:
    """The campaign with its money, its lists and its links."""
    campaign = walk.make(
        "campaigns", name="فروش پاییزه", campaign_type="email", status="active", end_date="2030-01-01",
        budget="12000000", actual_cost="10000000", expected_revenue="50000000",
    )  # fmt: skip
    for name in (LISTED, "دامنه‌های بسته", "همکاران آزمایش"):
        walk.link("target_lists", name)
    shop = f"http://localhost:{walk.machine.ports.mailbox}/"
    walk.create_in("tracker_urls", "tracker_urls", name="catalogue", url=shop)
    walk.create_in("tracker_urls", "tracker_urls", name="leave", is_opt_out="")
    return campaign


def write(walk: Walk, campaign: str) -> str:
    """The letter beside its preview, the mailbox for returned mail, and the marketing record."""
    page = walk.page
    template = walk.make("email_templates", name="فروش پاییزه", subject="فروش پاییزه")
    page.goto(f"/email_templates/{template}/editor")
    page.locator("#t-html").fill(BODY)
    expect(page.frame_locator("iframe.letter").locator("h1")).to_contain_text("سلام")
    page.locator(".actions [data-save]").click()
    walk.said(t("record.saved"))
    page.goto(f"/email_templates/{template}/edit")
    page.locator("#f-attachments-field").evaluate("(field) => field.closest('details')?.setAttribute('open', '')")
    prices = {"name": "قیمت‌ها.txt", "mimeType": "text/plain", "buffer": "چرخ ۱۲۰٬۰۰۰".encode()}
    page.locator("#f-attachments-field input[type=file]").set_input_files(prices)
    expect(page.locator("#f-attachments-field")).to_contain_text("قیمت‌ها.txt")
    page.locator(".actions [data-save]").click()
    page.wait_for_url(re.compile(rf"/email_templates/{template}$"))
    walk.make(
        "bounce_accounts", name="برگشتی‌ها", protocol="imap", host="localhost", port="143", security="none",
        user_name="bounce", address="bounce@aftab.example",
    )  # fmt: skip
    page.goto(f"/campaigns/{campaign}/send")
    page.get_by_role("link", name=t("email_marketing.new")).click()
    given = {"name": "نوبت نخست", "template": "فروش پاییزه", "bounce_account": "برگشتی‌ها", "from_name": COMPANY}
    return walk.save(REGISTRY["email_marketing"], {**given, "from_addr": "news@aftab.example"})


def trial(walk: Walk, campaign: str, mailing: str) -> None:
    """Send Test reaches the test list alone and is erased without a trace."""
    page, before = walk.page, len(walk.mails())
    page.goto(f"/email_marketing/{mailing}/send")
    page.get_by_role("button", name=t("mailing.send_test")).click()
    until(lambda: len(walk.mails(OWNER)) == 2, "no trial came")
    assert len(walk.mails()) == before + 1 and walk.mails(OWNER)[0]["subject"].startswith("[آزمایش]")
    page.goto(f"/campaigns/{campaign}/status")
    expect(page.locator("#status-body")).to_contain_text(t("target_list_type.test"))
    page.goto(f"/campaigns/{campaign}/send")
    page.get_by_role("button", name=t("campaigns.delete_tests")).click()
    page.locator("#confirm [value=yes]").click()
    walk.said(t("campaigns.tests_deleted", number="۱"))
    page.goto(f"/campaigns/{campaign}/status")
    expect(page.locator("#status-body")).not_to_contain_text(t("target_list_type.test"))


def send(walk: Walk, mailing: str) -> None:
    """The audience is told to the digit before the word is given; then every mail arrives."""
    page = walk.page
    page.goto(f"/email_marketing/{mailing}/send")
    audience = page.locator(".card", has=page.get_by_role("heading", name=t("mailing.audience")))
    assert digits(audience.locator(".figure").inner_text()) == LIVE
    spared = dict(
        zip(
            audience.locator("dt").all_inner_texts(), map(digits, audience.locator("dd").all_inner_texts()), strict=True
        )
    )
    assert spared == {t("skip_reason.by_domain"): CLOSED, t("skip_reason.duplicate"): TWICE}
    page.locator(".actions .primary").click()
    page.wait_for_url(re.compile("/status"))
    until(lambda: sum(mail["subject"] == "فروش پاییزه" for mail in walk.mails()) == LIVE, "not all mails arrived")
    reached = [mail["recipients"][0] for mail in walk.mails() if mail["subject"] == "فروش پاییزه"]
    assert sorted(reached) == sorted({address(number) for number in range(CLOSED, MEANT)})


def readers_answer(walk: Walk) -> None:
    """Three open it, one of them follows the link twice, another leaves."""
    mail = walk.mail(address(10))
    assert "سلام مینا10" in mail["html"] and len(mail["links"]) >= 2 and mail["attachments"] == ["قیمت‌ها.txt"]
    walk.reads(address(11))
    reader = walk.reads(address(12))
    for _ in range(2):
        with reader.context.expect_page() as shop:
            reader.get_by_role("link", name="دیدن کاتالوگ").click()
        shop.value.wait_for_url(f"http://localhost:{walk.machine.ports.mailbox}/")
    leaver = walk.reads(address(13))
    with leaver.context.expect_page() as farewell:
        leaver.get_by_role("link", name="لغو عضویت").click()
    farewell.value.locator("button").first.click()
    expect(farewell.value.locator("h1")).to_have_text("عضویت شما لغو شد")


def figures(walk: Walk, campaign: str) -> None:
    """View Status, right to the digit, and the people behind its bars."""
    page = walk.page
    expected = {"targeted": LIVE, "viewed": 3, "link": 1, "removed": 1, "blocked": CLOSED}
    bars = dict.fromkeys(("invalid", "send_error", "lead", "contact"), 0) | expected

    def shown() -> dict[str, int]:
        page.goto(f"/campaigns/{campaign}/status")
        rows = page.locator("#status-body .hbar a")
        return {
            str(row.get_attribute("href")).rpartition("/")[2].partition("?")[0]: digits(row.locator(".v").inner_text())
            for row in rows.all()
        }

    until(lambda: shown() == bars, f"{shown()} instead of {bars}")
    page.locator(".hbar a", has_text=t("campaign_log_activity.link")).click()
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody tr")).to_contain_text("مینا12")
    assert digits(page.locator("tbody .num").inner_text()) == 2


def returns(walk: Walk, campaign: str) -> None:
    """A deal that was won through it: (40 − 10) / 10 million is 300 per cent."""
    page = walk.page
    walk.make("accounts", name="گروه مهرگان")
    walk.make(
        "opportunities", name="سفارش پاییز", account="گروه مهرگان", amount="40000000", closes_on="2026-11-25",
        stage="closed_won", campaign="فروش پاییزه",
    )  # fmt: skip
    page.goto(f"/campaigns/{campaign}/roi")
    assert digits(page.locator(".figure").first.inner_text()) == 300
    expect(page.locator("tbody")).to_contain_text("سفارش پاییز")
