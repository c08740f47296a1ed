"""The Jalali calendar against the official rule, another implementation, and everything people type (platform 28.2)."""

from datetime import date, timedelta

import jdatetime
import pytest

from crm_domain.problems import BadValue
from crm_domain.text.jalali import add_months, from_jalali, is_leap, month_length, parse_date, to_jalali
from crm_domain.text.locale import ENGLISH, PERSIAN

TODAY = date(2026, 11, 23)


def test_rel_31_every_day_both_ways() -> None:
    """REL-31: 1300-01-01 to 1500-12-29, against jdatetime."""
    day, last = jdatetime.date(1300, 1, 1).togregorian(), jdatetime.date(1500, 12, 29).togregorian()
    while day <= last:
        other = jdatetime.date.fromgregorian(date=day)
        assert to_jalali(day) == (other.year, other.month, other.day)
        assert from_jalali(other.year, other.month, other.day) == day
        if other.day == 1:
            end = day + timedelta(days=month_length("jalali", other.year, other.month))
            assert jdatetime.date.fromgregorian(date=end).day == 1
        day += timedelta(days=1)


def test_leap_years_follow_the_33_year_cycle() -> None:
    cycle = {1, 5, 9, 13, 17, 22, 26, 30}
    assert [year for year in range(1300, 1451) if is_leap(year) != (year % 33 in cycle)] == []
    assert [year for year in range(1399, 1413) if is_leap(year)] == [1399, 1403, 1408, 1412]


def test_official_days() -> None:
    assert from_jalali(1405, 1, 1) == date(2026, 3, 21)
    assert from_jalali(1405, 9, 2) == TODAY
    assert from_jalali(1403, 12, 30) == date(2025, 3, 20)
    with pytest.raises(ValueError, match=r"."):
        from_jalali(1404, 12, 30)


@pytest.mark.parametrize(
    "text",
    [
        "1405/9/2",
        "1405-09-02",
        "۰۲/۰۹/۱۴۰۵",
        "14050902",
        "05/09/02",
        "۲ آذر ۱۴۰۵",
        "دوشنبه ۲ آذر ۱۴۰۵",
        "2026/11/23",
        "2026-11-23",
        "20261123",
        "23/11/2026",
        "23 Nov 2026",
        "23 November 2026",
        "۲۳ نوامبر ۲۰۲۶",
        "2 Azar 1405",
        "امروز",
        "Today",
    ],
)
def test_every_way_to_type_a_day(text: str) -> None:
    assert parse_date(text, PERSIAN, TODAY) == TODAY


@pytest.mark.parametrize(
    ("text", "days"), [("فردا", 1), ("دیروز", -1), ("پس‌فردا", 2), ("پس فردا", 2), ("هفته بعد", 7), ("tomorrow", 1)]
)
def test_words(text: str, days: int) -> None:
    assert parse_date(text, PERSIAN, TODAY) == TODAY + timedelta(days=days)


def test_two_digit_years() -> None:
    assert parse_date("99/1/1", PERSIAN, TODAY) == from_jalali(1399, 1, 1)
    assert parse_date("20/1/1", PERSIAN, TODAY) == from_jalali(1420, 1, 1)


@pytest.mark.parametrize(
    "text",
    ["", "1404/12/30", "1405/13/1", "50/1/1", "1405/9", "1199/1/1", "1501/1/1", "1700/1/1", "x", "99999999", "²/1/1"],
)
def test_what_is_no_day(text: str) -> None:
    with pytest.raises(BadValue, match=r"problems\.not_a_date"):
        parse_date(text, PERSIAN, TODAY)


def test_a_gregorian_reader_writes_years_in_full() -> None:
    with pytest.raises(BadValue):
        parse_date("05/9/2", ENGLISH, TODAY)


def test_months_are_added_in_the_readers_calendar() -> None:
    assert add_months(from_jalali(1405, 6, 31), 1, "jalali") == from_jalali(1405, 7, 30)
    assert add_months(from_jalali(1403, 12, 30), 12, "jalali") == from_jalali(1404, 12, 29)
    assert add_months(date(2026, 1, 31), 1, "gregorian") == date(2026, 2, 28)
    assert add_months(date(2026, 1, 31), -2, "gregorian") == date(2025, 11, 30)
