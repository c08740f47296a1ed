"""Repeated events across calendars, zones and short months."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from crm_domain.modules.activities.recurrence import HORIZON, Rule, occurrences
from crm_domain.text.jalali import from_jalali, month_length, to_jalali
from crm_domain.text.locale import ENGLISH, PERSIAN, Calendar, Locale

ZONES = ("Asia/Tehran", "Europe/Berlin", "America/New_York", "UTC")
DAYS = st.dates(date(2020, 1, 1), date(2029, 1, 1))
STARTS = st.builds(
    lambda day, minute, zone: datetime.combine(day, time(minute // 60, minute % 60), zone),
    DAYS,
    st.integers(0, 24 * 60 - 1),
    st.sampled_from(ZONES).map(ZoneInfo),
)
CALENDARS = st.sampled_from(["jalali", "gregorian"])


def locale(zone: str, calendar: Calendar = "gregorian") -> Locale:
    return Locale(time_zone=zone, calendar=calendar)


@given(STARTS, st.integers(1, 5), st.integers(2, 40))
def test_daily_keeps_the_wall_time_through_daylight_saving(first: datetime, every: int, times: int) -> None:
    zone = str(first.tzinfo)
    starts = list(occurrences(Rule(repeat="daily", every=every, times=times), first, locale(zone)))
    days = [at.astimezone(first.tzinfo).date() for at in starts]
    assert len(starts) == times
    assert all((later - earlier).days == every for earlier, later in pairwise(days))
    asked = first.time()
    for at in starts:
        shown = at.astimezone(first.tzinfo).time()
        exists = datetime.combine(at.astimezone(first.tzinfo).date(), asked, first.tzinfo)
        assert shown == exists.astimezone(UTC).astimezone(first.tzinfo).time()


@given(STARTS, st.sets(st.integers(0, 6), min_size=1), st.integers(1, 3))
def test_weekly_takes_place_on_the_chosen_days_only(first: datetime, weekdays: set[int], every: int) -> None:
    zone = str(first.tzinfo)
    rule = Rule(repeat="weekly", every=every, weekdays=tuple(weekdays), times=20)
    days = [at.astimezone(first.tzinfo).date() for at in occurrences(rule, first, locale(zone))]
    assert days[0] == first.date()
    assert {day.weekday() for day in days} <= weekdays | {first.weekday()}
    assert days == sorted(set(days))
    weeks = {(day - days[0] + timedelta(days=(first.weekday() - 5) % 7)).days // 7 for day in days}
    assert all(week % every == 0 for week in weeks)


@given(STARTS, CALENDARS)
def test_monthly_falls_on_the_day_or_the_last_of_a_shorter_month(first: datetime, calendar: Calendar) -> None:
    there = locale(str(first.tzinfo), calendar)
    starts = occurrences(Rule(repeat="monthly"), first, there)
    days = [at.astimezone(first.tzinfo).date() for at in starts]
    numbers = [(to_jalali(day) if calendar == "jalali" else day.timetuple()[:3]) for day in days]
    wanted = numbers[0][2]
    for year, month, day in numbers:
        assert day == min(wanted, month_length(calendar, year, month))
    months = [year * 12 + month for year, month, _ in numbers]
    assert months == list(range(months[0], months[0] + len(months)))


def test_every_month_on_the_thirty_first_of_a_jalali_month() -> None:
    first = datetime.combine(from_jalali(1405, 6, 31), datetime.min.time().replace(hour=10), ZoneInfo("Asia/Tehran"))
    starts = list(occurrences(Rule(repeat="monthly", times=7), first, PERSIAN))
    assert [tuple(to_jalali(at.astimezone(PERSIAN.zone).date()))[1:] for at in starts] == [
        (6, 31), (7, 30), (8, 30), (9, 30), (10, 30), (11, 30), (12, 29),
    ]  # fmt: skip


def test_yearly_on_the_leap_day_of_either_calendar() -> None:
    first = datetime(2024, 2, 29, 12, tzinfo=UTC)
    assert [at.date() for at in occurrences(Rule(repeat="yearly"), first, locale("UTC"))] == [
        date(2024, 2, 29), date(2025, 2, 28),
    ]  # fmt: skip
    esfand = datetime.combine(from_jalali(1403, 12, 30), datetime.min.time(), PERSIAN.zone)
    assert [to_jalali(at.astimezone(PERSIAN.zone).date()) for at in occurrences(Rule(repeat="yearly"), esfand, PERSIAN)] == [
        (1403, 12, 30), (1404, 12, 29),
    ]  # fmt: skip


@given(STARTS, st.integers(0, 60))
def test_the_last_day_is_included_and_nothing_lies_beyond_the_horizon(first: datetime, days: int) -> None:
    there = locale(str(first.tzinfo))
    until = first.date() + timedelta(days=days)
    starts = list(occurrences(Rule(repeat="daily", until=until), first, there))
    assert starts[-1].astimezone(first.tzinfo).date() == until
    endless = list(occurrences(Rule(repeat="daily"), first, there))
    assert endless[-1].astimezone(first.tzinfo).date() == first.date() + HORIZON


def test_weeks_begin_where_the_reader_begins_them() -> None:
    friday = datetime(2026, 11, 27, 9, tzinfo=UTC)
    rule = Rule(repeat="weekly", every=2, weekdays=(4, 5), times=3)
    persian = [at.date() for at in occurrences(rule, friday, Locale(time_zone="UTC"))]
    english = [at.date() for at in occurrences(rule, friday, Locale("en", "gregorian", "latin", "UTC", week_start=0))]
    assert persian == [date(2026, 11, 27), date(2026, 12, 5), date(2026, 12, 11)]
    assert english == [date(2026, 11, 27), date(2026, 11, 28), date(2026, 12, 11)]
    assert ENGLISH.week_start == 0
