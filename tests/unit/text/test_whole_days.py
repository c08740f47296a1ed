"""Days without an hour: the same day for everybody, told without a time, over when it ends."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crm_domain.messages.catalogue import catalogue
from crm_domain.text import format as formats
from crm_domain.text.locale import ENGLISH, PERSIAN
from crm_domain.text.whole_days import begins, day_meant, whole

DAY = date(2026, 11, 23)
ZONES = [ZoneInfo(name) for name in ("Asia/Tehran", "UTC", "America/New_York", "Asia/Tokyo", "Pacific/Honolulu")]
AUCKLAND = ZoneInfo("Pacific/Auckland")


@pytest.mark.parametrize("writer", ZONES, ids=str)
@pytest.mark.parametrize("reader", [*ZONES, AUCKLAND], ids=str)
def test_a_day_is_the_same_for_who_wrote_and_who_reads_it(writer: ZoneInfo, reader: ZoneInfo) -> None:
    assert day_meant(whole(DAY, writer), reader) == DAY
    assert day_meant(whole(DAY, reader), reader) == DAY


def test_a_moment_is_no_day() -> None:
    for moment in (datetime(2026, 11, 23, 20, 29, 59, tzinfo=UTC), datetime(2026, 11, 22, 20, 30, tzinfo=UTC)):
        assert day_meant(moment, PERSIAN.zone) is None
        assert begins(moment) == moment


def test_a_day_begins_at_midnight_and_is_over_when_it_ends() -> None:
    there = whole(DAY, PERSIAN.zone)
    assert begins(there) == datetime(2026, 11, 22, 20, 30, tzinfo=UTC)
    assert there < datetime(2026, 11, 23, 20, 30, tzinfo=UTC) < there + timedelta(seconds=1)


def test_a_day_is_told_without_an_hour() -> None:
    there, fa, en = whole(DAY, PERSIAN.zone), catalogue("fa"), catalogue("en")
    assert formats.format_datetime(there, PERSIAN, fa) == "۱۴۰۵/۰۹/۰۲"
    assert formats.from_iso(there.isoformat(), ENGLISH, en) == "23 Nov 2026"
    told = [
        formats.relative_time(there, whole(DAY + timedelta(days=days), PERSIAN.zone) + ago, PERSIAN, fa)
        for days, ago in ((0, timedelta(hours=-3)), (-1, timedelta()), (0, timedelta(minutes=5)), (20, timedelta()))
    ]
    assert told == ["امروز", "فردا", "دیروز", "۲ آذر"]
