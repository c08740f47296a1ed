"""The next time when everybody is free: within hours of work, on days of work, outside what keeps anybody busy."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from crm_domain.definition import Ref
from crm_domain.modules.activities.free_time import DAYS_AHEAD, QUARTER, closed_stretches, next_free
from crm_domain.modules.activities.leave import leaves
from crm_domain.modules.employees import Employee
from crm_domain.problems import Invalid
from crm_domain.text.locale import PERSIAN
from crm_domain.text.workdays import Workdays

from .conftest import ADMIN, Company

TEHRAN = ZoneInfo("Asia/Tehran")
HOURS = Workdays(PERSIAN)
HOUR = timedelta(hours=1)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of December 2026 in Tehran; the 3rd is a Thursday, the 4th a Friday."""
    return datetime(2026, 12, day, hour, minute, tzinfo=TEHRAN).astimezone(UTC)


@pytest.mark.parametrize(
    ("after", "length", "taken", "expected"),
    [
        (at(1, 10), HOUR, [], at(1, 10)),
        (at(1, 10, 7), HOUR, [], at(1, 10, 15)),
        (at(1, 6), HOUR, [], at(1, 8)),
        (at(1, 10), HOUR, [(at(1, 10, 30), at(1, 11, 10))], at(1, 11, 15)),
        (at(1, 10), HOUR, [(at(1, 9), at(1, 12)), (at(1, 12, 30), at(1, 13))], at(1, 13)),
        (at(1, 16, 30), HOUR, [], at(2, 8)),
        (at(3, 16, 30), HOUR, [], at(5, 8)),
        (at(1, 10), 12 * HOUR, [], at(2, 8)),
        (at(1, 8), 24 * HOUR, [(at(2, 7), at(2, 9))], at(3, 8)),
        (at(1, 8), HOUR, [(at(1, 0), at(1, 0) + timedelta(days=DAYS_AHEAD + 1))], None),
    ],
)
def test_s_10_the_first_time_is_found_when_nobody_is_taken(
    after: datetime, length: timedelta, taken: list[tuple[datetime, datetime]], expected: datetime | None
) -> None:
    assert next_free(HOURS, after, length, taken) == expected


def test_what_lies_outside_the_hours_is_told_in_quarters() -> None:
    assert closed_stretches(HOURS, at(1, 7), 36, QUARTER) == [(0, 4)]
    assert closed_stretches(HOURS, at(1, 14), 36, QUARTER) == [(12, 24)]
    assert closed_stretches(HOURS, at(4, 9), 36, QUARTER) == [(0, 36)]


async def test_leave_keeps_who_has_an_account_from_the_first_to_the_end_of_the_last_day(company: Company) -> None:
    async with company.work() as work:
        someone, first, last = Employee.last_name.to("Away"), date(2026, 12, 1), date(2026, 12, 2)
        owner = Employee.account_user.to(Ref("users", ADMIN))
        await work.create(Employee, someone, owner, Employee.leave_from.to(first), Employee.leave_until.to(last))
        single = await work.create(Employee, someone, owner, Employee.leave_from.to(date(2026, 12, 20)))
        midnight = datetime.combine(first, time(), work.locale.zone)
        found = await leaves(work, [ADMIN], midnight, midnight + timedelta(days=5))
        assert found == {ADMIN: [(midnight, midnight + timedelta(days=2))]}
        assert (await work.get(Employee, single)).leave_until == date(2026, 12, 20)
        with pytest.raises(Invalid):
            await work.update(Employee, single, Employee.leave_until.to(first))
