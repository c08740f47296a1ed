"""Tasks due on a day, at no hour: in form, list, calendar, feed, files and the interface for programs."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from crm_domain.messages.catalogue import catalogue
from crm_domain.text.format import format_date
from crm_domain.text.locale import PERSIAN

from .conftest import Browser, Site
from .test_calendar_feed import program, subscribe

TODAY = datetime.now(ZoneInfo("Asia/Tehran")).date()
PLAIN = {"status": "not_started", "priority": "high"}


@pytest.fixture(scope="module")
def sara(site: Site) -> Browser:
    return site.browser("pishro")


def due(browser: Browser, name: str, day: date, time: str = "") -> str:
    """A task made by the form; its path."""
    given = {"due_at": shown(day), "due_at.time": time}
    made = browser.post("/tasks", at="/tasks/new", name=name, **given, **PLAIN)
    assert made.status_code == 303, made.text
    return made.headers["location"]


def shown(day: date) -> str:
    return format_date(day, PERSIAN, catalogue("fa"))


def test_a_day_has_no_hour_and_its_form_leaves_it_out_again(sara: Browser) -> None:
    path = due(sara, "بی‌ساعت", date(2026, 12, 5))
    page = sara.get(path).text
    assert "۱۴۰۵/۰۹/۱۴" in page
    assert "۱۴۰۵/۰۹/۱۴،" not in page
    form = sara.get(f"{path}/edit").text
    assert re.search(r'value="۱۴۰۵/۰۹/۱۴"', form)
    assert re.search(r'name="due_at.time"', form)
    assert "۲۳:۵۹" not in form
    kept = sara.post(path, at=f"{path}/edit", name="بی‌ساعت", due_at="1405/09/14", **{"due_at.time": "16:30"}, **PLAIN)
    assert kept.status_code == 303
    assert "۱۴۰۵/۰۹/۱۴، ۱۶:۳۰" in sara.get(path).text


def test_a_task_is_late_once_its_day_is_over(sara: Browser) -> None:
    due(sara, "مهلت امروز", TODAY)
    due(sara, "مهلت دیروز", TODAY - timedelta(days=1))
    page = sara.get("/tasks?late=1&filter[name][contains]=مهلت").text
    assert "مهلت دیروز" in page
    assert "مهلت امروز" not in page
    found = sara.get("/tasks?filter[due_at][period]=today&filter[name][contains]=مهلت").text
    assert "مهلت امروز" in found
    assert "مهلت دیروز" not in found


def test_it_lies_on_its_whole_day_in_the_calendar_and_stays_so_when_moved(site: Site, sara: Browser) -> None:
    path = due(sara, "تمام روز", TODAY)
    page = sara.get(f"/calendar?view=week&on={TODAY}").text
    event = re.search(rf'<a class="ev[^>]*href="{path}"[^>]*>', page)
    assert event
    assert f'data-start="{TODAY}"' in event[0]
    assert " at-" not in event[0]
    entry = {
        str(one["uid"]): one for one in Calendar.from_ical(program(site, "pishro", subscribe(sara)).text).walk("VEVENT")
    }[path.rsplit("/")[-1]]
    assert entry.decoded("dtstart") == TODAY
    moved = site.browser("pishro").post(
        "/calendar/move", module="tasks", id=path.rsplit("/")[-1], start=str(TODAY + timedelta(days=1)), version="1"
    )
    assert moved.status_code in (200, 201)
    assert "23:59" not in moved.text
    assert f'value="{shown(TODAY + timedelta(days=1))}"' in sara.get(f"{path}/edit").text
    timed = sara.post("/calendar/move", module="tasks", id=path.rsplit("/")[-1], start=f"{TODAY}T15:30", version="2")
    assert timed.status_code in (200, 201)
    assert 'value="۱۵:۳۰"' in sara.get(f"{path}/edit").text


def test_an_empty_day_opens_a_form_without_an_hour(sara: Browser) -> None:
    page = sara.get("/tasks/new?due_at=2026-11-28").text
    assert 'value="۱۴۰۵/۰۹/۰۷"' in page
    assert "۲۳:۵۹" not in page


def test_nothing_is_due_before_the_day_on_which_it_begins(sara: Browser) -> None:
    same = {"starts_at": "1405/09/14", "due_at": "1405/09/14", "due_at.time": "09:00"}
    assert sara.post("/tasks", at="/tasks/new", name="همان روز", **same, **PLAIN).status_code == 303
    before = {**same, "due_at": "1405/09/13"}
    assert sara.post("/tasks", at="/tasks/new", name="روز پیش", **before, **PLAIN).status_code == 422


def test_programs_and_files_give_and_take_a_day(sara: Browser) -> None:
    page = sara.post("/settings/tokens", at="/settings/tokens", name="whole days", scope="write")
    secret = re.search(r"<code>([^<…]+)</code>", page.text)
    assert secret
    bearer = {"authorization": f"Bearer {secret[1]}"}
    given = {"name": "برنامه", "due_at": "2026-12-05"}
    made = sara.http.post("/api/v1/tasks", json=given, headers=bearer)
    assert made.status_code == 201, made.text
    assert made.json()["due_at"] == "2026-12-05T20:29:59.999999Z"
    asked = "/tasks/export?filter[name]=برنامه&format"
    assert "2026-12-05T20:29:59.999999Z" in sara.get(f"{asked}=raw").text
    line = sara.get(f"{asked}=csv").text
    assert "۱۴۰۵/۰۹/۱۴" in line
    assert "۱۴۰۵/۰۹/۱۴،" not in line
