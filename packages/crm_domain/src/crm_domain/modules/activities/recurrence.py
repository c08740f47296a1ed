"""When a repeated event takes place: local wall time in the planner's zone, months and years of his calendar.

The rules are those of RFC 5545 with one difference: a month too short for the day has its last day instead of none.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import count, islice, takewhile
from typing import Any

import msgspec

from crm_domain.text.jalali import add_months
from crm_domain.text.locale import Locale

MONTHS_OF = {"monthly": 1, "yearly": 12}
HORIZON = timedelta(days=366)
"""How far ahead occurrences are made for a rule without an end."""
WEEK = 7
SHORTEST_MONTH = 28
DAY_NAMES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """`repeat` is daily, weekly, monthly or yearly; weekdays count from Monday = 0; `times` counts the first one too."""

    repeat: str
    every: int = 1
    weekdays: tuple[int, ...] = ()
    until: date | None = None
    times: int | None = None


def occurrences(rule: Rule, first: datetime, locale: Locale, ahead: date | None = None) -> Iterator[datetime]:
    """The starts in UTC, the first included, to the rule's end or the day `ahead`, else the horizon."""
    local = first.astimezone(locale.zone)
    last = min(rule.until or date.max, ahead or local.date() + HORIZON)
    days = takewhile(lambda day: day <= last, _days(rule, local.date(), locale))
    for day in islice(days, rule.times):
        yield datetime.combine(day, local.time(), locale.zone).astimezone(UTC)


def ends_by(rule: Rule, made: int, ahead: date) -> bool:
    """Whether a rule that gave so many occurrences up to a day gives no more after it."""
    return (rule.times is not None and made >= rule.times) or (rule.until is not None and rule.until <= ahead)


def recurrence_rule(rule: Rule, first: datetime, locale: Locale) -> dict[str, Any] | None:
    """The rule as RFC 5545 writes it; None where it cannot say it: months of the Jalali calendar, the last of a short month."""
    local = first.astimezone(locale.zone)
    by_month = rule.repeat in MONTHS_OF
    if by_month and (locale.calendar != "gregorian" or local.day > SHORTEST_MONTH):
        return None
    found: dict[str, Any] = {"freq": rule.repeat, "interval": rule.every, "wkst": DAY_NAMES[locale.week_start]}
    if rule.repeat == "weekly":
        found["byday"] = [DAY_NAMES[day] for day in sorted({*rule.weekdays, local.weekday()})]
    if rule.times:
        found["count"] = rule.times
    elif rule.until:
        found["until"] = datetime.combine(rule.until, time.max, locale.zone).astimezone(UTC).replace(microsecond=0)
    return found


def _days(rule: Rule, first: date, locale: Locale) -> Iterator[date]:
    match rule.repeat:
        case "daily":
            return (first + timedelta(days=rule.every * number) for number in count())
        case "weekly":
            return _by_week(rule, first, locale)
        case _:
            months = MONTHS_OF[rule.repeat] * rule.every
            return (add_months(first, months * number, locale.calendar) for number in count())


def _by_week(rule: Rule, first: date, locale: Locale) -> Iterator[date]:
    """Every n-th week from the reader's first day of it, on the chosen days, the event's own among them."""
    chosen = {*rule.weekdays, first.weekday()} if rule.weekdays else {first.weekday()}
    begin = first - timedelta(days=(first.weekday() - locale.week_start) % WEEK)
    for number in count():
        for place in range(WEEK):
            day = begin + timedelta(days=number * rule.every * WEEK + place)
            if day >= first and day.weekday() in chosen:
                yield day
