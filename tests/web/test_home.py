"""The home page: boxes that follow from the modules, in the order their reader gave them."""

import re

import pytest

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
