"""Sending against a real mail server that answers every class (acceptance scenarios 18 to 32, REL-13 to REL-15)."""

import asyncio
import email
import time
from collections import Counter
from datetime import timedelta
from email.policy import default
from typing import Any
from uuid import UUID

import pytest
from tests.mailing import ADMIN, Office
from tests.sink import FEATURES, Sink

from crm_domain.problems import Refused
from crm_domain.sending.plan import RELAY
from crm_storage.sending import quarantine, states, uncertain
from crm_storage.sending.lane import Lane
from crm_storage.sending.tick import fill, tick
from crm_storage.sending.trial import delete_test_entries

LEAVE = "INSERT INTO newsletter_optout (campaign_id, address_id) SELECT c.id, a.id FROM campaigns c, email_address a"


async def addressed_to(office: Office, *recipients: str, **facts: Any) -> UUID:
    """A campaign to these addresses, filled and sending."""
    await office.campaign(**facts)
    await office.list_of("default", [("targets", await office.people("targets", *recipients))])
    run, _ = await office.filled()
    return run


async def row_of(office: Office, address: str) -> dict[str, Any]:
    names = ("state", "reason", "attempts", "reply_code", "not_before", "id")
    (row,) = await office.rows(f"SELECT {', '.join(names)} FROM email_queue WHERE dedupe_key = %(a)s", a=address)
    return dict(zip(names, row, strict=True))


async def address_of(office: Office, address: str) -> tuple[bool, int, bool]:
    (row,) = await office.rows(
        "SELECT invalid, soft_bounces, last_success_at IS NOT NULL FROM email_address WHERE address_key = %(a)s",
        a=address,
    )
    return row


async def test_a_mailing_reaches_everybody_once_and_ends(office: Office, sink: Sink) -> None:
    await office.campaign()
    await office.many(await office.list_of("default"), 1, 500)
    run = await office.send()
    assert sink.total == 500 and all(len(ids) == 1 for ids in sink.accepted.values())
    counters = await office.counters(run)
    assert counters | {"reason": ""} == {
        "state": "finished", "reason": "", "total": 500, "attempted": 500, "sent": 500, "failed": 0, "skipped": 0,
        "uncertain": 0, "cancelled": 0,
    }  # fmt: skip
    assert await office.rows("SELECT run_state FROM email_marketing") == [("finished",)]
    assert await office.rows("SELECT sum(rows)::int FROM campaign_stat WHERE activity = 'targeted'") == [(500,)]
    assert sink.most_open <= 10


async def test_the_mail_that_arrives_is_the_persons_own(office: Office, sink: Sink) -> None:
    await addressed_to(office, "sara@x.example", subject="برای {{ contact.first_name }}")
    await office.lane()
    message = email.message_from_bytes(sink.contents["sara@x.example"], policy=default)
    assert message["Subject"] == "برای Sara" and "سلام Sara" in message.get_body(("plain",)).get_content()
    link = await office.rows("SELECT number, url FROM link")
    assert link == [(1, "https://example.ir/fair")]
    queue = await row_of(office, "sara@x.example")
    merged = await office.rows("SELECT merged FROM email_queue WHERE id = %(id)s", id=queue["id"])
    assert merged[0][0]["contact.first_name"] == "Sara"


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
    await office.lane(seconds=1.5)
    row = await row_of(office, recipient)
    assert (row["state"], row["reason"], row["attempts"]) == (state, reason, attempts)
    assert await address_of(office, recipient) == learned


async def test_scenario_25_a_transient_answer_is_tried_again_after_five_minutes(office: Office, sink: Sink) -> None:
    recipients = ["once.at.rcpt.451.4-3-0.a@x.example", *(f"r{n}@x.example" for n in range(19))]
    run = await addressed_to(office, *recipients)
    await office.lane(seconds=2)
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
    await office.lane(seconds=2)
    row = await row_of(office, "at.rcpt.451.a@x.example")
    assert (row["state"], row["reason"]) == ("failed", "expired")
    assert (await office.counters(run))["state"] == "finished"


