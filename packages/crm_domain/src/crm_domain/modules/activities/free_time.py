"""When everybody has time: within hours of work, on days of work, outside what keeps any of them busy."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo

import msgspec

from crm_domain.text.workdays import DAY, Workdays

QUARTER = timedelta(minutes=15)
DAYS_AHEAD = 60
"""How far somebody looks for a free time."""
Span = tuple[datetime, datetime]


class Hours(msgspec.Struct, frozen=True):
    """When people meet: on days of work, from one full hour to another, in a zone."""

    workdays: Workdays
    zone: tzinfo
    begins: int = 8
    ends: int = 17

    def open(self, at: datetime) -> bool:
        """Whether that moment lies within them."""
        local = at.astimezone(self.zone)
        return self.begins <= local.hour < self.ends and not self.workdays.off(local.date())

    def of(self, day: date) -> Span:
        """The first moment of a day's hours, and the first after them."""
        begin = datetime.combine(day, time(), self.zone)
        return (begin + timedelta(hours=self.begins)).astimezone(UTC), (begin + timedelta(hours=self.ends)).astimezone(
            UTC
        )

    def ahead(self, after: datetime) -> Iterator[Span]:
        """The hours of the days from a moment on, as far as somebody looks."""
        first = after.astimezone(self.zone).date()
        for step in range(DAYS_AHEAD):
            if not self.workdays.off(day := first + step * DAY):
                yield self.of(day)


def next_free(hours: Hours, after: datetime, length: timedelta, taken: Iterable[Span]) -> datetime | None:
    """The first quarter of an hour, not before `after`, from which on nobody is taken for that long; None where there is none.

    What lasts longer than a day's hours begins with them.
    """
    busy = sorted(taken)
    for opens, closes in hours.ahead(after):
        last = max(closes - length, opens)
        at = _quarter(max(opens, after))
        while at <= last:
            end = at + length
            clash = [stop for start, stop in busy if start < end and stop > at]
            if not clash:
                return at
            at = _quarter(max(clash))
    return None


def _quarter(at: datetime) -> datetime:
    """The moment itself, or the next full quarter of an hour."""
    past = timedelta(minutes=at.minute % 15, seconds=at.second, microseconds=at.microsecond)
    return at + QUARTER - past if past else at


def closed_quarters(hours: Hours, begin: datetime, quarters: int) -> Sequence[tuple[int, int]]:
    """The stretches outside the hours, each as its first quarter from `begin` and how many it takes."""
    found: list[tuple[int, int]] = []
    for number in range(quarters):
        if hours.open(begin + number * QUARTER):
            continue
        if found and sum(found[-1]) == number:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        else:
            found.append((number, 1))
    return found
