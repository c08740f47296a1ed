"""A company's hours of work: its intervals on each weekday, whether public holidays are days off, and its own days off."""

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Any

import msgspec

from crm_domain.problems import BadValue
from crm_domain.text.digits import to_ascii
from crm_domain.text.locale import Calendar

HOURS = "business_hours"
"""The setting's key."""
WEEKENDS: Mapping[Calendar, tuple[int, ...]] = {"jalali": (4,), "gregorian": (5, 6)}
"""Days off where nothing was settled, Monday being 0: Friday; Saturday and Sunday."""
USUAL = (8 * 60, 17 * 60)
WEEK, DAY = 7, 24 * 60
MOST_INTERVALS = 2
"""Of one day: before and after a long break."""
MOST_CLOSED = 400
MOST_NAME = 100
Interval = tuple[int, int]
"""From one minute after midnight to another, which is no longer in it."""


class Closed(msgspec.Struct, frozen=True):
    """A day off of the company's own, and what for."""

    day: date
    name: str = ""


class BusinessHours(msgspec.Struct, frozen=True, kw_only=True):
    """`week` has each day's intervals in order, Monday first; a day without one is off. `official` holidays are off too."""

    week: tuple[tuple[Interval, ...], ...]
    official: bool = True
    closed: tuple[Closed, ...] = ()


def usual_hours(calendar: Calendar) -> BusinessHours:
    """Where nothing was settled."""
    return BusinessHours(week=tuple(() if day in WEEKENDS[calendar] else (USUAL,) for day in range(WEEK)))


def hours_of(kept: Mapping[str, Any] | None, calendar: Calendar) -> BusinessHours:
    """As they were kept; what makes no sense counts as not settled."""
    try:
        found = msgspec.convert(kept, BusinessHours)
    except msgspec.ValidationError:
        return usual_hours(calendar)
    return usual_hours(calendar) if wrong(found) else found


def wrong(hours: BusinessHours) -> str:
    """The id of what makes no sense in them; empty for nothing. Somebody must work at some time."""
    if len(hours.week) != WEEK or any(len(day) > MOST_INTERVALS for day in hours.week):
        return "hours.no_week"
    if not any(hours.week):
        return "hours.never_open"
    marks = [[mark for interval in day for mark in interval] for day in hours.week]
    if any(not 0 <= mark <= DAY for day in marks for mark in day) or any(
        first >= second for day in marks for first, second in pairwise(day)
    ):
        return "hours.not_in_order"
    if len(hours.closed) > MOST_CLOSED or any(len(one.name) > MOST_NAME for one in hours.closed):
        return "hours.too_many_closed"
    return ""


def minute_of(text: str) -> int | None:
    """The minute of a day that somebody typed as 8, 8:30 or 0830, in digits of any script; None for an empty text. Raises
    BadValue."""
    typed = to_ascii(text).strip().replace(".", ":")
    if not typed:
        return None
    hour, colon, minute = typed.partition(":")
    if not colon and len(hour) > 2:
        hour, minute = hour[:-2], hour[-2:]
    minute = minute or "00"
    right = all(part.isascii() and part.isdigit() and len(part) <= 2 for part in (hour, minute))
    if not right or int(minute) >= 60 or int(hour) * 60 + int(minute) > DAY:
        raise BadValue("hours.no_time", value=text[:20])
    return int(hour) * 60 + int(minute)


def clock(minute: int) -> str:
    """08:30."""
    return f"{minute // 60:02}:{minute % 60:02}"