async def test_scenario_25_a_refused_sign_in_disables_the_account_and_tells_once(office: Office, sink: Sink) -> None:
    sink.features = (*FEATURES, "AUTH PLAIN")
    sink.answer_sign_in = "535 5.7.8 no"
    account = await office.account(user_name="u")
    await office.run(
        "WITH a AS (INSERT INTO email_address (address, address_key) VALUES ('boss@x.example', 'boss@x.example') RETURNING id)"
        " INSERT INTO email_link (module, record_id, address_id, is_primary) SELECT 'users', %(me)s, id, true FROM a",
        me=ADMIN,
    )
    run = await addressed_to(office, *(f"r{n}@x.example" for n in range(30)), account=account)
    lanes = await asyncio.gather(office.lane(account, seconds=3), office.lane(account, seconds=3))
    assert len(lanes) == 2 and await office.states(run) == {"ready": 30}
    assert await office.rows("SELECT DISTINCT attempts FROM email_queue") == [(0,)]
    assert await office.rows("SELECT state FROM outbound_accounts") == [("disabled",)]
    assert await office.rows("SELECT payload ->> 'template' FROM outbox WHERE subject = 'mail.send'") == [
        ("sending_account_disabled",)
    ]
    assert (await office.counters(run))["attempted"] == 0


async def test_a_server_that_is_away_costs_no_attempt_and_is_left_alone_for_longer_and_longer(office: Office) -> None:
    account = await office.account(port=1)
    run = await addressed_to(office, *(f"r{n}@x.example" for n in range(5)), account=account)
    for _ in range(3):
        await office.run("UPDATE email_queue SET not_before = now()")
        await office.lane(account, seconds=2)
    assert await office.rows("SELECT DISTINCT state, attempts FROM email_queue") == [("ready", 0)]
    rests = "SELECT failures, closed_until > now() + interval '20 s' FROM rate_bucket WHERE scope = 'account'"
    assert await office.rows(rests) == [(3, True)]
    assert account not in (await tick(office.station)).accounts and (await office.counters(run))["state"] == "sending"


async def test_scenario_26_too_many_bad_addresses_halt_the_run_until_a_person_lets_it_go_on(
    office: Office, sink: Sink
) -> None:
    bad = [f"at.rcpt.550.5-1-1.a{n}@x.example" for n in range(18)]
    run = await addressed_to(office, *bad, *(f"r{n}@x.example" for n in range(282)))
    await office.lane()
    counters = await office.counters(run)
    assert (counters["state"], counters["reason"]) == ("halted", "bounces") and counters["attempted"] < 300
    async with office.station.session() as session:
        assert await states.resume(session, run)
        await session.commit()
    await office.lane()
    assert (await office.counters(run))["state"] == "finished"
    assert sink.total == 282 and all(len(ids) == 1 for ids in sink.accepted.values())


async def test_scenario_27_pause_stops_at_once_and_resume_goes_on_exactly_there(office: Office, sink: Sink) -> None:
    await office.campaign()
    await office.many(await office.list_of("default"), 1, 1500)
    run, _ = await office.filled()
    paused = asyncio.Event()
    sink.on_taken = lambda number: paused.set() if number == 400 else None
    lane = asyncio.create_task(office.lane())
    await paused.wait()
    async with office.station.session() as session:
        assert await states.pause(session, run)
        await session.commit()
    at = sink.total
    await lane
    assert sink.total - at <= 10 + 50 + 50, "only what had begun may end"
    after = sink.total
    assert await office.states(run) == {"sent": after, "ready": 1500 - after}
    async with office.station.session() as session:
        assert await states.resume(session, run)
        await session.commit()
    await office.lane()
    assert sink.total == 1500 and all(len(ids) == 1 for ids in sink.accepted.values())


async def test_scenario_27_cancel_keeps_what_was_sent(office: Office, sink: Sink) -> None:
    await office.campaign()
    await office.many(await office.list_of("default"), 1, 1500)
    run, _ = await office.filled()
    some = asyncio.Event()
    sink.on_taken = lambda number: some.set() if number == 300 else None
    lane = asyncio.create_task(office.lane())
    await some.wait()
    async with office.station.session() as session:
        assert await states.cancel(session, run)
        await session.commit()
    await lane
    await tick(office.station)
    counters = await office.counters(run)
    assert counters["state"] == "cancelled" and counters["sent"] == sink.total
    assert counters["sent"] + counters["cancelled"] == 1500
    assert await office.rows("SELECT sum(rows)::int FROM campaign_stat WHERE activity = 'targeted'") == [(sink.total,)]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("UPDATE email_address SET opted_out = true", "opt_out"),
        ("UPDATE email_address SET invalid = true", "invalid"),
        ("INSERT INTO suppression (kind, value) VALUES ('address', 'late@x.example')", "tenant"),
        ("INSERT INTO suppression (kind, value) VALUES ('domain', 'x.example')", "tenant"),
        (LEAVE, "newsletter_optout"),
    ],
)  # fmt: skip
async def test_scenario_28_rel_15_who_says_no_after_the_queue_was_filled_gets_nothing(
    office: Office, sink: Sink, change: str, reason: str
) -> None:
    run = await addressed_to(office, "late@x.example", kind="newsletter")
    await office.run(change)
    await office.lane()
    row = await row_of(office, "late@x.example")
    assert (row["state"], row["reason"], sink.total) == ("skipped", reason, 0)
    assert (await office.counters(run))["skipped"] == 1
    assert await office.rows("SELECT reason FROM email_skip") == [(reason,)]


