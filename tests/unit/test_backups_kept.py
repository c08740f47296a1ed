"""Which backups stay: by day, week and month, as the plan says."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from crm_domain.backups import kept
from crm_domain.tenancy import Quotas

NOW = datetime(2026, 11, 26, 2, tzinfo=UTC)


def nights(number: int) -> list[tuple[UUID, datetime, bool]]:
    return [(uuid4(), NOW - timedelta(days=day), True) for day in range(number)]


def test_a_year_of_nights_leaves_seven_days_four_weeks_twelve_months() -> None:
    taken = nights(800)
    stay = kept(taken, Quotas(), NOW)
    ages = [(NOW - at).days for id_, at, _ in taken if id_ in stay]
    assert ages[:7] == list(range(7))
    assert [age for age in ages if 6 < age < 30] == [11, 18, 26]
    assert len(ages) == 7 + 2 + 11


def test_what_was_asked_for_stays_a_month_and_the_newest_always() -> None:
    old, asked = (uuid4(), NOW - timedelta(days=31), False), (uuid4(), NOW - timedelta(days=29), False)
    assert kept([old, asked], Quotas(), NOW) == {asked[0]}
    assert kept([old], Quotas(), NOW) == {old[0]}
    nothing = Quotas(backup_days=0, backup_weeks=0, backup_months=0)
    taken = nights(5)
    assert kept(taken, nothing, NOW) == {taken[0][0]}
