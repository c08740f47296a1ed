"""What named periods mean (platform 3.3)."""

from datetime import date, timedelta

import pytest

from crm_domain.messages.catalogue import catalogue
from crm_domain.problems import BadValue
from crm_domain.text.jalali import from_jalali
from crm_domain.text.locale import ENGLISH, PERSIAN
from crm_domain.text.periods import PERIODS, period

TODAY = date(2026, 11, 23)


def test_scenario_7_this_month_is_the_jalali_one() -> None:
    assert period("this_month", TODAY, PERSIAN) == (date(2026, 11, 22), date(2026, 12, 21))
    assert period("this_month", TODAY, ENGLISH) == (date(2026, 11, 1), date(2026, 11, 30))


def test_weeks_start_where_the_readers_do() -> None:
    assert period("this_week", TODAY, PERSIAN) == (date(2026, 11, 21), date(2026, 11, 27))
    assert period("this_week", TODAY, ENGLISH) == (date(2026, 11, 23), date(2026, 11, 29))


def test_quarters_and_years() -> None:
    assert period("this_quarter", TODAY, PERSIAN) == (from_jalali(1405, 7, 1), from_jalali(1405, 9, 30))
    assert period("next_quarter", TODAY, ENGLISH) == (date(2027, 1, 1), date(2027, 3, 31))
    assert period("last_year", TODAY, PERSIAN) == (from_jalali(1404, 1, 1), from_jalali(1404, 12, 29))
    assert period("next_month", from_jalali(1405, 12, 29), PERSIAN) == (
        from_jalali(1406, 1, 1),
        from_jalali(1406, 1, 31),
    )


def test_counted_days_include_today() -> None:
    assert period("last_7_days", TODAY, PERSIAN) == (TODAY - timedelta(days=6), TODAY)
    assert period("next_30_days", TODAY, PERSIAN) == (TODAY, TODAY + timedelta(days=29))


@pytest.mark.parametrize("unit", ["week", "month", "quarter", "year"])
@pytest.mark.parametrize("locale", [PERSIAN, ENGLISH])
def test_neighbouring_periods_touch(unit: str, locale: object) -> None:
    last, this, following = (period(f"{which}_{unit}", TODAY, locale) for which in ("last", "this", "next"))  # type: ignore[arg-type]
    assert last[1] + timedelta(days=1) == this[0]
    assert this[1] + timedelta(days=1) == following[0]


@pytest.mark.parametrize("language", ["fa", "en"])
def test_every_period_has_a_name(language: str) -> None:
    assert [name for name in PERIODS if not catalogue(language).has(f"calendar.period.{name}")] == []


def test_unknown_period() -> None:
    with pytest.raises(BadValue, match=r"problems\.unknown_period"):
        period("someday", TODAY, PERSIAN)
