"""When somebody does not want mails: nights, afternoons and whole days of the week. What falls due then comes afterwards."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

MORNING = time(9)
"""When a free day ends, and when the digest of the day before comes."""
NOON = time(12)
WEEK = 7
HOURS = 24
MOST_ENDS = 32
"""Nights and days of two weeks: who is quiet beyond them is quiet for ever."""


class Quiet(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Days are Python's weekdays. A free day, or afternoon, lasts until nine the next morning.

    `begins` and `ends` are the hours of the night; the same hour twice is no night.
    """

    days: tuple[int, ...] = ()
    afternoons: tuple[int, ...] = ()
    begins: int = 0
    ends: int = 0

    def until(self, at: datetime, zone: ZoneInfo) -> datetime:
        """The first moment from `at` on that is not quiet."""
        found = self._end(at, zone)
        return at if found is None else found

    def _end(self, at: datetime, zone: ZoneInfo) -> datetime | None:
        for _ in range(MOST_ENDS):
            end = self._next(at.astimezone(zone))
            if end is None:
                return at
            at = end.astimezone(UTC)
        return None

    def ever_ends(self) -> bool:
        """Whether there is any time that is not quiet."""
        return self._end(datetime(2026, 1, 1, tzinfo=UTC), ZoneInfo("UTC")) is not None

    def _next(self, local: datetime) -> datetime | None:
        """When what is quiet at that moment ends; None where nothing is."""
        today, clock = local.date(), local.time()
        for day in (today - timedelta(days=1), today):
            free = datetime.combine(day, time(0) if day.weekday() in self.days else NOON, local.tzinfo)
            ends = datetime.combine(day + timedelta(days=1), MORNING, local.tzinfo)
            if day.weekday() in (*self.days, *self.afternoons) and free <= local < ends:
                return ends
        begins, ends_at = time(self.begins), time(self.ends)
        if begins == ends_at or not _within(clock, begins, ends_at):
            return None
        tomorrow = begins > ends_at and clock >= begins
        return datetime.combine(today + timedelta(days=tomorrow), ends_at, local.tzinfo)


def _within(clock: time, begins: time, ends: time) -> bool:
    return begins <= clock < ends if begins < ends else clock >= begins or clock < ends


PERSIAN_WEEK = Quiet(days=(4,), afternoons=(3,))
"""Friday, and Thursday from noon on."""


def quiet_hours(value: Any) -> Quiet | None:
    """The hours as they are kept; None for what makes no sense or never ends."""
    try:
        found = msgspec.convert(value, Quiet)
    except msgspec.ValidationError:
        return None
    days = all(0 <= day < WEEK for day in (*found.days, *found.afternoons))
    hours = all(0 <= hour < HOURS for hour in (found.begins, found.ends))
    return found if days and hours and found.ever_ends() else None


def digest_at(told: datetime, zone: ZoneInfo, quiet: Quiet) -> datetime:
    """When the digest comes that has what was told then: the next morning that is not quiet."""
    local = told.astimezone(zone)
    morning = datetime.combine(local.date() + timedelta(days=local.time() >= MORNING), MORNING, zone)
    return quiet.until(morning.astimezone(UTC), zone)
