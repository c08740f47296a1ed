"""The home page: boxes that follow from the modules, in the order their reader gave them."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from uuid import uuid4

import pytest

from crm_domain.people.home_tabs import Box, Tab, home_tabs
from tests.isolation.people import connect, hire

from .conftest import Browser, Site

BAR = re.compile(r'<a href="(/opportunities\?[^"]+)">.*?<span class="t3">\(([^)]+)\)</span>', re.DOTALL)
COUNT = re.compile(r'<span class="sub" aria-live="polite">([\d,]+)')
PART = {"hx-request": "true"}


@pytest.fixture(scope="module")
def somebody(site: Site) -> Browser:
    return site.browser("northwind")


def boxes(home: str) -> list[str]:
    return re.findall(r'hx-get="/home/([^"?]+)\?tab=\d+"', home)


def test_36_the_order_of_boxes_is_kept(somebody: Browser) -> None:
    usual = boxes(somebody.get("/").text)
    assert {"figures:opportunities", "stages:opportunities", "months:opportunities", "recent"} <= set(usual)
    chosen = ["starred", "mine:contacts", "stages:opportunities"]
    token = somebody.token("/settings")
    somebody.http.post("/home", data={"_csrf": token, "box": chosen})
    assert boxes(somebody.get("/").text) == chosen
    somebody.http.post("/home", data={"_csrf": token, "reset": "1"})
    assert boxes(somebody.get("/").text) == usual


def test_38_a_bar_leads_to_exactly_the_records_it_counts(somebody: Browser) -> None:
    found = BAR.findall(somebody.http.get("/home/stages:opportunities", headers=PART).text)
    assert len(found) >= 5
    for href, number in found:
        listed = COUNT.search(somebody.get(href).text)
        assert listed and listed[1] == number, href


def test_39_each_box_answers_for_itself(somebody: Browser) -> None:
    for key in boxes(somebody.get("/").text):
        part = somebody.http.get(f"/home/{key}", headers=PART)
        assert part.status_code == 200 and "<html" not in part.text, key
        assert somebody.get(f"/home/{key}").status_code == 200, key
    for key in ("mine:nothing", "view:x", "stages:leads", "months:users", "figures"):
        assert somebody.http.get(f"/home/{key}", headers=PART).status_code == 404, key


def test_a_chart_has_a_twin_of_numbers(somebody: Browser) -> None:
    chart = somebody.http.get("/home/months:opportunities", headers=PART).text
    assert "<svg" in chart and chart.count('<th scope="row">') == 6


def test_a_saved_view_is_a_box(somebody: Browser) -> None:
    kept = somebody.post("/accounts/views", at="/accounts", name="Boxed", q="a")
    view = kept.headers["location"].partition("view=")[2]
    assert f'value="view:{view}"' in somebody.get("/").text
    assert "Boxed" in somebody.http.get(f"/home/view:{view}", headers=PART).text


UNREAD = """
INSERT INTO emails (id, name, sender, recipients, description, email_type, status, folder, sent_at, thread, message_id,
  assigned_to, created_by)
VALUES (uuidv7(), %(name)s, 'rita@shop.example', 'me@company.example', 'Words', 'inbound', %(status)s, 'inbox', now(), %(name)s,
  %(name)s, %(owner)s, %(owner)s)
