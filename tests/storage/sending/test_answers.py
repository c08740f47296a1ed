"""What each answer of a mail server does to the row, the address and the run (scenarios 25 and 26, REL-14)."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest
from tests.mailing import Office
from tests.sink import FEATURES, Sink
from tests.storage.sending.queue import TOLD, address_of, addressed_to, row_of, sent_out, with_boss

from crm_domain.sending.plan import RELAY
from crm_storage.sending import states
from crm_storage.sending.tick import tick

CLASSES = [
    ("at.rcpt.550.5-1-1.a@x.example", "failed", "bad_address", 1, (True, 0, False)),
    ("at.rcpt.552.5-2-2.a@x.example", "failed", "mailbox", 1, (False, 1, False)),
    ("at.rcpt.550.5-7-1.a@x.example", "failed", "blocked", 1, (False, 0, False)),
    ("at.content.554.5-6-0.a@x.example", "failed", "refused", 1, (False, 1, False)),
    ("at.rcpt.451.4-3-0.a@x.example", "ready", "transient", 1, (False, 0, False)),
    ("at.rcpt.450.4-7-1.a@x.example", "ready", "slow_down", 1, (False, 0, False)),
    ("at.rcpt.421.a@x.example", "ready", "service", 0, (False, 0, False)),
    ("drop.content.a@x.example", "uncertain", "unknown", 1, (False, 0, False)),
    ("drop.taken.a@x.example", "uncertain", "unknown", 1, (False, 0, False)),
    ("fine@x.example", "sent", "accepted", 1, (False, 0, True)),
]


@pytest.mark.parametrize(("recipient", "state", "reason", "attempts", "learned"), CLASSES)
async def test_rel_14_each_answer_leaves_the_row_and_the_address_in_their_right_state(
    office: Office, recipient: str, state: str, reason: str, attempts: int, learned: tuple[bool, int, bool]
) -> None:
    await addressed_to(office, recipient)
    await office.lane()
    row = await row_of(office, recipient)
    assert (row["state"], row["reason"], row["attempts"]) == (state, reason, attempts)
    assert await address_of(office, recipient) == learned


async def test_scenario_25_a_transient_answer_is_tried_again_after_five_minutes(office: Office, sink: Sink) -> None:
    recipients = ["once.at.rcpt.451.4-3-0.a@x.example", *(f"r{n}@x.example" for n in range(19))]
    run = await addressed_to(office, *recipients)
    await office.lane()
    assert sink.total == 19
    row = await row_of(office, recipients[0])
    assert (
        timedelta(minutes=4)
        <= row["not_before"] - office.now() + timedelta(seconds=5)
        <= timedelta(minutes=6, seconds=5)
    )
    await office.run("UPDATE email_queue SET not_before = now() WHERE state = 'ready'")
    await office.lane()
    assert (await row_of(office, recipients[0]))["attempts"] == 2
    assert sink.total == 20 and (await office.counters(run))["state"] == "finished"


async def test_a_mail_is_given_up_when_its_time_is_over(office: Office) -> None:
    run = await addressed_to(office, "at.rcpt.451.a@x.example")
    await office.run("UPDATE mkt_run SET expires_at = now() + interval '1 minute'")
    await office.lane()
    row = await row_of(office, "at.rcpt.451.a@x.example")
    assert (row["state"], row["reason"]) == ("failed", "expired")
    assert (await office.counters(run))["state"] == "finished"


async def test_scenario_25_a_refused_sign_in_disables_the_account_and_tells_once(office: Office, sink: Sink) -> None:
    sink.features = (*FEATURES, "AUTH PLAIN")
    sink.answer_sign_in = "535 5.7.8 no"
    account = await office.account(user_name="u")
    boss = await with_boss(office)
    run = await addressed_to(office, *(f"r{n}@x.example" for n in range(30)), account=account)
    lanes = await asyncio.gather(office.lane(account), office.lane(account))
    assert len(lanes) == 2 and await office.states(run) == {"ready": 30}
    assert await office.rows("SELECT DISTINCT attempts FROM email_queue") == [(0,)]
    assert await office.rows("SELECT state FROM outbound_accounts") == [("disabled",)]
    assert await office.rows(TOLD) == [(boss, "sending_account_disabled")]
    assert (await office.counters(run))["attempted"] == 0


async def test_a_server_that_is_away_costs_no_attempt_and_is_left_alone_for_longer_and_longer(office: Office) -> None:
    account = await office.account(port=1)
    run = await addressed_to(office, *(f"r{n}@x.example" for n in range(5)), account=account)
    for _ in range(3):
        await office.run("UPDATE email_queue SET not_before = now()")
        await office.lane(account)
    assert await office.rows("SELECT DISTINCT state, attempts FROM email_queue") == [("ready", 0)]
    rests = "SELECT failures, closed_until > now() + interval '20 s' FROM rate_bucket WHERE scope = 'account'"
    assert await office.rows(rests) == [(3, True)]
    assert account not in (await tick(office.station)).accounts and (await office.counters(run))["state"] == "sending"


async def test_scenario_26_too_many_bad_addresses_halt_the_run_until_a_person_lets_it_go_on(
    office: Office, sink: Sink
) -> None:
    bad = [f"at.rcpt.550.5-1-1.a{n}@x.example" for n in range(18)]
    first, later = [f"r{n}@x.example" for n in range(282)], [f"l{n}@x.example" for n in range(700)]
    run = await addressed_to(office, *bad, *first, *later)
    await office.run("UPDATE email_queue SET not_before = now() + interval '1 hour' WHERE dedupe_key LIKE 'l%%'")
    await office.lane()
    counters = await office.counters(run)
    assert (counters["state"], counters["reason"]) == ("halted", "bounces") and counters["attempted"] <= 300
    await office.run("UPDATE email_queue SET not_before = now() WHERE state = 'ready'")
    async with office.station.session() as session:
        assert await states.resume(session, run)
        await session.commit()
    await sent_out(office, run)
    assert (await office.counters(run))["state"] == "finished"
    assert sink.total == 982 and all(len(ids) == 1 for ids in sink.accepted.values())


async def test_a_server_that_stays_away_halts_its_runs(office: Office) -> None:
    run = await addressed_to(office, "a@x.example")
    await office.run(
        "INSERT INTO rate_bucket (scope, key, failures, closed_until) VALUES ('account', %(key)s, 9, now() + interval '15 min')",
        key=str(RELAY),
    )
    assert not await tick(office.station)
    assert (await office.counters(run))["reason"] == "server_away"
    async with office.station.session() as session:
        assert await states.resume(session, run)
        await session.commit()
    await office.lane()
    assert (await office.counters(run))["state"] == "finished"


async def test_a_provider_that_asks_for_less_gets_rest_while_others_go_on(office: Office, sink: Sink) -> None:
    run = await addressed_to(
        office,
        "at.rcpt.421.4-7-28.a@gmail.com",
        *(f"g{n}@gmail.com" for n in range(400)),
        *(f"r{n}@x.example" for n in range(200)),
    )
    await office.lane()
    (pace,) = await office.rows(
        "SELECT key, closed_until > now(), per_second > 0 FROM rate_bucket WHERE scope = 'provider'"
    )
    assert pace == (f"{RELAY}:google", True, True)
    left = Counter(
        provider for (provider,) in await office.rows("SELECT provider FROM email_queue WHERE state = 'ready'")
    )
    assert set(left) <= {"google"} and (await office.counters(run))["state"] == "sending"
