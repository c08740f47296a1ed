"""When a repeated event takes place: local wall time in the planner's zone, months and years of his calendar.

The rules are those of RFC 5545 with one difference: a month too short for the day has its last day instead of none.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count, islice, takewhile

import msgspec

from crm_domain.text.jalali import add_months
from crm_domain.text.locale import Locale

MONTHS_OF = {"monthly": 1, "yearly": 12}
HORIZON = timedelta(days=366)
"""How far ahead occurrences are made for a rule without an end."""
WEEK = 7


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """`repeat` is daily, weekly, monthly or yearly; weekdays count from Monday = 0; `times` counts the first one too."""

    repeat: str
    every: int = 1
    weekdays: tuple[int, ...] = ()
    until: date | None = None
    times: int | None = None


def occurrences(rule: Rule, first: datetime, locale: Locale) -> Iterator[datetime]:
    """The starts in UTC, the first included, to the rule's end or the horizon."""
    local = first.astimezone(locale.zone)
    last = min(rule.until or date.max, local.date() + HORIZON)
    days = takewhile(lambda day: day <= last, _days(rule, local.date(), locale))
    for day in islice(days, rule.times):
        yield datetime.combine(day, local.time(), locale.zone).astimezone(UTC)


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
