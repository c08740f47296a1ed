"""Days as templates draw them: numbers of both calendars, holidays, whether it is today or another month's."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import msgspec

from crm_domain.modules.activities.free_time import closed_stretches
from crm_domain.people.agenda_choices import View
from crm_domain.records.agenda import Entry
from crm_domain.text import format as formats
from crm_domain.text.business_hours import clock
from crm_domain.text.holidays import holidays_between
from crm_domain.text.jalali import add_months, parts
from crm_domain.text.locale import Calendar, Locale
from crm_domain.text.numbers import format_number
from crm_domain.text.periods import WEEK, YEAR, months_of, week_of
from crm_web.calendar.asked import Asked, month_key
from crm_web.calendar.events import Event
from crm_web.visit import Visit

CELL_EVENTS = 4
"""Events in a day of a month before "more"."""
HALF_HOURS, HALF_HOUR = 48, timedelta(minutes=30)
MOST_LOAD = 4
"""From so many events on a day of a year is as full as can be told."""


class Day(msgspec.Struct, frozen=True, kw_only=True):
    """One day of a grid. `other` is its number in the other calendar."""

    date: date
    iso: str
    number: str
    other: str
    weekday: str
    label: str
    today: bool
    off: bool
    idle: tuple[tuple[int, int], ...]
    """Outside the hours of work: half hours after midnight at which it begins, and how many it lasts."""
    out: bool
    holiday: str
    events: tuple[Event, ...]
    more: str
    """How many events a cell of a month leaves out, in words."""
    href: str
    new: str


def days_of(visit: Visit, asked: Asked, found: dict[date, list[Event]]) -> list[Day]:
    """The days of the span, in order."""
    first, last = min(found), max(found)
    off = holidays_between(first, last, visit.voice.locale)
    return [_day(visit, asked, day, events, off.get(day, "")) for day, events in found.items()]


def weeks_of(days: list[Day]) -> list[list[Day]]:
    """The same in rows of seven."""
    return [days[start : start + WEEK] for start in range(0, len(days), WEEK)]


def mini_month(visit: Visit, asked: Asked) -> dict[str, Any]:
    """The small month beside the calendar."""
    return small_month(visit, asked, asked.day, {}, view=asked.view)


def year_months(visit: Visit, asked: Asked, entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """The twelve months of a year, each day by how much there is on it."""
    first, last = asked.span(visit.voice.locale)
    numbers = _numbers(visit, entries, first, last)
    days = [add_months(first, step, visit.voice.locale.calendar) for step in range(YEAR)]
    return [small_month(visit, asked, day, numbers, view="day") for day in days]


def small_month(visit: Visit, asked: Asked, at: date, numbers: Mapping[date, int], *, view: View) -> dict[str, Any]:
    """A month as weeks of small days: number, address of its `view`, this month, off, chosen, today, how much is on it."""
    locale = visit.voice.locale
    month = months_of(at, 1, locale)
    first, last = week_of(month[0], locale)[0], week_of(month[1], locale)[1]
    every = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    cells = [
        {
            "number": _number(day, locale.calendar, locale),
            "href": asked.href(day=day, view=view),
            "out": not month[0] <= day <= month[1],
            "off": visit.work.workdays.off(day),
            "chosen": day == asked.day,
            "today": day == visit.voice.today(),
            "label": _day_label(visit, day, numbers.get(day, 0)),
            "load": min(numbers.get(day, 0), MOST_LOAD),
        }
        for day in every
    ]
    return {
        "title": month_title(visit, at),
        "href": asked.href(day=month[0], view="month"),
        "letters": [visit.text(f"calendar.weekday_letter.{(locale.week_start + n) % WEEK}") for n in range(WEEK)],
        "weeks": [cells[start : start + WEEK] for start in range(0, len(cells), WEEK)],
    }


def _numbers(visit: Visit, entries: Sequence[Entry], first: date, last: date) -> Counter[date]:
    """How many entries there are on each day of the span."""
    zone = visit.voice.locale.zone
    found: Counter[date] = Counter()
    for entry in entries:
        begin = entry.start.astimezone(zone)
        end = max(begin, entry.end.astimezone(zone) - timedelta(microseconds=1))
        day, until = max(begin.date(), first), min(end.date(), last)
        found.update(day + timedelta(days=n) for n in range((until - day).days + 1))
    return found


def _day_label(visit: Visit, day: date, number: int) -> str:
    label = formats.format_date(day, visit.voice.locale, visit.voice.catalogue, "long")
    if not number:
        return label
    return visit.text("agenda.day_with", day=label, number=format_number(number, visit.voice.locale))


def month_title(visit: Visit, day: date, calendar: Calendar | None = None) -> str:
    """«آذر ۱۴۰۵», "November 2026"."""
    locale = visit.voice.locale
    chosen = calendar or locale.calendar
    year, month, _ = parts(day, chosen)
    return visit.text(
        "agenda.month", month=visit.text(f"calendar.{chosen}.month.{month}"), year=locale.in_digits(str(year))
    )


def span_title(visit: Visit, asked: Asked) -> str:
    """What the page shows, in words."""
    locale, catalogue = visit.voice.locale, visit.voice.catalogue
    first, last = asked.span(locale)
    match asked.view:
        case "month":
            return month_title(visit, asked.day)
        case "year":
            return locale.in_digits(str(parts(first, locale.calendar).year))
        case "day":
            return formats.format_date(first, locale, catalogue, "long")
        case "week" | "agenda":
            return visit.text(
                "agenda.span",
                first=formats.format_date(first, locale, catalogue, "medium"),
                last=formats.format_date(last, locale, catalogue, "medium"),
            )


def other_title(visit: Visit, asked: Asked) -> str:
    """The months of the other calendar that the span touches."""
    other = _other(visit.voice.locale)
    first, last = (
        months_of(asked.day, 1, visit.voice.locale) if asked.view == "month" else asked.span(visit.voice.locale)
    )
    begin, end = month_title(visit, first, other), month_title(visit, last, other)
    return begin if begin == end else visit.text("agenda.span", first=begin, last=end)


def _day(visit: Visit, asked: Asked, day: date, events: list[Event], holiday: str) -> Day:
    locale = visit.voice.locale
    return Day(
        date=day,
        iso=day.isoformat(),
        number=_number(day, locale.calendar, locale),
        other=_other_number(visit, day),
        weekday=visit.text(f"calendar.weekday.{day.weekday()}"),
        label=formats.format_date(day, locale, visit.voice.catalogue, "long"),
        today=day == visit.voice.today(),
        off=visit.work.workdays.off(day),
        idle=_idle(visit, day),
        out=asked.view == "month" and month_key(day, locale) != month_key(asked.day, locale),
        holiday=visit.work.workdays.name(day) or holiday,
        events=tuple(events),
        more=_more(visit, len(events) - CELL_EVENTS),
        href=asked.href(view="day", day=day),
        new=f"/calendar/new?at={day.isoformat()}T{clock(_begins(visit, day))}",
    )


def _idle(visit: Visit, day: date) -> tuple[tuple[int, int], ...]:
    """None on a day off, which is drawn as one."""
    if visit.work.workdays.off(day):
        return ()
    midnight = datetime.combine(day, time(), visit.voice.locale.zone)
    return tuple(closed_stretches(visit.work.workdays, midnight, HALF_HOURS, HALF_HOUR))


def _begins(visit: Visit, day: date) -> int:
    """The minute at which somebody who plans begins."""
    hours = visit.work.workdays.intervals(day)
    return hours[0][0] if hours else visit.work.workdays.begins


def _more(visit: Visit, number: int) -> str:
    return visit.text("agenda.more", number=format_number(number, visit.voice.locale)) if number > 0 else ""


def _number(day: date, calendar: Calendar, locale: Locale) -> str:
    return locale.in_digits(str(parts(day, calendar).day))


def _other_number(visit: Visit, day: date) -> str:
    """The day's number in the other calendar, with the month where one begins."""
    other = _other(visit.voice.locale)
    _, month, number = parts(day, other)
    return f"{number} {visit.text(f'calendar.{other}.month_short.{month}')}" if number == 1 else str(number)


def _other(locale: Locale) -> Calendar:
    return "gregorian" if locale.calendar == "jalali" else "jalali"
