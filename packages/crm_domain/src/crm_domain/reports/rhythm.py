"""When a report is due again: every day, every working day, on a day of the week or of the month, at an hour of one zone."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, get_args
from zoneinfo import ZoneInfo

import msgspec

from crm_domain.problems import FieldProblem, Invalid
from crm_domain.text.jalali import month_length, parts
from crm_domain.text.locale import Calendar

Every = Literal["day", "workday", "week", "month"]
EVERY: tuple[Every, ...] = get_args(Every)
MINUTES = 24 * 60
FARTHEST = 370
"""Days that are looked at: a company that never works gets nothing."""


class Rhythm(msgspec.Struct, frozen=True):
    """`day` counts from Monday = 0 in a week, from 1 in a month of `calendar`, whose last day stands for those it lacks.
    `minute` is that of the day."""

    every: Every
    day: int
    minute: int
    zone: str
    calendar: Calendar

    def on(self, day: date) -> bool:
        """Whether it falls on that day, if anybody works then."""
        match self.every:
            case "week":
                return day.weekday() == self.day
            case "month":
                year, month, number = parts(day, self.calendar)
                return number == min(self.day, month_length(self.calendar, year, month))
            case _:
                return True


def check_rhythm(rhythm: Rhythm) -> None:
    """Raises Invalid for days and hours that there are not."""
    days = {"week": range(7), "month": range(1, 32)}.get(rhythm.every)
    if days is not None and rhythm.day not in days:
        raise Invalid({"day": (FieldProblem("reports.schedule.problem.day"),)})
    if not 0 <= rhythm.minute < MINUTES:
        raise Invalid({"at": (FieldProblem("reports.schedule.problem.at"),)})


def next_due(rhythm: Rhythm, after: datetime, off: Callable[[date], bool]) -> datetime | None:
    """The first time beyond a moment, in UTC; `off` says on which days nobody works. An hour that the clocks leave out
    comes as much later as they jump."""
    zone = ZoneInfo(rhythm.zone)
    first = after.astimezone(zone).date()
    at = time(*divmod(rhythm.minute, 60))
    for ahead in range(FARTHEST):
        day = first + timedelta(days=ahead)
        if not rhythm.on(day) or (rhythm.every == "workday" and off(day)):
            continue
        due = datetime.combine(day, at, zone).astimezone(UTC)
        if due > after:
            return due
    return None