async def test_rel_15_lists_that_spare_by_address_and_domain_are_asked_again(office: Office, sink: Sink) -> None:
    run = await addressed_to(office, "a@x.example", "b@mail.y.example", "c@z.example", "d@z.example")
    sparing = await office.list_of("exempt_address")
    await office.run("INSERT INTO target_list_address (list_id, address_key) VALUES (%(l)s, 'a@x.example')", l=sparing)
    await office.run(
        "INSERT INTO target_list_domain VALUES (%(l)s, 'y.example', true)", l=await office.list_of("exempt_domain")
    )
    await office.add(
        sparing,
        "targets",
        [(await office.rows("SELECT record_id FROM email_queue WHERE dedupe_key = 'c@z.example'"))[0][0]],
    )
    await office.lane()
    assert list(sink.accepted) == ["d@z.example"] and await office.states(run) == {"skipped": 3, "sent": 1}


async def test_scenario_23_a_mailboxs_pace_is_kept_in_every_second(office: Office, sink: Sink) -> None:
    account = await office.account(per_second=40, per_hour=36_000)
    run = await addressed_to(office, *(f"r{n}@x.example" for n in range(120)), account=account)
    moments: list[float] = []
    sink.on_taken = lambda _number: moments.append(time.monotonic())
    await asyncio.gather(office.lane(account), office.lane(account))
    assert await office.states(run) == {"sent": 120}
    for start in moments:
        assert sum(start <= moment < start + 1 for moment in moments) <= 40 + 6
    assert 2.5 <= moments[-1] - moments[0] <= 8


async def test_hours_and_days_have_their_limits(office: Office, sink: Sink) -> None:
    account = await office.account(per_hour=30, per_day=1000)
    await addressed_to(office, *(f"r{n}@x.example" for n in range(50)), account=account)
    await office.lane(account, seconds=3)
    await office.lane(account, seconds=1)
    assert sink.total == 30
    assert await office.rows("SELECT scope, tokens FROM rate_bucket WHERE scope <> 'account' ORDER BY 1") == [
        ("account_day", 30.0), ("account_hour", 30.0),
    ]  # fmt: skip


async def test_the_plans_daily_limit_holds_for_all_accounts_together(office: Office, sink: Sink) -> None:
    await addressed_to(office, *(f"r{n}@x.example" for n in range(50)))
    office.station = office.station._replace(daily=35)
    await asyncio.gather(office.lane(seconds=2), office.lane(seconds=2))
    assert sink.total == 35
    assert await office.rows("SELECT tokens FROM rate_bucket WHERE scope = 'tenant_day'") == [(35.0,)]


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


async def test_a_run_can_be_taken_back_or_sent_at_once_before_it_begins(office: Office, sink: Sink) -> None:
    await office.campaign()
    await office.many(await office.list_of("default"), 1, 3)
    await office.run("UPDATE email_marketing SET starts_at = now() + interval '3 days'")
    first = await office.schedule()
    assert not await tick(office.station)
    async with office.station.session() as session:
        assert await states.unschedule(session, first)
        await session.commit()
    assert await office.rows("SELECT run_state FROM email_marketing") == [("draft",)]
    second = await office.schedule()
    async with office.station.session() as session:
        assert await states.send_now(session, second)
        await session.commit()
    await fill(office.station, (await tick(office.station)).fill[0])
    await office.lane()
    assert sink.total == 3


