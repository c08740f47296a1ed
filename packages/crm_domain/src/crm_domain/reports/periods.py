"""The buckets of a report's days: the months, quarters and years of the reader's calendar, and those nothing fell into."""

from datetime import date, timedelta
from functools import cache

from crm_domain.reports.question import Bucket
from crm_domain.text.jalali import day_of, parts
from crm_domain.text.locale import Calendar

MONTHS_IN = {"month": 1, "quarter": 3, "year": 12}
YEARS: dict[Calendar, tuple[int, int]] = {"jalali": (1279, 1480), "gregorian": (1900, 2101)}
"""The years whose days fall into buckets; before and after there is one for each side."""
DAYS_IN = {"day": 1, "week": 7}
MOST_FILLED = 400
"""Empty buckets are shown between the first and the last one, while there are not too many."""


@cache
def starts_of(bucket: Bucket, calendar: Calendar) -> tuple[date, ...]:
    """The first days of all buckets of that length, in order."""
    first, last = YEARS[calendar]
    months = range(1, 13, MONTHS_IN[bucket])
    return tuple(day_of(calendar, year, month, 1) for year in range(first, last) for month in months)


def first_day(bucket: Bucket, key: date | int, calendar: Calendar) -> date:
    """The first day of a bucket as statements give it: a day itself, or its place among the starts."""
    if isinstance(key, date):
        return key
    starts = starts_of(bucket, calendar)
    return starts[max(0, key - 1)]


def last_day(bucket: Bucket, first: date, calendar: Calendar) -> date:
    """The last day of the bucket that begins then."""
    return following(bucket, first, calendar) - timedelta(days=1)


def following(bucket: Bucket, first: date, calendar: Calendar) -> date:
    """The first day of the next bucket."""
    if bucket in DAYS_IN:
        return first + timedelta(days=DAYS_IN[bucket])
    year, month, _ = parts(first, calendar)
    years, place = divmod(month - 1 + MONTHS_IN[bucket], 12)
    return day_of(calendar, year + years, place + 1, 1)


def filled(bucket: Bucket, first: date, last: date, calendar: Calendar) -> list[date]:
    """The first days of all buckets from one to another; only those two where there are too many."""
    found = [first]
    while found[-1] < last:
        if len(found) > MOST_FILLED:
            return [first, last]
        found.append(following(bucket, found[-1], calendar))
    return found
