"""How fast an account may send (scenario 23)."""

import asyncio
import time

from tests.mailing import Office
from tests.sink import Sink
from tests.storage.sending.queue import addressed_to


async def test_scenario_23_no_mail_of_a_mailbox_goes_before_its_place(office: Office, sink: Sink) -> None:
    account = await office.account(per_second=40, per_hour=36_000)
    run = await addressed_to(office, *(f"r{n}@x.example" for n in range(120)), account=account)
    moments: list[float] = []
    sink.on_taken = lambda _number: moments.append(time.monotonic())
    started = time.monotonic()
    await asyncio.gather(office.lane(account), office.lane(account))
    assert await office.states(run) == {"sent": 120}
    assert [number for number, moment in enumerate(moments) if moment - started < number / 40 - 0.1] == []


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
