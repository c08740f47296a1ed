"""Quiet hours end when they should, and when the digest comes."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_domain.people.preferences import preferences_of
from crm_domain.people.quiet import PERSIAN_WEEK, Quiet, digest_at, quiet_hours

TEHRAN = ZoneInfo("Asia/Tehran")
NIGHTS = Quiet(begins=22, ends=7)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TEHRAN)


@pytest.mark.parametrize(
    ("quiet", "told", "mailed"),
    [
        (PERSIAN_WEEK, "2026-11-25T23:00", "2026-11-25T23:00"),
        (PERSIAN_WEEK, "2026-11-26T11:59", "2026-11-26T11:59"),
        (PERSIAN_WEEK, "2026-11-26T12:00", "2026-11-28T09:00"),
        (PERSIAN_WEEK, "2026-11-27T10:00", "2026-11-28T09:00"),
        (PERSIAN_WEEK, "2026-11-28T03:00", "2026-11-28T09:00"),
        (NIGHTS, "2026-11-28T23:00", "2026-11-29T07:00"),
        (NIGHTS, "2026-11-28T06:59", "2026-11-28T07:00"),
        (NIGHTS, "2026-11-28T07:00", "2026-11-28T07:00"),
        (Quiet(days=(4,), begins=8, ends=11), "2026-11-27T10:00", "2026-11-28T11:00"),
        (Quiet(begins=13, ends=15), "2026-11-28T14:00", "2026-11-28T15:00"),
    ],
)
def test_what_falls_into_quiet_hours_waits_for_their_end(quiet: Quiet, told: str, mailed: str) -> None:
    assert quiet.until(at(told).astimezone(UTC), TEHRAN) == at(mailed)


def test_the_digest_comes_next_morning_that_is_not_quiet() -> None:
    assert digest_at(at("2026-11-25T08:00"), TEHRAN, PERSIAN_WEEK) == at("2026-11-25T09:00")
    assert digest_at(at("2026-11-25T09:00"), TEHRAN, PERSIAN_WEEK) == at("2026-11-26T09:00")
    assert digest_at(at("2026-11-26T10:00"), TEHRAN, PERSIAN_WEEK) == at("2026-11-28T09:00")


def test_persian_companies_begin_with_their_weekend_whatever_a_reader_speaks() -> None:
    assert preferences_of({"language": "fa"}, {"language": "en"}).quiet == PERSIAN_WEEK
    assert preferences_of({"language": "en"}, {}).quiet == Quiet()
    assert preferences_of({"language": "fa"}, {"quiet": {"days": []}}).quiet == Quiet()


@pytest.mark.parametrize(
    "kept",
    [
        {"days": list(range(7))},
        {"days": [7]},
        {"begins": 24},
        {"begins": -1},
        {"days": "x"},
        {"other": 1},
        {"afternoons": list(range(7)), "begins": 9, "ends": 12},
    ],
)
def test_hours_that_make_no_sense_or_never_end_are_not_kept(kept: object) -> None:
    assert quiet_hours(kept) is None


DAYS = st.lists(st.integers(0, 6), max_size=6).map(tuple)
HOURS = st.integers(0, 23)
TIMES = st.integers(0, 366 * 24 * 60).map(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes))


@given(DAYS, DAYS, HOURS, HOURS, TIMES)
def test_what_is_kept_always_ends_and_its_end_is_not_quiet(
    days: tuple[int, ...], afternoons: tuple[int, ...], begins: int, ends: int, told: datetime
) -> None:
    quiet = Quiet(days=days, afternoons=afternoons, begins=begins, ends=ends)
    if quiet.ever_ends():
        end = quiet.until(told, TEHRAN)
        assert end >= told and quiet.until(end, TEHRAN) == end
