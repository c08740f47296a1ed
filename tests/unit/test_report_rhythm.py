"""When a report is due again, in the calendars and zones of its readers."""

from datetime import UTC, date, datetime, timedelta

import pytest

from crm_domain.problems import Invalid
from crm_domain.reports.rhythm import Rhythm, check_rhythm, next_due
from crm_domain.text.jalali import parts

TEHRAN, BERLIN = "Asia/Tehran", "Europe/Berlin"
EIGHT = 8 * 60


def never(_: date) -> bool:
    return False


def friday(day: date) -> bool:
    return day.weekday() == 4


def times(rhythm: Rhythm, after: datetime, number: int, off=never) -> list[datetime]:
    found: list[datetime] = []
    for _ in range(number):
        due = next_due(rhythm, after, off)
        assert due
        found.append(due)
        after = due
    return found


def test_40_the_first_of_each_jalali_month_at_eight_in_tehran() -> None:
    found = times(Rhythm("month", 1, EIGHT, TEHRAN, "jalali"), datetime(2026, 11, 26, tzinfo=UTC), 24)
    assert found[0] == datetime(2026, 12, 22, 4, 30, tzinfo=UTC), "the first of Dey 1405"
    assert {parts(due.date(), "jalali")[2] for due in found} == {1}
    assert [parts(due.date(), "jalali")[1] for due in found[:4]] == [10, 11, 12, 1]


def test_31_a_day_that_a_month_lacks_is_its_last_one() -> None:
    esfand = times(Rhythm("month", 31, EIGHT, TEHRAN, "jalali"), datetime(2025, 1, 1, tzinfo=UTC), 4)
    assert [parts(due.date(), "jalali")[1:] for due in esfand] == [(10, 30), (11, 30), (12, 30), (1, 31)]
    february = times(Rhythm("month", 31, EIGHT, BERLIN, "gregorian"), datetime(2026, 2, 1, tzinfo=UTC), 1)
    assert february[0].date() == date(2026, 2, 28)


def test_an_hour_stays_where_the_clocks_put_it() -> None:
    days = times(Rhythm("day", 0, EIGHT, BERLIN, "gregorian"), datetime(2026, 3, 27, 12, tzinfo=UTC), 3)
    assert [due.hour for due in days] == [7, 6, 6], "summer time begins on the 29th"
    night = times(Rhythm("day", 0, 150, BERLIN, "gregorian"), datetime(2026, 3, 28, 12, tzinfo=UTC), 2)
    assert night[0] == datetime(2026, 3, 29, 1, 30, tzinfo=UTC), "02:30 does not exist on that day"
    assert night[1] - night[0] == timedelta(hours=23)


def test_days_of_the_week_and_days_off() -> None:
    week = times(Rhythm("week", 5, EIGHT, TEHRAN, "jalali"), datetime(2026, 11, 26, tzinfo=UTC), 2)
    assert [due.weekday() for due in week] == [5, 5]
    work = times(Rhythm("workday", 0, EIGHT, TEHRAN, "jalali"), datetime(2026, 11, 26, tzinfo=UTC), 7, off=friday)
    assert 4 not in {due.weekday() for due in work}
    assert next_due(Rhythm("workday", 0, 0, TEHRAN, "jalali"), work[0], lambda _: True) is None


@pytest.mark.parametrize(
    ("every", "day", "minute"), [("week", 7, 0), ("month", 0, 0), ("month", 32, 0), ("day", 0, 1440)]
)
def test_days_and_hours_that_there_are_not_are_refused(every, day, minute) -> None:
    with pytest.raises(Invalid):
        check_rhythm(Rhythm(every, day, minute, TEHRAN, "jalali"))
