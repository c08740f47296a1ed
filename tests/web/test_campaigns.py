"""Marketing in the browser: lists filled at once, what became of a campaign, what it earned, letters beside their preview."""

import csv
import io
import re
from typing import Any
from urllib.parse import quote

import pytest

LINK = 'href="/{module}/([0-9a-f-]{{36}})"[^>]*><bdi>{name}<'
RADIO = {"status": "active", "campaign_type": "radio", "end_date": "1409/12/01", "consent_policy": "none"}
NEWSLETTER, SUBSCRIBERS = "خبرنامهٔ ماهانه", "مشترکان خبرنامه"


@pytest.fixture(scope="module")
def sara(site: Any) -> Any:
    return site.browser("pishro")


def found(browser: Any, module: str, name: str) -> str:
    """The id of the record of that name, as its list shows it."""
    page = browser.get(f"/{module}?q={quote(name)}").text
    match = re.search(LINK.format(module=module, name=re.escape(name)), page)
    assert match, (module, name)
    return match[1]


def entries(browser: Any, list_id: str, module: str) -> int:
    """How many members of a module a list's panel counts."""
    page = browser.get(f"/target_lists/{list_id}/related/{module}").text
    count = re.search(r'class="count">([۰-۹٬]+)<', page)
    assert count
    return int(count[1].replace("٬", ""))


def new_list(browser: Any, name: str, list_type: str = "default") -> str:
    answer = browser.post("/target_lists", at="/target_lists/new", name=name, list_type=list_type)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].rpartition("/")[2]


def test_ticked_rows_and_entire_results_join_a_list(sara: Any) -> None:
    page = sara.get("/targets?all=1").text
    ids = re.findall(r'name="id" value="([0-9a-f-]{36})"', page)[:2]
    list_id = new_list(sara, "دو نفر")
    token = sara.token("/targets")
    ticked = {"_csrf": token, "id": ids, "list": list_id, "decided": "1"}
    assert sara.http.post("/targets/gather", data=ticked).status_code == 303
    assert entries(sara, list_id, "targets") == 2
    whole = {"_csrf": token, "all": "1", "name": "همهٔ اهداف", "decided": "1"}
    answer = sara.http.post("/targets/gather", data=whole)
    assert entries(sara, answer.headers["location"].rpartition("/")[2], "targets") == 120


def test_the_list_is_asked_for_with_the_selection_kept(sara: Any) -> None:
    answer = sara.http.post("/accounts/gather", data={"_csrf": sara.token("/accounts"), "all": "1", "q": "فولاد"})
    assert answer.status_code == 200
    assert 'name="q" value="فولاد"' in answer.text
    assert 'name="along"' in answer.text
    refused = sara.http.post("/accounts/gather", data={"_csrf": sara.token("/accounts"), "all": "1", "decided": "1"})
    assert refused.status_code == 422


def test_status_counts_and_leads_to_the_people(sara: Any) -> None:
    campaign = found(sara, "campaigns", NEWSLETTER)
    newest, all_ = (sara.get(f"/campaigns/{campaign}/status{query}").text for query in ("", "?marketing=all"))
    figures = [re.findall(r'class="v">([۰-۹٬]+)<', page) for page in (newest, all_)]
    assert len(figures[0]) == len(figures[1]) == 9
    assert int(figures[0][0].replace("٬", "")) < int(figures[1][0].replace("٬", ""))
    people = sara.get(f"/campaigns/{campaign}/status/viewed?marketing=all")
    assert people.status_code == 200
    assert re.search(r'href="/(contacts|targets)/[0-9a-f-]{36}"><bdi>', people.text)


def counts(page: str) -> list[int]:
    """How many people stand at the first bars of the chart, those of mails."""
    return [int(text.replace("٬", "")) for text in re.findall(r'class="v">([۰-۹٬]+)<', page)[:4]]


def test_49_the_filter_changes_bars_and_people_alike(sara: Any) -> None:
    campaign = found(sara, "campaigns", NEWSLETTER)
    page = sara.get(f"/campaigns/{campaign}/status?marketing=all").text
    mailings = re.findall(r'<option value="([0-9a-f-]{36})"', page)
    assert len(mailings) == 3
    parts: list[list[int]] = []
    for mailing in mailings:
        narrowed = sara.get(f"/campaigns/{campaign}/status?marketing={mailing}").text
        assert narrowed.count(f"/status/viewed?marketing={mailing}") >= 2
        parts.append(counts(narrowed))
    whole = counts(page)
    assert all(whole) and whole == [sum(part) for part in zip(*parts, strict=True)]


