"""Public holidays where a reader lives: official days by country, the lunar ones of Iran included."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

import holidays as calendars

from crm_domain.text.locale import Locale

COUNTRIES = {
    "Asia/Tehran": "IR",
    "Asia/Dubai": "AE",
    "Asia/Kabul": "AF",
    "Asia/Istanbul": "TR",
    "Europe/Istanbul": "TR",
    "Europe/Berlin": "DE",
    "Europe/London": "GB",
    "Europe/Paris": "FR",
    "America/New_York": "US",
    "America/Chicago": "US",
    "America/Denver": "US",
    "America/Los_Angeles": "US",
    "America/Toronto": "CA",
}
"""The country of a time zone, for the zones the product offers most; others have no holidays of their own."""
LANGUAGES = {"fa": "fa_IR", "en": "en_US"}


def holidays_between(first: date, last: date, locale: Locale) -> dict[date, str]:
    """The holidays from one day to the other, both included, each by its name."""
    country = COUNTRIES.get(locale.time_zone, "")
    years = range(first.year, last.year + 1)
    found = (item for year in years for item in _year(country, year, locale.language).items())
    return {day: name for day, name in found if first <= day <= last}


def is_holiday(day: date, locale: Locale) -> bool:
    """Whether the day is a public holiday where the locale is at home."""
    return day in _year(COUNTRIES.get(locale.time_zone, ""), day.year, locale.language)


@lru_cache(maxsize=512)
def _year(country: str, year: int, language: str) -> Mapping[date, str]:
    if not country:
        return {}
    found = calendars.country_holidays(country, years=year, language=LANGUAGES.get(language, language))
    return {day: name.replace("; ", " · ") for day, name in found.items()}
