"""Dates, times, spans, sizes and names as a reader sees them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from crm_domain.messages.catalogue import Catalogue
from crm_domain.text.jalali import calendar_for, parts
from crm_domain.text.locale import Locale
from crm_domain.text.numbers import format_number, rounded, trimmed
from crm_domain.text.whole_days import day_meant

Style = Literal["short", "medium", "long"]
MINUTE, HOUR, WEEK = 60, 3600, 7
DATE_LENGTH = 10
SIZES = ("bytes", "kilobytes", "megabytes", "gigabytes", "terabytes")
STEP = 1024


def format_date(value: date, locale: Locale, catalogue: Catalogue, style: Style = "short") -> str:
    """The day in the reader's calendar: «۱۴۰۵/۰۹/۰۲», «۲ آذر ۱۴۰۵», «دوشنبه ۲ آذر ۱۴۰۵»; "23 Nov 2026"."""
    calendar = calendar_for(value, locale.calendar)
    year, month, day = parts(value, calendar)
    facts = {
        "year": f"{year:04}",
        "month_number": f"{month:02}",
        "day_number": f"{day:02}",
        "day": day,
        "month": catalogue.text(f"calendar.{calendar}.month.{month}"),
        "month_short": catalogue.text(f"calendar.{calendar}.month_short.{month}"),
        "weekday": catalogue.text(f"calendar.weekday.{value.weekday()}"),
    }
    return locale.in_digits(catalogue.text(f"calendar.{calendar}.{style}", **facts))


def format_time(value: datetime, locale: Locale, catalogue: Catalogue) -> str:
    """The time of day in the reader's zone: «۰۹:۴۸», "9:48 AM"."""
    local = value.astimezone(locale.zone)
    if locale.time_24h:
        return locale.in_digits(f"{local:%H:%M}")
    half = catalogue.text("calendar.am" if local.hour < 12 else "calendar.pm")
    return locale.in_digits(f"{local.hour % 12 or 12}:{local:%M} {half}")


def format_datetime(value: datetime, locale: Locale, catalogue: Catalogue, style: Style = "short") -> str:
    """Day and time in the reader's zone and calendar; a day without an hour by itself."""
    day = format_date(day_meant(value, locale.zone) or value.astimezone(locale.zone).date(), locale, catalogue, style)
    return _at(day, value, locale, catalogue)


def from_iso(text: str, locale: Locale, catalogue: Catalogue) -> str:
    """A stored day or instant (ISO 8601) as the reader sees it."""
    if len(text) <= DATE_LENGTH:
        return format_date(date.fromisoformat(text), locale, catalogue)
    return format_datetime(datetime.fromisoformat(text), locale, catalogue)


def relative_time(value: datetime, now: datetime, locale: Locale, catalogue: Catalogue) -> str:
    """How long ago or ahead, within a week; then day and month, with the year where it is another one."""
    meant, today = day_meant(value, locale.zone), now.astimezone(locale.zone).date()
    local = meant or value.astimezone(locale.zone).date()
    seconds, days = int((now - value).total_seconds()), (today - local).days
    if 0 <= seconds < HOUR and not meant:
        key = "moments_ago" if seconds < MINUTE else "minutes_ago"
        return _counted(f"calendar.{key}", seconds // MINUTE, locale, catalogue)
    if -1 <= days <= 1:
        name = catalogue.text(f"calendar.{('tomorrow', 'today', 'yesterday')[days + 1]}")
        return _at(name, value, locale, catalogue)
    if abs(days) < WEEK:
        return _counted(f"calendar.days_{'ago' if days > 0 else 'ahead'}", abs(days), locale, catalogue)
    calendar = calendar_for(local, locale.calendar)
    year, month, day = parts(local, calendar)
    if calendar_for(today, locale.calendar) != calendar or year != parts(today, calendar).year:
        return format_date(local, locale, catalogue, "medium")
    name = catalogue.text(f"calendar.{calendar}.month_short.{month}")
    shown = locale.in_digits(catalogue.text("calendar.day_and_month", day=day, month=name))
    return _at(shown, value, locale, catalogue)


def days_since(value: datetime, now: datetime, locale: Locale, catalogue: Catalogue) -> str:
    """How many of the reader's days have passed: «۱۲ روز», "12 days"; today until there is one."""
    days = (now.astimezone(locale.zone).date() - value.astimezone(locale.zone).date()).days
    return _counted("calendar.days", days, locale, catalogue) if days > 0 else catalogue.text("calendar.today")


def format_duration(seconds: int, locale: Locale, catalogue: Catalogue) -> str:
    """A span in its two largest units of days, hours and minutes: «۱ ساعت و ۳۰ دقیقه»."""
    minutes = abs(seconds) // MINUTE
    counts = (("days", minutes // 1440), ("hours", minutes // 60 % 24), ("minutes", minutes % 60))
    found = [_counted(f"calendar.{unit}", count, locale, catalogue) for unit, count in counts if count]
    if not found:
        return _counted("calendar.minutes", 0, locale, catalogue)
    words = catalogue.text("calendar.duration_and").join(found[:2])
    return catalogue.text("numbers.words.minus", number=words) if seconds < 0 else words


def file_size(size: int, locale: Locale, catalogue: Catalogue) -> str:
    """Bytes in the largest fitting unit of 1024, to one decimal."""
    number, unit = Decimal(size), 0
    while number >= STEP and unit < len(SIZES) - 1:
        number, unit = number / STEP, unit + 1
    shown = format_number(trimmed(rounded(number, 1)), locale)
    return catalogue.text(f"numbers.size.{SIZES[unit]}", number=shown)


def person_name(first: str, last: str, catalogue: Catalogue, title: str = "") -> str:
    """A person's parts in the order of the language; empty ones leave no gap."""
    return " ".join(catalogue.text("numbers.person_name", first=first, last=last, title=title).split())


def weekday_order(locale: Locale) -> tuple[int, ...]:
    """The week's days from the reader's first one, Monday being 0."""
    return tuple((locale.week_start + place) % WEEK for place in range(WEEK))


def _at(day: str, value: datetime, locale: Locale, catalogue: Catalogue) -> str:
    if day_meant(value, locale.zone):
        return day
    return catalogue.text("calendar.day_and_time", day=day, time=format_time(value, locale, catalogue))


def _counted(id_: str, number: int, locale: Locale, catalogue: Catalogue) -> str:
    return catalogue.plural(id_, number, number=format_number(number, locale))