def test_those_behind_a_bar_join_a_list(sara: Any) -> None:
    campaign, list_id = found(sara, "campaigns", NEWSLETTER), new_list(sara, "کلیک‌کنندگان")
    answer = sara.post(f"/campaigns/{campaign}/status/link/gather", at="/campaigns", list=list_id, marketing="all")
    assert answer.status_code == 303
    assert entries(sara, list_id, "contacts") + entries(sara, list_id, "targets") > 10


def rate(browser: Any, currency: str, per_base: str) -> None:
    """Changes what a currency is worth."""
    version = re.search(r'name="version" value="([0-9]+)"', browser.get(f"/currencies/{currency}/edit").text)
    assert version
    path = f"/currencies/{currency}"
    answer = browser.post(path, at=f"{path}/edit", version=version[1], conversion_rate=per_base)
    assert answer.status_code == 303, answer.text


def test_46_roi_counts_won_deals_each_at_the_rate_kept_with_it(sara: Any) -> None:
    """Rials are typed as tomans, ten each."""
    account, dollar = made(sara, "accounts", name="خریدار نمایشگاه"), found(sara, "currencies", "دلار آمریکا")
    spent = {"impressions": "200000", "actual_cost": "1000000", "actual_cost.currency": "IRR"}
    campaign = made(sara, "campaigns", name="نمایشگاه بهار", **spent, **RADIO)
    rate(sara, dollar, "0.000002")
    deals = [("3000000", "IRR", "closed_won"), ("100", "USD", "closed_won"), ("50000000", "IRR", "closed_lost")]
    for amount, currency, stage in deals:
        made(
            sara, "opportunities", name=f"{amount} {currency}", account=account, campaign=campaign, stage=stage,
            closes_on="1405/09/01", lost_reason="price", **{"amount": amount, "amount.currency": currency},
        )  # fmt: skip
    rate(sara, dollar, "0.0000008696")
    roi = sara.http.get(f"/api/v1/campaigns/{campaign}/roi", headers=programs(sara)).json()
    assert (float(roi["money"]["revenue"]), roi["money"]["won"]) == (80_000_000, 2)
    assert (float(roi["returns"]["roi"]), float(roi["returns"]["per_impression"])) == (700, 50)
    assert re.search(r'class="figure">۷۰۰٪<', sara.get(f"/campaigns/{campaign}/roi").text)
    mine = sara.http.get("/home/top:mine", headers={"hx-request": "true"}).text
    assert f'href="/campaigns/{campaign}/roi"' in mine and "۷۰۰٪" in mine
    assert "کارت سال نو" not in sara.get("/home/top:ever").text
    assert sara.get("/home/top:nobody").status_code == 404
    silent = found(sara, "campaigns", "کارت سال نو")
    assert re.search(r'class="figure">—<', sara.get(f"/campaigns/{silent}/roi").text)


def test_50_another_company_finds_nothing(site: Any, sara: Any) -> None:
    campaign = found(sara, "campaigns", NEWSLETTER)
    stranger = site.browser("northwind")
    for path in ("status", "status/viewed", "roi"):
        assert stranger.get(f"/campaigns/{campaign}/{path}").status_code == 404


def test_domains_are_pasted_and_taken_away(sara: Any) -> None:
    list_id = new_list(sara, "دامنه‌ها", "exempt_domain")
    answer = sara.post(
        f"/target_lists/{list_id}/entries", at="/target_lists", values="B.com\n@c.ir; not a domain", wide="1"
    )
    assert "b.com" in answer.text
    assert "c.ir" in answer.text
    assert "not a domain" in answer.text
    left = sara.post(f"/target_lists/{list_id}/entries/drop", at="/target_lists", value="b.com").text
    assert "b.com" not in left
    assert sara.get(f"/target_lists/{found(sara, 'target_lists', SUBSCRIBERS)}/entries").status_code == 404


def test_a_letter_is_shown_as_a_reader_sees_it_and_runs_nothing(sara: Any) -> None:
    template = found(sara, "email_templates", NEWSLETTER)
    body = '<script>alert(1)</script><h1>سلام {{ recipient.first_name | default:"دوست" }}</h1>'
    answer = sara.post(
        f"/email_templates/{template}/preview", at="/email_templates", subject="س", body_html=body, language="fa"
    )
    assert "سلام سارا" in answer.text
    assert 'dir="rtl"' in answer.text
    policy = answer.headers["content-security-policy"]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


