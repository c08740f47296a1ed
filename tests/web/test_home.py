"""The home page: boxes that follow from the modules, in the order their reader gave them."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest

from tests.isolation.people import connect, hire

from .conftest import Browser, Site

BAR = re.compile(r'<a href="(/opportunities\?[^"]+)">.*?<span class="t3">\(([^)]+)\)</span>', re.DOTALL)
COUNT = re.compile(r'<span class="sub" aria-live="polite">([\d,]+)')
PART = {"hx-request": "true"}


@pytest.fixture(scope="module")
def somebody(site: Site) -> Browser:
    return site.browser("northwind")


def boxes(home: str) -> list[str]:
    return re.findall(r'hx-get="/home/([^"]+)"', home)


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


def test_37_how_often_boxes_are_fetched_again_is_kept(somebody: Browser) -> None:
    token = somebody.token("/settings")
    somebody.http.post("/home", data={"_csrf": token, "box": boxes(somebody.get("/").text), "refresh": "5"})
    assert 'data-refresh="5"' in somebody.get("/").text
    somebody.http.post("/home", data={"_csrf": token, "box": ["recent"], "refresh": "7"})
    assert "data-refresh" not in somebody.get("/").text
    somebody.http.post("/home", data={"_csrf": token, "reset": "1"})


def test_a_page_has_further_tabs_of_its_users_own(site: Site) -> None:
    person = hire(site, "anybody").browser
    usual = boxes(person.get("/").text)
    assert person.post("/home/tabs", at="/", name="Morning").headers["location"] == "/?tab=1"
    assert boxes(person.get("/?tab=1").text) == []
    person.post("/home", at="/?tab=1", tab="1", name="Mornings", box=["agenda", "recent", "nonsense"])
    page = person.get("/?tab=1").text
    assert boxes(page) == ["agenda", "recent"] and ">Mornings<" in page
    assert boxes(person.get("/").text) == usual and "Mornings" not in hire(site, "anybody").browser.get("/").text
    for number in range(2, 10):
        person.post("/home/tabs", at="/", name=f"Tab {number}")
    assert person.post("/home/tabs", at="/", name="One too many").status_code == 422
    person.post("/home", at="/?tab=1", tab="1", remove="1")
    assert "Mornings" not in person.get("/").text and "Tab 9" in person.get("/").text
    assert person.get("/?tab=99").status_code == 200
