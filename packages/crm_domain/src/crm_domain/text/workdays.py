"""Days of work: which days nobody works on, how many lie between two days, which day comes so many of them later."""

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import count

from crm_domain.text.holidays import is_holiday
from crm_domain.text.locale import Calendar, Locale

WEEKENDS: Mapping[Calendar, tuple[int, ...]] = {"jalali": (4,), "gregorian": (5, 6)}
"""Days off, Monday being 0: Friday; Saturday and Sunday."""
DAY = timedelta(days=1)


class Workdays:
    """The days of work where a locale is at home: all but its weekends and public holidays."""

    def __init__(self, locale: Locale) -> None:
        self._locale = locale

    def off(self, day: date) -> bool:
        """Whether nobody works on that day."""
        return day.weekday() in WEEKENDS[self._locale.calendar] or is_holiday(day, self._locale)

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
