"""Dates, times, spans and sizes as readers see them (platform 28.1, ui 10)."""

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from crm_domain.messages.catalogue import catalogue
from crm_domain.text import format as formats
from crm_domain.text.jalali import parse_date
from crm_domain.text.locale import ENGLISH, PERSIAN, Locale

FA, EN = catalogue("fa"), catalogue("en")
DAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LOCALES = [
    PERSIAN,
    ENGLISH,
    msgspec.structs.replace(PERSIAN, calendar="gregorian"),
    msgspec.structs.replace(ENGLISH, calendar="jalali"),
]


def test_days() -> None:
    assert formats.format_date(DAY, PERSIAN, FA) == "۱۴۰۵/۰۹/۰۲"
    assert formats.format_date(DAY, PERSIAN, FA, "medium") == "۲ آذر ۱۴۰۵"
    assert formats.format_date(DAY, PERSIAN, FA, "long") == "دوشنبه ۲ آذر ۱۴۰۵"
    assert formats.format_date(DAY, ENGLISH, EN) == "23 Nov 2026"
    assert formats.format_date(date(1700, 1, 1), PERSIAN, FA) == "۱۷۰۰/۰۱/۰۱"


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("style", ["short", "medium", "long"])
def test_a_shown_day_is_understood(locale: Locale, style: formats.Style) -> None:
    for place in range(0, 730, 13):
        day = DAY + timedelta(days=place)
        shown = formats.format_date(day, locale, catalogue(locale.language), style)
        assert parse_date(shown, locale, DAY) == day


def test_times_are_told_in_the_readers_zone() -> None:
    assert formats.format_datetime(NOW, PERSIAN, FA) == "۱۴۰۵/۰۹/۰۲، ۱۲:۳۰"
    assert formats.format_time(NOW - timedelta(hours=12), ENGLISH, EN) == "12:30 AM"
    assert formats.from_iso("2026-11-23T09:00:00+00:00", PERSIAN, FA) == "۱۴۰۵/۰۹/۰۲، ۱۲:۳۰"
    assert formats.from_iso("2026-11-23", ENGLISH, EN) == "23 Nov 2026"


def test_iran_kept_summer_time_until_1401() -> None:
    assert formats.format_time(datetime(2022, 7, 1, 9, 0, tzinfo=UTC), PERSIAN, FA) == "۱۳:۳۰"
    assert formats.format_time(datetime(2023, 7, 1, 9, 0, tzinfo=UTC), PERSIAN, FA) == "۱۲:۳۰"


@pytest.mark.parametrize(
    ("ago", "persian", "english"),
    [
        (timedelta(), "هم‌اکنون", "Just now"),
        (timedelta(minutes=1), "۱ دقیقه پیش", "1 minute ago"),
        (timedelta(minutes=5), "۵ دقیقه پیش", "5 minutes ago"),
        (timedelta(hours=5), "امروز، ۰۷:۳۰", "Today, 7:30 AM"),
        (timedelta(hours=20), "دیروز، ۱۶:۳۰", "Yesterday, 4:30 PM"),
        (timedelta(days=2), "۲ روز پیش", "2 days ago"),
        (timedelta(days=-1), "فردا، ۱۲:۳۰", "Tomorrow, 12:30 PM"),
        (timedelta(days=-3), "۳ روز دیگر", "In 3 days"),
        (timedelta(days=9), "۲۳ آبان، ۱۲:۳۰", "14 Nov, 12:30 PM"),
        (timedelta(days=400), "۲۷ مهر ۱۴۰۴", "19 Oct 2025"),
    ],
)
def test_relative_times(ago: timedelta, persian: str, english: str) -> None:
    assert formats.relative_time(NOW - ago, NOW, PERSIAN, FA) == persian
    assert formats.relative_time(NOW - ago, NOW, ENGLISH, EN) == english


def test_spans_and_sizes() -> None:
    assert formats.format_duration(5400, PERSIAN, FA) == "۱ ساعت و ۳۰ دقیقه"
    assert formats.format_duration(90_060, ENGLISH, EN) == "1 day 1 hour"
    assert formats.format_duration(0, ENGLISH, EN) == "0 minutes"
    assert formats.file_size(1_234_567, PERSIAN, FA) == "۱٫۲ مگابایت"
    assert formats.file_size(512, ENGLISH, EN) == "512 B"


def test_the_week_begins_where_the_readers_does() -> None:
    assert formats.weekday_order(PERSIAN) == (5, 6, 0, 1, 2, 3, 4)