"""


def test_38_a_source_of_deals_leads_to_exactly_its_records(somebody: Browser) -> None:
    box = somebody.http.get("/home/by:opportunities:lead_source", headers=PART).text
    found = BAR.findall(box)
    assert len(found) >= 4
    for href, number in found:
        listed = COUNT.search(somebody.get(unescape(href)).text)
        assert listed and listed[1] == number, href
    ends = somebody.http.get("/home/ends:opportunities:lead_source", headers=PART).text
    assert ends.count('<th scope="row">') == len(found), "each source with what became of it, as numbers too"
    for key in ("by:opportunities:stage", "by:opportunities:name", "by:leads:lead_source", "ends:opportunities"):
        assert somebody.http.get(f"/home/{key}", headers=PART).status_code == 404, key


def test_boxes_of_mine_show_nobody_elses(site: Site) -> None:
    person = hire(site, "anybody")
    meeting = {
        "name": "Only my meeting", "starts_at": f"{datetime.now(UTC) + timedelta(hours=30):%Y-%m-%d}",
        "starts_at.time": "10:00", "duration": "60", "status": "planned", "meeting_type": "in_person",
    }  # fmt: skip
    assert person.browser.post("/meetings", at="/meetings/new", **meeting).status_code == 303
    with connect(site) as owner:
        for name, status in (("Fresh words", "unread"), ("Old words", "read")):
            owner.execute(UNREAD, {"name": f"{name} {person.id}", "status": status, "owner": person.id})
    other = hire(site, "anybody")
    boxed = {key: person.browser.http.get(f"/home/{key}", headers=PART).text for key in ("agenda", "letters")}
    assert "Only my meeting" in boxed["agenda"]
    assert "Fresh words" in boxed["letters"] and "Old words" not in boxed["letters"]
    assert "Only my meeting" not in other.browser.http.get("/home/agenda", headers=PART).text
    assert "Fresh words" not in other.browser.http.get("/home/letters", headers=PART).text
    closed = person.browser.http.get("/home/closed:opportunities", headers=PART)
    assert closed.status_code == 200 and "<tbody>" not in closed.text, "nothing of his has ended"


def test_sec_04_a_hidden_choice_makes_no_box(site: Site) -> None:
    reader = hire(site, "reader")
    with connect(site) as owner:
        owner.execute(
            """UPDATE role SET fields = '{"opportunities": {"lead_source": "hidden"}}' WHERE name = %s""",
            (reader.name,),
        )
    assert "by:opportunities:lead_source" not in reader.browser.get("/").text
    assert reader.browser.http.get("/home/by:opportunities:lead_source", headers=PART).status_code == 404


def test_37_a_tab_is_added_named_filled_and_removed_and_a_box_keeps_its_own_choices(site: Site) -> None:
    reader = hire(site, "reader", f"tabs-{uuid4()}").browser
    usual = boxes(reader.get("/").text)
    added = reader.post("/home/tabs", at="/", name="Morning")
    assert added.headers["location"] == "/?tab=2"
    assert "Morning" in reader.get("/").text
    assert boxes(reader.get("/?tab=2").text) == []
    assert reader.post("/home?tab=2", at="/", name="Mine <b>", box=["mine:contacts", "recent"]).status_code == 303
    page = reader.get("/?tab=2").text
    assert boxes(page) == ["mine:contacts", "recent"] and "Mine &lt;b&gt;" in page
    assert boxes(reader.get("/").text) == usual, "the first tab is as it was"

    reader.post("/home/mine:contacts?tab=2", at="/", rows="3", refresh="5")
    part = reader.http.get("/home/mine:contacts?tab=2", headers=PART).text
    assert 'data-refresh="5"' in part and part.count("<tr>") <= 4
    reader.post("/home/mine:contacts?tab=2", at="/", rows="1000000", refresh="-1")
    again = reader.http.get("/home/mine:contacts?tab=2", headers=PART).text
    assert 'data-refresh="5"' in again, "what the menu does not offer changes nothing"
    reader.post("/home/recent?tab=2", at="/", remove="1")
    assert boxes(reader.get("/?tab=2").text) == ["mine:contacts"]
    assert reader.post("/home/recent?tab=2", at="/", rows="3").status_code == 404
    for number in range(3, 11):
        reader.post("/home/tabs", at="/", name=f"Tab {number}")
    assert reader.post("/home/tabs", at="/", name="One too many").status_code == 422
    reader.post("/home?tab=2", at="/", remove="1")
    assert "Mine &lt;b&gt;" not in reader.get("/").text and "Tab 10" in reader.get("/").text


def test_a_home_kept_before_there_were_tabs_is_the_first_tab() -> None:
    assert home_tabs(["recent", "starred"]) == (Tab(boxes=(Box("recent"), Box("starred"))),)
    for nonsense in ([1], ["x" * 81], [{"name": "a", "boxes": [{"key": "a", "rows": 7}]}], "recent", [{}] * 11):
        assert home_tabs(nonsense) is None


def test_a_report_is_a_box_with_its_chart_and_leads_to_itself(site: Site, somebody: Browser) -> None:
    [(id_, name)] = re.findall(r'value="report:([^"]+)"[^>]*>([^<]+)<', somebody.get("/").text)[:1]
    part = somebody.http.get(f"/home/report:{id_}", headers=PART).text
    assert f'href="/reports/{id_}"' in part and unescape(name) in unescape(part)
    assert "<svg" in part or "<table" in part
    nobody = hire(site, "nobody").browser
    assert nobody.http.get(f"/home/report:{id_}", headers=PART).status_code == 404
    assert somebody.http.get("/home/report:x", headers=PART).status_code == 404
