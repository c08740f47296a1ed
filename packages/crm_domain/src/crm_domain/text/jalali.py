"""The Jalali calendar at the edge: conversion, month arithmetic in both calendars, all the ways a date is typed."""

import calendar as gregorian
import re
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import NamedTuple

from persiantools.jdatetime import JalaliDate

from crm_domain.messages.catalogue import LANGUAGES, catalogue
from crm_domain.problems import BadValue
from crm_domain.text.digits import to_ascii
from crm_domain.text.locale import Calendar, Locale
from crm_domain.text.normalise import search_key

MONTHS = 12
FIRST_YEAR, LAST_YEAR = 1200, 1500
"""Jalali years shown and understood; outside them dates are Gregorian."""
FIRST_GREGORIAN_YEAR = 1900
FIRST_DAY, LAST_DAY = date(1000, 1, 1), date(8999, 12, 31)
"""Days that records hold: further out the next day, or the same moment in another zone or calendar, may not exist."""
JALALI_FROM, JALALI_TO = FIRST_YEAR + 621, LAST_YEAR + 622
DAYS_FROM_TODAY = {
    "امروز": 0,
    "فردا": 1,
    "دیروز": -1,
    "پسفردا": 2,
    "پریروز": -2,
    "هفتهبعد": 7,
    "هفتهآینده": 7,
    "هفتهپیش": -7,
    "today": 0,
    "tomorrow": 1,
    "yesterday": -1,
    "dayaftertomorrow": 2,
    "nextweek": 7,
    "lastweek": -7,
}


class Day(NamedTuple):
    """A day by the numbers of some calendar."""

    year: int
    month: int
    day: int


Typed = tuple[int, int, int, Calendar | None]
"""Year, month and day, and the calendar where a month's name tells it."""


@lru_cache(maxsize=8192)
def to_jalali(value: date) -> Day:
    """The day's numbers in the Jalali calendar."""
    found = JalaliDate(value)
    return Day(found.year, found.month, found.day)


def from_jalali(year: int, month: int, day: int) -> date:
    """The Gregorian day. Raises ValueError for a day that does not exist, such as 30 Esfand of a common year."""
    return JalaliDate(year, month, day).to_gregorian()


def is_leap(year: int) -> bool:
    """Whether Esfand of the Jalali year has 30 days."""
    return JalaliDate.is_leap(year)


def holds(value: date) -> bool:
    """Whether a record may hold the day."""
    return FIRST_DAY <= value <= LAST_DAY


def calendar_for(value: date, calendar: Calendar) -> Calendar:
    """The calendar a day is shown in: Jalali only within the years it is kept for."""
    near = calendar == "jalali" and JALALI_FROM <= value.year <= JALALI_TO
    return "jalali" if near and FIRST_YEAR <= to_jalali(value).year <= LAST_YEAR else "gregorian"


def parts(value: date, calendar: Calendar) -> Day:
    """The day's numbers in the calendar."""
    return to_jalali(value) if calendar == "jalali" else Day(value.year, value.month, value.day)


def day_of(calendar: Calendar, year: int, month: int, day: int) -> date:
    """The day with these numbers in the calendar. Raises ValueError when there is none."""
    return from_jalali(year, month, day) if calendar == "jalali" else date(year, month, day)


def month_length(calendar: Calendar, year: int, month: int) -> int:
    """How many days a month has."""
    if calendar == "gregorian":
        return gregorian.monthrange(year, month)[1]
    if month < MONTHS:
        return 31 if month <= 6 else 30
    return 30 if is_leap(year) else 29


def add_months(value: date, months: int, calendar: Calendar) -> date:
    """The same day some months later or earlier; the month's last day where that month is shorter."""
    year, month, day = parts(value, calendar)
    years, place = divmod(month - 1 + months, MONTHS)
    year, month = year + years, place + 1
    return day_of(calendar, year, month, min(day, month_length(calendar, year, month)))


def parse_date(text: str, locale: Locale, today: date) -> date:
    """The day somebody typed: numbers in either order, month names, or a word such as «فردا». Raises BadValue."""
    plain = to_ascii(text).strip().lower()
    word = re.sub(r"[\s\u200c]+", "", plain)
    if word in DAYS_FROM_TODAY:
        return today + timedelta(days=DAYS_FROM_TODAY[word])
    try:
        return _dated(*(_by_name(plain) or _by_number(plain, locale)))
    except ValueError:
        raise BadValue("problems.not_a_date", value=text[:80]) from None


def _dated(year: int, month: int, day: int, calendar: Calendar | None) -> date:
    """The day, its calendar told by its year when no month name has told it."""
    guessed: Calendar = "gregorian" if year >= FIRST_GREGORIAN_YEAR else "jalali"
    if (calendar or guessed) == "jalali" and not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(year)
    found = day_of(calendar or guessed, year, month, day)
    if not holds(found):
        raise ValueError(year)
    return found


def _by_number(text: str, locale: Locale) -> Typed:
    if re.fullmatch(r"\d{8}", text):
        return int(text[:4]), int(text[4:6]), int(text[6:]), None
    found = re.fullmatch(r"(\d{1,4})[\s/.\-]+(\d{1,2})[\s/.\-]+(\d{1,4})", text)
    if not found:
        raise ValueError(text)
    first, month, last = found.groups()
    year, day = (last, first) if len(last) == 4 else (first, last)
    return _year(year, locale), int(month), int(day), None


def _year(text: str, locale: Locale) -> int:
    """A whole year, or the two digits people write: 00-20 mean 1400-1420, 90-99 mean 1390-1399."""
    year = int(text)
    if len(text) == 4:
        return year
    if len(text) != 2 or locale.calendar != "jalali" or 20 < year < 90:
        raise ValueError(text)
    return year + (1400 if year <= 20 else 1300)


def _by_name(text: str) -> Typed | None:
    found = re.fullmatch(r"(?:\D+\s)?(\d{1,2})[\s\-]+([^\d\s]+)[\s,،\-]+(\d{4})", text)
    name = found and _month_names().get(search_key(found[2]))
    if not found or not name:
        return None
    return int(found[3]), name[1], int(found[1]), name[0]


@cache
def _month_names() -> Mapping[str, tuple[Calendar, int]]:
    """Every spelling of a month, in both languages: its calendar and number."""
    calendars: tuple[Calendar, ...] = ("jalali", "gregorian")
    return {
        search_key(catalogue(language).text(f"calendar.{calendar}.{form}.{month}")): (calendar, month)
        for language in LANGUAGES
        for calendar in calendars
        for form in ("month", "month_short")
        for month in range(1, MONTHS + 1)
    }
