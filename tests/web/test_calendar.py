"""The calendar as people use it: views, colleagues, layers, moving, the form of an empty place."""

import re

import pytest

from .conftest import Browser, Site

SATURDAY = "2026-11-28"
"""7 Azar 1405."""
VIEWS = ("month", "week", "day", "agenda")


@pytest.fixture(scope="module")
def sara(site: Site) -> Browser:
    return site.browser("pishro")


def plan(browser: Browser, name: str, start: str = "1405/09/07", time: str = "10:00", **fields: str) -> str:
    """A meeting made by the form; its path."""
    made = browser.post(
        "/meetings",
        at="/meetings/new",
        **{"name": name, "starts_at": start, "starts_at.time": time, "duration": "60", "status": "planned",
           "meeting_type": "in_person", **fields},
    )  # fmt: skip
    assert made.status_code == 303, made.text
    return made.headers["location"]


@pytest.mark.parametrize("view", VIEWS)
def test_an_event_stands_in_every_view(sara: Browser, view: str) -> None:
    path = plan(sara, f"نشست {view}")
    page = sara.get(f"/calendar?view={view}&on={SATURDAY}").text
    assert f'href="{path}"' in page
    assert f"نشست {view}" in page


def test_45_the_week_begins_on_saturday_and_friday_is_off(sara: Browser) -> None:
    page = sara.get(f"/calendar?view=week&on={SATURDAY}").text
    days = re.findall(r'class="col c-(\d)( off)?(?: today)?" role="gridcell" data-day="([\d-]+)"', page)
    assert (days[0][2], days[-1][2], days[-1][1]) == (SATURDAY, "2026-12-04", " off")


def test_a_holiday_is_named_where_it_falls(sara: Browser) -> None:
    assert "جشن نوروز" in sara.get("/calendar?view=month&on=2026-03-25").text


def test_a_month_is_that_of_the_readers_calendar(site: Site, sara: Browser) -> None:
    assert "آذر ۱۴۰۵" in sara.get(f"/calendar?view=month&on={SATURDAY}").text
    assert "November 2026" in site.browser("northwind").get(f"/calendar?view=month&on={SATURDAY}").text


def test_an_event_is_moved_and_its_length_stays(sara: Browser) -> None:
    path = plan(sara, "جابه‌جا")
    moved = sara.post(
        "/calendar/move", module="meetings", id=path.rsplit("/")[-1], start=f"{SATURDAY}T15:30", version="1"
    )
    assert moved.status_code in (200, 201)
    page = sara.get(f"/calendar?view=day&on={SATURDAY}").text
    assert re.search(r'at-31 for-2" href="' + path, page)


def test_what_was_changed_meanwhile_is_not_moved_blindly(sara: Browser) -> None:
    path = plan(sara, "دو نفر")
    facts = {"module": "meetings", "id": path.rsplit("/")[-1], "version": "1"}
    assert sara.post("/calendar/move", **facts, start=f"{SATURDAY}T15:30").status_code in (200, 201)
    assert sara.post("/calendar/move", **facts, start=f"{SATURDAY}T16:30").status_code == 409


@pytest.mark.parametrize(
    ("module", "start", "status"), [("accounts", f"{SATURDAY}T10:00", 404), ("meetings", "soon", 422)]
)
def test_nonsense_is_not_moved(sara: Browser, module: str, start: str, status: int) -> None:
    id_ = plan(sara, "بیجا").rsplit("/")[-1]
    assert sara.post("/calendar/move", module=module, id=id_, start=start).status_code == status


def test_sec_04_another_companys_event_cannot_be_moved(site: Site, sara: Browser) -> None:
    id_ = plan(sara, "دیگری").rsplit("/")[-1]
    stranger = site.browser("northwind")
    moved = stranger.post("/calendar/move", module="meetings", id=id_, start=f"{SATURDAY}T10:00")
    assert moved.status_code == 404


def test_layers_and_people_narrow_what_is_shown(sara: Browser) -> None:
    plan(sara, "فقط جلسه")
    assert "فقط جلسه" in sara.get(f"/calendar?view=day&on={SATURDAY}&layer=meetings").text
    assert "فقط جلسه" not in sara.get(f"/calendar?view=day&on={SATURDAY}&layer=calls").text
    nobody = "0193a000-0000-7000-8000-00000000000f"
    assert "فقط جلسه" not in sara.get(f"/calendar?view=day&on={SATURDAY}&who={nobody}").text
    assert "فقط جلسه" in sara.get(f"/calendar?view=day&on={SATURDAY}&who=all").text


def test_an_empty_place_opens_a_form_with_its_time(sara: Browser) -> None:
    page = sara.get(f"/meetings/new?starts_at={SATURDAY}T14:30").text
    assert 'value="۱۴۰۵/۰۹/۰۷"' in page and 'value="۱۴:۳۰"' in page


@pytest.mark.parametrize("address", ["view=nothing", "on=1405", "on=9999-01-01", "who=x", "layer=users"])
def test_an_odd_address_shows_a_calendar_all_the_same(sara: Browser, address: str) -> None:
    assert sara.get(f"/calendar?{address}").status_code == 200
