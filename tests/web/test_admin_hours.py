"""The company's hours of work: settled by administrators, followed by free times, calendars and project plans."""

import re
from collections.abc import Iterator

import pytest

from tests.isolation.people import connect, hire
from tests.site import Browser, Site

URL = "/admin/hours"
WEEK = {
    f"hours.{day}.{number}.{which}": text
    for day in (0, 1, 2, 3)
    for number, interval in enumerate((("9", "12:30"), ("14", "18")))
    for which, text in zip(("begins", "ends"), interval, strict=True)
}
"""Monday to Thursday, with a long break."""


@pytest.fixture
def anna(site: Site) -> Iterator[Browser]:
    yield site.browser("northwind")
    with connect(site) as owner:
        owner.execute("DELETE FROM setting WHERE key = 'business_hours'")


def test_the_calendar_and_new_events_follow_what_was_settled(site: Site, anna: Browser) -> None:
    page = anna.get(URL).text
    assert page.count('value="08:00"') == 5 and "checked" in page, "the usual hours, until others are settled"
    assert anna.post(URL, at=URL, closed="2028-05-03 Founders day", **WEEK).status_code == 303
    week = anna.get("/calendar?view=week&on=2028-05-01").text
    assert 'class="hour row-18" data-scroll-here' in week
    friday, monday, off = (
        re.search(rf'<div class="(col [^"]*)"[^>]*data-day="2028-05-{day}">(.*?)</div>', week, re.S)
        for day in ("05", "01", "03")
    )
    assert friday and " off" in friday[1], "Friday has no hours now"
    assert off and " off" in off[1] and "Founders day" in week
    assert monday and " off" not in monday[1]
    assert re.findall(r"idle at-(\d+) for-(\d+)", monday[2]) == [("0", "18"), ("25", "3"), ("36", "12")]
    month = anna.get("/calendar?view=month&on=2028-05-01").text
    assert "/calendar/new?at=2028-05-01T09:00" in month
    shown = re.search(r"<textarea[^>]*>(.*?)</textarea>", anna.get(URL).text, re.S)
    assert shown and shown[1].strip() == "3 May 2028 Founders day"
    assert anna.post(URL, at=URL, closed=shown[1], **WEEK).status_code == 303, "it is read as it is shown"
    with connect(site) as owner:
        assert owner.execute(
            "SELECT 1 FROM audit_event WHERE module = 'settings' AND action = 'business_hours'"
        ).fetchone()


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"hours.0.0.begins": "9"},
        {"hours.0.0.begins": "18", "hours.0.0.ends": "9"},
        {**WEEK, "hours.0.1.begins": "11"},
        {**WEEK, "hours.0.0.begins": "<b>"},
        {**WEEK, "closed": "someday"},
        {**WEEK, "closed": "2028-05-03 " + "x" * 101},
    ],
)
def test_hours_that_make_no_sense_are_refused_and_shown_again(anna: Browser, wrong: dict[str, str]) -> None:
    answer = anna.post(URL, at=URL, **wrong)
    assert answer.status_code == 422
    assert all(text in answer.text for text in wrong.values() if text.isascii() and "<" not in text)


def test_nobody_else_settles_the_hours(site: Site, anna: Browser) -> None:
    reader = hire(site, "reader").browser
    assert reader.get(URL).status_code == 403
    assert reader.post(URL, at="/settings", **WEEK).status_code == 403