def test_29_an_unknown_tag_is_named_while_writing(sara: Any) -> None:
    template = found(sara, "email_templates", NEWSLETTER)
    answer = sara.post(
        f"/email_templates/{template}/lint",
        at="/email_templates",
        subject="س",
        body_html="<p>{{ contact.shoe }}</p>",
        language="fa",
    )
    assert "contact.shoe" in answer.text


def test_a_template_is_saved_from_its_editor(sara: Any) -> None:
    template = found(sara, "email_templates", "دعوت به همایش")
    path = f"/email_templates/{template}/editor"
    version = re.search(r'name="version" value="(\d+)"', sara.get(path).text)
    assert version
    saved = sara.post(path, at=path, subject="موضوع تازه", body_html="<p>متن</p>", language="fa", version=version[1])
    assert saved.status_code == 303
    assert "موضوع تازه" in sara.get(path).text


# Sending: what stands against it, whom it reaches, and the word to go.


def test_29_a_template_with_an_unknown_tag_is_not_sent_and_the_tag_is_named(sara: Any) -> None:
    mailing, template = found(sara, "email_marketing", "دعوت‌نامه"), found(sara, "email_templates", "دعوت به همایش")
    path = f"/email_templates/{template}/editor"
    version = re.search(r'name="version" value="(\d+)"', sara.get(path).text)
    assert version
    kept = {"subject": "س", "language": "fa", "body_html": "<p>{{ contact.shoe }}</p>", "version": version[1]}
    sara.post(path, at=path, **kept)
    page = sara.get(f"/email_marketing/{mailing}/send").text
    assert "contact.shoe" in page
    refused = sara.post(f"/email_marketing/{mailing}/send", at="/campaigns")
    assert refused.status_code in (409, 422)
    version = re.search(r'name="version" value="(\d+)"', sara.get(path).text)
    assert version
    sara.post(path, at=path, **{**kept, "body_html": "<p>سلام</p>", "version": version[1]})


def test_19_the_audience_is_told_with_reasons_and_scheduling_twice_is_refused(sara: Any) -> None:
    mailing = found(sara, "email_marketing", "دعوت‌نامه")
    page = sara.get(f"/email_marketing/{mailing}/send").text
    assert "بدون نشانی اصلی" in page
    assert sara.post(f"/email_marketing/{mailing}/send", at="/campaigns").status_code == 303
    assert sara.post(f"/email_marketing/{mailing}/send", at="/campaigns").status_code in (409, 422)
    assert "زمان‌بندی‌شده" in sara.get(f"/email_marketing/{mailing}/send").text
    assert sara.post(f"/email_marketing/{mailing}/unschedule", at="/campaigns").status_code == 303


FIGURE = re.compile(r'class="figure">([۰-۹٬]+)<')


def test_16_a_new_issue_is_a_record_of_its_own(sara: Any) -> None:
    issue = found(sara, "email_marketing", "شمارهٔ آبان")
    page = sara.get(f"/email_marketing/{issue}/send").text
    assert "شمارهٔ تازه بسازید" in page
    answer = sara.post(f"/email_marketing/{issue}/issue", at="/campaigns")
    made = answer.headers["location"].split("/")[2]
    assert made != issue
    assert "پیش‌نویس" in sara.get(f"/email_marketing/{made}").text
    fresh = sara.get(f"/email_marketing/{made}/send").text
    assert "شمارهٔ تازه بسازید" not in fresh
    old, new = (int(FIGURE.findall(shown)[0].replace("٬", "")) for shown in (page, fresh))
    assert old < new, "the old one is for those who came since, the new one for all"


def test_47_a_radio_campaign_is_marked_as_sent_and_that_is_taken_back(sara: Any) -> None:
    campaign = found(sara, "campaigns", "تماس با مشتریان خاموش")
    before = sara.get(f"/campaigns/{campaign}/status").text
    assert "mark-as-sent" in before
    assert sara.post(f"/campaigns/{campaign}/mark-as-sent", at="/campaigns").status_code == 303
    marked = re.findall(r'class="v">([۰-۹٬]+)<', sara.get(f"/campaigns/{campaign}/status").text)
    assert marked[0] == "۹۰"
    assert sara.post(f"/campaigns/{campaign}/unmark", at="/campaigns").status_code == 303
    mailed = found(sara, "campaigns", NEWSLETTER)
    assert sara.post(f"/campaigns/{mailed}/mark-as-sent", at="/campaigns").status_code == 404