async def test_a_provider_that_asks_for_less_gets_rest_while_others_go_on(office: Office, sink: Sink) -> None:
    run = await addressed_to(
        office,
        "at.rcpt.421.4-7-28.a@gmail.com",
        *(f"g{n}@gmail.com" for n in range(400)),
        *(f"r{n}@x.example" for n in range(200)),
    )
    await office.lane(seconds=4)
    (pace,) = await office.rows(
        "SELECT key, closed_until > now(), per_second > 0 FROM rate_bucket WHERE scope = 'provider'"
    )
    assert pace == (f"{RELAY}:google", True, True)
    left = Counter(
        provider for (provider,) in await office.rows("SELECT provider FROM email_queue WHERE state = 'ready'")
    )
    assert set(left) <= {"google"} and (await office.counters(run))["state"] == "sending"


async def test_scenario_19_pressing_send_twenty_times_at_once_makes_one_run(office: Office, sink: Sink) -> None:
    await office.campaign()
    await office.many(await office.list_of("default"), 1, 50)
    tries = await asyncio.gather(*(office.schedule() for _ in range(20)), return_exceptions=True)
    assert Counter(type(one) for one in tries) == {UUID: 1, Refused: 19}
    (run,) = (await tick(office.station)).fill
    await asyncio.gather(*(fill(office.station, run) for _ in range(3)))
    await asyncio.gather(*(office.lane() for _ in range(4)))
    assert sink.total == 50 and all(len(ids) == 1 for ids in sink.accepted.values())


async def test_scenario_18_an_uncertain_mail_is_settled_by_evidence_or_by_a_person(office: Office, sink: Sink) -> None:
    run = await addressed_to(office, "drop.taken.a@x.example", "once.drop.content.b@x.example")
    await office.lane()
    first, second = (
        (await row_of(office, "drop.taken.a@x.example"))["id"],
        (await row_of(office, "once.drop.content.b@x.example"))["id"],
    )
    assert await office.states(run) == {"uncertain": 2} and (await office.counters(run))["uncertain"] == 2
    async with office.station.session() as session:
        assert await uncertain.undecided(session) == []
        assert await uncertain.proved(session, [first], sent=True, why="clicked") == 1
        await session.execute("UPDATE email_queue SET begun_at = now() - interval '25 hours'")
        assert await uncertain.undecided(session, run) == [second]
        assert await uncertain.decide(session, [first, second], "again", by=ADMIN) == 1
        await session.commit()
    await office.lane()
    assert await office.states(run) == {"sent": 2} and (await office.counters(run))["uncertain"] == 0
    assert len(sink.accepted["drop.taken.a@x.example"]) == len(sink.accepted["once.drop.content.b@x.example"]) == 1


async def test_scenario_18_sending_again_keeps_the_message_id(office: Office, sink: Sink) -> None:
    await addressed_to(office, "once.drop.taken.a@x.example")
    await office.lane()
    async with office.station.session() as session:
        await uncertain.decide(
            session, [(await row_of(office, "once.drop.taken.a@x.example"))["id"]], "again", by=ADMIN
        )
        await session.commit()
    await office.lane()
    ids = sink.accepted["once.drop.taken.a@x.example"]
    assert len(ids) == 2 and len(set(ids)) == 1


async def test_scenario_22_what_is_much_too_late_waits_for_a_person(office: Office, sink: Sink) -> None:
    await office.campaign()
    await office.many(await office.list_of("default"), 1, 10)
    run = await office.schedule()
    office.later(hours=2)
    assert not await tick(office.station)
    assert (await office.counters(run))["state"] == "overdue"
    assert await office.rows("SELECT run_state FROM email_marketing") == [("overdue",)] and sink.total == 0


async def test_scenario_22_a_database_that_went_back_sends_nothing_until_it_is_released(
    office: Office, sink: Sink, tmp_path
) -> None:
    run = await addressed_to(office, *(f"r{n}@x.example" for n in range(10)))
    async with office.station.session() as session:
        for _ in range(3):
            count = await quarantine.beat(session)
        quarantine.remember(tmp_path, office.number, count)
        assert not await quarantine.went_back(session, tmp_path, office.number)
        await session.execute("UPDATE setting SET value = '1' WHERE key = 'sending_beat'")
        await session.execute("UPDATE email_queue SET state = 'begun' WHERE dedupe_key = 'r1@x.example'")
        assert await quarantine.went_back(session, tmp_path, office.number)
        await quarantine.impose(session)
        await session.commit()
    assert not await tick(office.station)
    await office.lane(seconds=1)
    assert sink.total == 0 and await office.states(run) == {"ready": 9, "uncertain": 1}
    async with office.station.session() as session:
        await quarantine.release(session, by=ADMIN)
        assert await states.resume(session, run)
        await session.commit()
    await office.lane()
    assert sink.total == 9


