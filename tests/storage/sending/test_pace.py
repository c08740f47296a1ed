"""How fast an account may send (scenario 23)."""

import asyncio
import random
import time
from bisect import bisect_right
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from tests.mailing import Office
from tests.sink import Sink
from tests.storage.sending.queue import addressed_to

from crm_storage.sending.gate import SLACK_S, Gate


class Arrivals:
    """When the server took each mail."""

    def __init__(self, sink: Sink) -> None:
        self.moments: list[float] = []
        self.at: dict[int, Callable[[], None]] = {}
        """What happens once so many mails were taken."""
        sink.on_taken = self._taken

    def _taken(self, number: int) -> None:
        self.moments.append(time.monotonic())
        self.at.get(number, lambda: None)()

    def most(self, seconds: float = 1.0) -> int:
        """The most mails that any so long stretch saw."""
        return max(bisect_right(self.moments, start + seconds) - place for place, start in enumerate(self.moments))


@pytest.mark.timeout(300)
async def test_scenario_23_no_mail_of_a_mailbox_goes_before_its_place(office: Office, sink: Sink, long: bool) -> None:
    """At its full size for a minute and a half, by one worker as by two."""
    per_second, mails = (10, 1000) if long else (40, 120)
    account = await office.account(per_second=per_second, per_hour=36_000)
    run = await addressed_to(office, *(f"r{n}@x.example" for n in range(mails)), account=account)
    arrivals, started = Arrivals(sink), time.monotonic()
    await asyncio.gather(*(office.lane(account) for _ in range(1 if long else 2)))
    assert await office.states(run) == {"sent": mails}
    early = [n for n, moment in enumerate(arrivals.moments) if moment - started < n / per_second - 0.1]
    assert early == []
    if long:
        assert arrivals.most() <= per_second + 1
        assert 99 <= arrivals.moments[-1] - arrivals.moments[0] <= 110


async def test_scenario_23_what_a_stall_held_up_leaves_at_the_pace_too(office: Office, sink: Sink) -> None:
    """The clock leaps, as it does for a process that stood still: every place that was reserved is gone at once."""
    account = await office.account(per_second=30, connections=1)
    run = await addressed_to(office, *(f"r{n}@x.example" for n in range(90)), account=account)
    arrivals, leap = Arrivals(sink), [timedelta()]
    office.station = office.station._replace(clock=lambda: datetime.now(UTC) + leap[0])
    arrivals.at[20] = lambda: leap.__setitem__(0, timedelta(seconds=40))
    await office.lane(account)
    assert await office.states(run) == {"sent": 90}
    assert arrivals.most(0.5) <= 30 * 0.5 + 30 * SLACK_S + 2


def test_scenario_23_any_second_sees_the_pace_and_one_more_whatever_stood_still() -> None:
    now, passed, chance = [0.0], list[float](), random.Random(23)
    gate = Gate(10, lambda: now[0])
    while now[0] < 120:
        while not gate.wait():
            passed.append(now[0])
        now[0] += chance.choice((0.001, 0.01, 0.02, 3.0 if chance.random() < 0.01 else 0.03))
    assert max(bisect_right(passed, start + 1) - place for place, start in enumerate(passed)) <= 11


def test_scenario_23_timers_that_are_a_little_late_cost_nothing() -> None:
    now, passed = [0.0], 0
    gate = Gate(10, lambda: now[0])
    while passed < 1000:
        left = gate.wait()
        passed += not left
        now[0] += left + 0.004 if left else 0.0
    assert 99 <= now[0] <= 110


def test_without_a_pace_nobody_waits() -> None:
    gate = Gate(None)
    assert {gate.wait() for _ in range(1000)} == {0.0}


async def test_hours_and_days_have_their_limits(office: Office, sink: Sink) -> None:
    account = await office.account(per_hour=30, per_day=1000)
    await addressed_to(office, *(f"r{n}@x.example" for n in range(50)), account=account)
    await office.lane(account)
    await office.lane(account)
    assert sink.total == 30
    assert await office.rows("SELECT scope, tokens FROM rate_bucket WHERE scope <> 'account' ORDER BY 1") == [
        ("account_day", 30.0), ("account_hour", 30.0),
    ]  # fmt: skip


async def test_the_plans_daily_limit_holds_for_all_accounts_together(office: Office, sink: Sink) -> None:
    await addressed_to(office, *(f"r{n}@x.example" for n in range(50)))
    office.station = office.station._replace(daily=35)
    await asyncio.gather(office.lane(), office.lane())
    assert sink.total == 35
    assert await office.rows("SELECT tokens FROM rate_bucket WHERE scope = 'tenant_day'") == [(35.0,)]
