"""A company's hours: by weekday, with a break in between, without its own days off and, if it wants, public holidays."""

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from crm_domain.modules.activities.free_time import QUARTER, closed_stretches, next_free
from crm_domain.problems import BadValue
from crm_domain.text.business_hours import BusinessHours, Closed, hours_of, minute_of, usual_hours, wrong
from crm_domain.text.locale import PERSIAN
from crm_domain.text.workdays import Workdays

HOUR = timedelta(hours=1)
SPLIT = ((8 * 60 + 30, 12 * 60), (14 * 60, 18 * 60))
WEEK = BusinessHours(
    week=(SPLIT, SPLIT, SPLIT, ((8 * 60, 12 * 60),), (), SPLIT, SPLIT),
    official=False,
    closed=(Closed(date(2026, 12, 2), "Anniversary"),),
)
DAYS = Workdays(PERSIAN, WEEK)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of December 2026 in Tehran; the 1st is a Tuesday, the 3rd a Thursday."""
    return datetime(2026, 12, day, hour, minute, tzinfo=PERSIAN.zone).astimezone(UTC)


def test_days_off_are_weekdays_without_hours_and_the_companys_own() -> None:
    assert [DAYS.off(date(2026, 12, day)) for day in range(1, 8)] == [False, True, False, True, False, False, False]
    assert DAYS.name(date(2026, 12, 2)) == "Anniversary" and DAYS.name(date(2026, 12, 4)) == ""
    ashura = date(2026, 6, 25)
    assert Workdays(PERSIAN).off(ashura) and not DAYS.off(ashura), "a company may work on public holidays"
    assert DAYS.after(date(2026, 12, 1), 1) == date(2026, 12, 3)


def test_a_free_time_lies_within_one_interval_and_what_is_longer_begins_with_the_day() -> None:
    assert next_free(DAYS, at(1, 11, 30), HOUR, []) == at(1, 14)
    assert next_free(DAYS, at(1, 17, 30), HOUR, []) == at(3, 8)
    assert next_free(DAYS, at(1, 8), 4 * HOUR, []) == at(1, 14)
    assert next_free(DAYS, at(3, 9), 6 * HOUR, []) == at(5, 8, 30)
    assert closed_stretches(DAYS, at(1, 8), 44, QUARTER) == [(0, 2), (16, 8), (40, 4)]


def test_hours_survive_being_kept_and_nonsense_counts_as_not_settled() -> None:
    kept = msgspec.json.decode(msgspec.json.encode(WEEK))
    assert hours_of(kept, "jalali") == WEEK
    for nonsense in (None, {}, {"week": []}, {**kept, "week": [[]] * 7}, {**kept, "week": [[[900, 800]]] * 7}):
        assert hours_of(nonsense, "jalali") == usual_hours("jalali"), nonsense
    overlapping = BusinessHours(week=(((480, 720), (700, 900)), *WEEK.week[1:]))
    assert wrong(overlapping) == "hours.not_in_order"


@pytest.mark.parametrize(
    ("typed", "minute"),
    [("", None), ("8", 480), ("۸:۳۰", 510), ("08:30", 510), ("830", 510), ("24", 1440), ("0.15", 15)],
)
def test_times_are_read_as_people_write_them(typed: str, minute: int | None) -> None:
    assert minute_of(typed) == minute


@pytest.mark.parametrize("typed", ["x", "25", "8:60", "24:30", "-1", "8:3o", "12345"])
def test_what_is_no_time_is_refused(typed: str) -> None:
    with pytest.raises(BadValue):
        minute_of(typed)