def brought(browser: Any, campaign: str) -> list[str]:
    """The last two bars: leads and contacts created."""
    return re.findall(r'class="v">([۰-۹٬]+)<', browser.get(f"/campaigns/{campaign}/status").text)[-2:]


def made(browser: Any, module: str, **values: str) -> str:
    """The id of a new record."""
    answer = browser.post(f"/{module}", at=f"/{module}/new", **values)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].rpartition("/")[2]


def test_leads_and_contacts_of_a_campaign_are_counted_however_they_came(sara: Any) -> None:
    campaign = made(sara, "campaigns", name="آگهی رادیو", **RADIO)
    assert brought(sara, campaign) == ["۰", "۰"]
    made(sara, "leads", last_name="یکم", campaign=campaign)
    target = made(sara, "targets", last_name="دوم", campaign=campaign)
    answer = sara.post(f"/targets/{target}/convert", at=f"/targets/{target}/convert")
    lead = answer.headers["location"].removesuffix("/edit")
    assert brought(sara, campaign) == ["۲", "۰"]
    done = sara.post(
        f"{lead}/convert", at=f"{lead}/convert", **{
            "contact-choice": "new", "contact.last_name": "دوم", "account-choice": "new", "account.name": "شرکت دوم",
        },
    )  # fmt: skip
    assert done.status_code == 303, done.text
    made(sara, "contacts", last_name="بی‌کمپین")
    assert brought(sara, campaign) == ["۲", "۱"]


def test_the_queue_leaves_as_a_file_narrowed_like_its_page(sara: Any) -> None:
    campaign = found(sara, "campaigns", NEWSLETTER)
    url = f"/campaigns/{campaign}/queue/export"
    assert f"{url}?marketing=" in sara.get(f"/campaigns/{campaign}/queue").text
    whole, sent = (sara.get(f"{url}?marketing=all&status={state}") for state in ("", "sent"))
    assert whole.headers["content-type"].startswith("text/csv")
    rows = [list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))) for answer in (whole, sent)]
    assert rows[0][0] == rows[1][0] and rows[0][0][:2] == ["گیرنده", "نشانی"]
    assert len(rows[0]) >= len(rows[1]) > 1 and {row[4] for row in rows[1][1:]} == {"ارسال‌شده"}


def test_the_queue_page_opens_with_its_filters(sara: Any) -> None:
    campaign = found(sara, "campaigns", NEWSLETTER)
    for query in ("", "?status=sent", "?marketing=all&status=uncertain", "?address=x%25"):
        assert sara.get(f"/campaigns/{campaign}/queue{query}").status_code == 200


def programs(browser: Any) -> dict[str, str]:
    """What a program sends that reads for this user."""
    page = browser.post("/settings/tokens", at="/settings/tokens", name="figures", scope="read").text
    token = re.search(r"<p>[^<]*</p><code>([^<]+)</code>", page)
    assert token
    return {"authorization": f"Bearer {token[1]}"}


def test_figures_come_over_the_api(site: Any, sara: Any) -> None:
    campaign, asked = found(sara, "campaigns", NEWSLETTER), programs(sara)
    status = sara.http.get(f"/api/v1/campaigns/{campaign}/status", headers=asked).json()
    assert status["figures"]["attempted"] == sum(status["bars"]["targeted"].values())
    assert 0 < status["rates"]["open_rate"] < 1
    roi = sara.http.get(f"/api/v1/campaigns/{campaign}/roi", headers=asked).json()
    assert roi["currency"] == "IRR"
    assert float(roi["returns"]["roi"]) > 0


def test_clicks_are_told_link_by_link_and_lead_to_those_who_followed_one(sara: Any) -> None:
    campaign = found(sara, "campaigns", NEWSLETTER)
    panel = sara.get(f"/campaigns/{campaign}/followed?marketing=all").text
    lines = re.findall(
        r'href="(/campaigns/[^"]+/status/link[^"]+)".*?class="num">([۰-۹٬]+)<', panel.replace("&amp;", "&")
    )
    assert lines and "https://www.example.com/fa/" in panel
    href, people = lines[0]
    page = sara.get(href).text
    assert len(re.findall(r'class="c-name"', page)) == min(int(people.replace("٬", "")), 50)
    urls = set(re.findall(r'<bdi class="ltr clip t2">([^<]+)<', page))
    assert len(urls) == 1 and f'name="followed" value="{urls.pop()}"' in page
