"""The calendar as each one likes it, and planning in it from an empty place."""

import re
from urllib.parse import unquote
from uuid import uuid4

import pytest

from tests.isolation.people import hire

from .conftest import Browser, Site
from .test_calendar import SATURDAY, plan
from .test_guests import TOMORROW, meeting

CHOICES = {
    "view": "year", "minutes": "45", "week_start": "6", "show": ["meetings", "tasks"],
    "reminders": ["900"], "mail_reminders": ["3600"],
}  # fmt: skip


@pytest.fixture
def sara(site: Site) -> Browser:
    return site.browser("pishro")


def test_s_14_a_calendar_opens_as_its_owner_chose(sara: Browser) -> None:
    assert sara.post("/calendar/settings", at="/calendar/settings", **CHOICES).status_code == 303
    try:
        page = sara.get("/calendar").text
        assert 'class="year grow"' in page and 'value="calls" checked' not in page
        week = sara.get(f"/calendar?view=week&on={SATURDAY}").text
        assert 'class="hour row-16" data-scroll-here' in week and re.search(
            r'data-day="2026-11-22".*data-day="2026-11-28"', week, re.S
        )
        form = sara.get("/meetings/new").text
        assert re.search(r'name="reminders"[^>]*value="900" checked', form)
        assert re.search(r'name="mail_reminders"[^>]*value="3600" checked', form) and 'value="۴۵"' in form
    finally:
        sara.post("/calendar/settings", at="/calendar/settings", **{
            **CHOICES, "view": "week", "minutes": "30", "week_start": "5", "show": ["meetings", "calls", "tasks", "project_tasks"],
            "closed": "1", "reminders": [], "mail_reminders": [],
        })  # fmt: skip


@pytest.mark.parametrize("wrong", [{"view": "decade"}, {"minutes": "0"}])
def test_what_makes_no_sense_is_not_kept(sara: Browser, wrong: dict[str, str]) -> None:
    assert sara.post("/calendar/settings", at="/calendar/settings", **{**CHOICES, **wrong}).status_code == 422


def test_a_year_shows_how_full_its_days_are(sara: Browser) -> None:
    plan(sara, "در سال", start="1407/02/03")
    page = sara.get("/calendar?view=year&on=2028-05-01").text
    assert page.count('<section aria-labelledby="month-') == 12
    assert re.search(r'aria-label="[^"]*۳ اردیبهشت ۱۴۰۷[^"]*۱ مورد', page)


def fragment(sara: Browser, path: str) -> str:
    return sara.http.get(path, headers={"hx-request": "true"}).text


def test_s_14_an_empty_place_asks_in_short_and_makes_it_there(sara: Browser) -> None:
    short = fragment(sara, f"/calendar/new?at={SATURDAY}T14:30")
    assert 'name="kind" value="meetings"' in short and 'value="۱۴:۳۰"' in short
    facts = {"kind": "calls", "name": "تماس کوتاه", "starts_at": "1405/09/07", "starts_at.time": "14:30"}
    assert sara.post("/calendar/new", at="/calendar", **facts).headers["location"] == "/calendar"
    assert "تماس کوتاه" in sara.get(f"/calendar?view=day&on={SATURDAY}").text
    assert "تماس کوتاه" not in sara.post("/calendar/new", at="/calendar", **{**facts, "name": ""}).text


def test_s_14_the_full_form_and_another_kind_keep_what_was_typed(sara: Browser) -> None:
    facts = {
        "kind": "meetings",
        "name": "کامل‌تر",
        "starts_at": "1405/09/07",
        "starts_at.time": "16:00",
        "duration": "90",
    }
    full = sara.post("/calendar/new", at="/calendar", **facts, then="full").headers["location"]
    assert unquote(full).startswith("/meetings/new?") and f"starts_at={SATURDAY}T16:00" in unquote(full)
    page = sara.get(full).text
    assert 'value="کامل‌تر"' in page and 'value="۱۶:۰۰"' in page and 'value="۹۰"' in page
    task = sara.post("/calendar/new/kind", at="/calendar", **facts, other="tasks").text
    assert 'name="kind" value="tasks"' in task and 'value="کامل‌تر"' in task and 'value="۱۶:۰۰"' in task


def test_planning_without_a_script_leads_to_the_full_form(sara: Browser) -> None:
    answer = sara.get(f"/calendar/new?at={SATURDAY}T10:00&kind=tasks")
    assert answer.headers["location"].startswith("/tasks/new?due_at=2026-11-28T10")
    assert sara.get("/calendar/new?kind=accounts").status_code == 404


def test_sec_04_a_colleagues_hidden_events_are_only_busy_times(site: Site) -> None:
    anna, stranger = site.browser("northwind"), hire(site, "owner", f"stranger {uuid4()}").browser
    path = meeting(anna, "Hidden talks", **{"starts_at.time": "18:00"})
    owner = re.search(r'href="/users/([0-9a-f-]{36})"', anna.get(f"{path}/guests").text)
    assert owner
    page = stranger.get(f"/calendar?view=day&on={TOMORROW:%Y-%m-%d}&who={owner[1]}").text
    assert "Hidden talks" not in page and path not in page
    assert re.search(r'<span class="ev gray busy at-\d+ for-\d+" title="Busy', page)
