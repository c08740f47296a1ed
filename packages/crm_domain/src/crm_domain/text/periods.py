"""Named periods: what "this month" means on a day, in the reader's calendar and week."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from crm_domain.problems import BadValue
from crm_domain.text.jalali import add_months, day_of, parts
from crm_domain.text.locale import Locale

WEEK, QUARTER, YEAR = 7, 3, 12
Range = tuple[date, date]


def period(name: str, today: date, locale: Locale) -> Range:
    """The first and the last day of the period, both within it. Raises BadValue for a name that is not in `PERIODS`."""
    if name not in _PERIODS:
        raise BadValue("problems.unknown_period", value=name[:80])
    return _PERIODS[name](today, locale)


def week_of(value: date, locale: Locale) -> Range:
    """The week around a day, from the reader's first day of it."""
    first = value - timedelta(days=(value.weekday() - locale.week_start) % WEEK)
    return first, first + timedelta(days=WEEK - 1)


def months_of(value: date, months: int, locale: Locale, shift: int = 0) -> Range:
    """The month, quarter or year around a day: `months` long, `shift` of them later."""
    year, month, _ = parts(value, locale.calendar)
    begin = day_of(locale.calendar, year, (month - 1) // months * months + 1, 1)
    first = add_months(begin, shift * months, locale.calendar)
    return first, add_months(first, months, locale.calendar) - timedelta(days=1)


def _days(first: int, last: int) -> Callable[[date, Locale], Range]:
    return lambda today, _: (today + timedelta(days=first), today + timedelta(days=last))


def _week(shift: int) -> Callable[[date, Locale], Range]:
    return lambda today, locale: week_of(today + timedelta(days=shift * WEEK), locale)


def _months(months: int, shift: int) -> Callable[[date, Locale], Range]:
    return lambda today, locale: months_of(today, months, locale, shift)


_PERIODS: Mapping[str, Callable[[date, Locale], Range]] = {
    "today": _days(0, 0),
    "yesterday": _days(-1, -1),
    "tomorrow": _days(1, 1),
    "this_week": _week(0),
    "last_week": _week(-1),
    "next_week": _week(1),
    "this_month": _months(1, 0),
    "last_month": _months(1, -1),
    "next_month": _months(1, 1),
    "this_quarter": _months(QUARTER, 0),
    "last_quarter": _months(QUARTER, -1),
    "next_quarter": _months(QUARTER, 1),
    "this_year": _months(YEAR, 0),
    "last_year": _months(YEAR, -1),
    "next_year": _months(YEAR, 1),
    "last_7_days": _days(-6, 0),
    "next_7_days": _days(0, 6),
    "last_30_days": _days(-29, 0),
    "next_30_days": _days(0, 29),
}
PERIODS = tuple(_PERIODS)
"""Named `calendar.period.<name>` in the catalogue."""