async def test_a_campaign_that_goes_inactive_pauses_its_runs(office: Office) -> None:
    run = await addressed_to(office, "a@x.example")
    await office.run("UPDATE campaigns SET status = 'inactive'")
    assert not await tick(office.station)
    assert (await office.counters(run))["reason"] == "campaign_inactive"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("UPDATE campaigns SET status = 'planning'", "sending.campaign_inactive"),
        ("UPDATE email_marketing SET status = 'inactive'", "sending.record_inactive"),
        ("DELETE FROM campaign_target_lists", "sending.no_list"),
        ("UPDATE email_templates SET deleted_at = now()", "sending.no_template"),
        ("UPDATE email_templates SET subject = ' '", "sending.no_subject"),
        ("UPDATE email_templates SET body_html = '{{ contact.salary }}'", "merge_tags.unknown"),
        ("UPDATE email_marketing SET from_addr = 'nobody'", "sending.bad_sender"),
        ("UPDATE email_marketing SET starts_at = now() - interval '2 hours'", "sending.start_passed"),
    ],
)
async def test_scenario_29_what_stands_against_sending_is_said(office: Office, change: str, problem: str) -> None:
    await office.campaign()
    await office.many(await office.list_of("default"), 1, 2)
    await office.run(change)
    with pytest.raises(Refused) as raised:
        await office.schedule()
    assert raised.value.id == problem


async def test_a_value_that_is_demanded_and_missing_fails_its_row_alone(office: Office, sink: Sink) -> None:
    await office.campaign(html="<p>{{ contact.first_name | required }}</p>")
    people = [*await office.people("targets", "a@x.example"), *await office.people("targets", "b@x.example", name="")]
    await office.list_of("default", [("targets", people)])
    run = await office.send()
    assert list(sink.accepted) == ["a@x.example"]
    row = await row_of(office, "b@x.example")
    assert (row["state"], row["reason"]) == ("failed", "unrendered") and (await office.counters(run))["failed"] == 1


async def test_scenario_10_trials_are_erased_without_touching_what_was_sent(office: Office, sink: Sink) -> None:
    await office.campaign()
    await office.many(await office.list_of("default"), 1, 5)
    tests = await office.list_of("test", [("users", await office.people("users", "me@company.example"))])
    await office.send("test")
    live = await office.send()
    await office.run("UPDATE target_lists SET list_type = 'default' WHERE id = %(id)s", id=tests)
    async with office.station.session() as session:
        assert await delete_test_entries(session, office.campaign_id, by=ADMIN) == 1
        await session.commit()
    assert await office.rows("SELECT class, count(*) FROM campaign_log GROUP BY 1") == [("default", 5)]
    assert await office.rows("SELECT class, sum(rows)::int FROM campaign_stat GROUP BY 1") == [("default", 5)]
    assert await office.rows("SELECT is_test, count(*) FROM email_queue GROUP BY 1") == [(False, 5)]
    assert (await office.counters(live))["sent"] == 5


async def test_rel_22_a_lane_that_is_told_to_stop_leaves_nothing_half_done(office: Office, sink: Sink) -> None:
    await office.campaign()
    await office.many(await office.list_of("default"), 1, 800)
    run, _ = await office.filled()
    stop = asyncio.Event()
    sink.on_taken = lambda number: stop.set() if number == 100 else None
    await office.lane(stop=stop)
    found = await office.states(run)
    assert set(found) == {"sent", "ready"} and found["sent"] == sink.total < 800


async def test_a_lease_that_ran_out_cannot_begin(office: Office, sink: Sink) -> None:
    run = await addressed_to(office, *(f"r{n}@x.example" for n in range(20)))
    async with office.station.session() as session:
        outlet = await office.station.outlet(session, RELAY)
    assert outlet
    lane = Lane(office.station, RELAY, outlet)
    await lane._larder.fill()
    await office.run("UPDATE email_queue SET lease_until = now() - interval '1 s'")
    await tick(office.station)
    await lane._commit()
    assert await office.states(run) == {"ready": 20} and sink.total == 0
