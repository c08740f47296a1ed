"""One's calendar for other programs: read by a secret address, ended with it."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from crm_domain.text.jalali import parts

from .conftest import Browser, Site
from .test_calendar import plan


@pytest.fixture
def sara(site: Site) -> Browser:
    return site.browser("pishro")


def subscribe(browser: Browser) -> str:
    """The path of a new address."""
    found = re.search(r'value="http[^"]*?(/calendar/feed/[^"]+)"', browser.post("/calendar/subscribe").text)
    assert found
    return found[1]


def program(site: Site, tenant: str, path: str):
    anna = site.browser(tenant)
    anna.http.cookies.clear()
    return anna.get(path)


def test_a_program_reads_the_calendar_by_its_address_alone(site: Site, sara: Browser) -> None:
    path = plan(sara, "نشست با تقویم")
    answer = program(site, "pishro", subscribe(sara))
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    events = {str(event["uid"]): event for event in Calendar.from_ical(answer.text).walk("VEVENT")}
    event = events[path.rsplit("/")[-1]]
    assert str(event["summary"]) == "نشست با تقویم"
    assert str(event["url"]).endswith(path)
    assert event.decoded("dtend") > event.decoded("dtstart")


def test_a_new_address_ends_the_old_one_and_so_does_unsubscribing(site: Site, sara: Browser) -> None:
    old = subscribe(sara)
    new = subscribe(sara)
    assert (program(site, "pishro", old).status_code, program(site, "pishro", new).status_code) == (404, 200)
    sara.post("/calendar/unsubscribe")
    assert program(site, "pishro", new).status_code == 404


def test_sec_02_an_address_opens_nothing_in_another_company(site: Site, sara: Browser) -> None:
    assert program(site, "northwind", subscribe(sara)).status_code == 404


def test_the_free_busy_address_says_when_and_nothing_else(site: Site, sara: Browser) -> None:
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).astimezone(ZoneInfo("Asia/Tehran"))
    plan(sara, "نشست محرمانه", show_date(tomorrow.date()), "09:00")
    page = sara.post("/calendar/subscribe").text
    [path] = re.findall(r'value="http[^"]*?(/calendar/busy/[^"]+)"', page)
    answer = program(site, "pishro", path)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    [busy] = Calendar.from_ical(answer.text).walk("VFREEBUSY")
    periods = busy["freebusy"] if isinstance(busy["freebusy"], list) else [busy["freebusy"]]
    at = tomorrow.replace(hour=9, minute=0, second=0, microsecond=0)
    assert any(period.start <= at < period.end for period in periods)
    assert "محرمانه" not in answer.text
    assert program(site, "pishro", path.replace("/busy/", "/feed/")).status_code == 404
    assert program(site, "northwind", path).status_code == 404


def show_date(day: date) -> str:
    return "/".join(str(part) for part in parts(day, "jalali"))
