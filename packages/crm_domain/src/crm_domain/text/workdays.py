"""Days and hours of work: when nobody works, how many days lie between two days, which day comes so many of them later."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import count

from crm_domain.text.business_hours import BusinessHours, Interval, usual_hours
from crm_domain.text.holidays import is_holiday
from crm_domain.text.locale import Locale

DAY = timedelta(days=1)
Span = tuple[datetime, datetime]


class Workdays:
    """The days of work of a company that is at home in a locale, with their hours; without any settled, the usual ones there."""

    def __init__(self, locale: Locale, hours: BusinessHours | None = None) -> None:
        self._locale = locale
        self.settled = hours or usual_hours(locale.calendar)
        self._closed = {one.day: one.name for one in self.settled.closed}
        self.begins = min(day[0][0] for day in self.settled.week if day)
        """The minute of the day at which the earliest day of the week begins."""

    def off(self, day: date) -> bool:
        """Whether nobody works on that day."""
        return not self.intervals(day)

    def name(self, day: date) -> str:
        """What the company calls its own day off; empty for all others."""
        return self._closed.get(day, "")

    def intervals(self, day: date) -> Sequence[Interval]:
        """The hours of that day where the company is, in minutes after midnight."""
        if day in self._closed or (self.settled.official and is_holiday(day, self._locale)):
            return ()
        return self.settled.week[day.weekday()]

    def spans(self, day: date) -> list[Span]:
        """The same as moments."""
        midnight = datetime.combine(day, time(), self._locale.zone)
        return [
            ((midnight + timedelta(minutes=begin)).astimezone(UTC), (midnight + timedelta(minutes=end)).astimezone(UTC))
            for begin, end in self.intervals(day)
        ]

    def open(self, at: datetime) -> bool:
        """Whether that moment lies within the hours of work."""
        local = at.astimezone(self._locale.zone)
        minute = local.hour * 60 + local.minute
        return any(begin <= minute < end for begin, end in self.intervals(local.date()))

    def local(self, at: datetime) -> date:
        """The day it is where the company is."""
        return at.astimezone(self._locale.zone).date()

    def on(self, day: date) -> date:
        """The day itself or, where nobody works on it, the next one of work."""
        return next(later for step in count() if not self.off(later := day + step * DAY))

    def after(self, day: date, days: int) -> date:
        """The day that so many days of work come to, before it if negative; for none the day itself or the next of work."""
        if not days:
            return self.on(day)
        step = DAY if days > 0 else -DAY
        for _ in range(abs(days)):
            day += step
            while self.off(day):
                day += step
        return day

    def end(self, start: date, days: int) -> date:
        """The last day of what takes so many days of work; what takes none ends where it starts."""
        return self.after(self.on(start), days - 1) if days > 1 else start

    def span(self, first: date, last: date) -> int:
        """How many days of work lie from one day to the other, both included."""
        return sum(not self.off(first + number * DAY) for number in range((last - first).days + 1))

    def numbers(self, first: date, last: date) -> dict[date, int]:
        """For every day from the first to the last, how many days of work lie before it from the first one on."""
        found: dict[date, int] = {}
        number = 0
        for step in range((last - first).days + 1):
            day = first + step * DAY
            found[day] = number
            number += not self.off(day)
        return found
