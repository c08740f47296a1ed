"""A day without an hour among instants: kept as the day's last microsecond, so that it sorts, filters and falls due as one."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

HALF = timedelta(hours=12)
LENGTH = timedelta(days=1) - timedelta(microseconds=1)


def whole(day: date, zone: tzinfo) -> datetime:
    """The day as an instant, UTC, for somebody in that zone."""
    return datetime.combine(day, time.max, zone).astimezone(UTC)


def day_meant(value: datetime, zone: tzinfo) -> date | None:
    """The day that an instant stands for without an hour; None for a moment. It is the same day for readers of all zones."""
    if value.microsecond != time.max.microsecond or value.second != time.max.second:
        return None
    local = value.astimezone(zone)
    return local.date() if local.time() == time.max else (value.astimezone(UTC) - HALF).date()


def begins(value: datetime) -> datetime:
    """When it begins: a day at its midnight, a moment then."""
    return value if day_meant(value, UTC) is None else value - LENGTH
