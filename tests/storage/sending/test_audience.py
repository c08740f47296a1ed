"""Whom a mailing reaches, and why others not (acceptance scenarios 1 to 9, 13 to 16)."""

from email import message_from_bytes
from email.policy import default
from uuid import UUID

import pytest
from tests.mailing import ADMIN, Office
from tests.sink import Sink

from crm_domain.access.rights import Access
from crm_domain.definition import EmailEntry
from crm_domain.modules.targets import Target
from crm_domain.records.work import Work
from crm_domain.text.locale import PERSIAN
from crm_storage.records.context import Context
from crm_storage.store import TenantStore


class Clock:
    def __init__(self, office: Office) -> None:
        self.now = office.now


async def typed(office: Office, *addresses: str) -> list[UUID]:
    """Targets as somebody types them in."""
    made: list[UUID] = []
    async with office.database.tenant(office.number) as session:
        context = Context(session, office.station.schema, Access(user=ADMIN, admin=True), "test", "")
        work = Work(TenantStore(context, Clock(office)), context.registry, Clock(office), PERSIAN, "IRR")
        for address in addresses:
            entries = (EmailEntry(address, primary=True),)
            made.append(await work.create(Target, Target.last_name.to("x"), Target.emails.to(entries)))
        await session.commit()
    return made


async def reasons(office: Office, run: UUID) -> dict[str, int]:
    return dict(await office.rows("SELECT reason, count(*) FROM email_skip WHERE run_id = %(run)s GROUP BY 1", run=run))


async def addressed(office: Office) -> list[str]:
    return [row[0] for row in await office.rows("SELECT dedupe_key FROM email_queue ORDER BY dedupe_key")]


async def test_scenario_1_an_address_on_two_lists_gets_one_row(office: Office) -> None:
    await office.campaign()
    a, b = await office.list_of("default"), await office.list_of("default")
    await office.many(a, 1, 1000)
    await office.many(b, 751, 1350, module="contacts")
    run, report = await office.filled()
    assert (report.audience, report.skipped) == (1350, {"duplicate": 250})
    assert await office.rows("SELECT count(*) FROM email_queue") == [(1350,)]
    assert report.memberships == report.audience + report.already + sum(report.skipped.values()) == 1600
    assert await reasons(office, run) == report.skipped


async def test_preview_tells_the_same_and_leaves_no_trace(office: Office) -> None:
    await office.campaign()
    await office.many(await office.list_of("default"), 1, 20)
    await office.many(await office.list_of("default"), 11, 30, module="leads")
    seen = await office.preview()
    assert await office.rows("SELECT (SELECT count(*) FROM mkt_run) + (SELECT count(*) FROM template_version)") == [
        (0,)
    ]
    assert (await office.filled())[1] == seen


async def test_scenarios_2_and_3_spellings_of_one_address_are_one(office: Office, sink: Sink) -> None:
    await office.campaign()
    ids = await typed(
        office, "Ali@Example.com", " ali@example.COM \u200f", "ali@example.com", "user۱۲@site.ir", "user12@site.ir"
    )
    await office.list_of("default", [("targets", ids)])
    await office.send()
    assert {to: len(ids) for to, ids in sink.accepted.items()} == {next(iter(sink.accepted)): 1, "user12@site.ir": 1}
    assert sorted(to.lower() for to in sink.accepted) == ["ali@example.com", "user12@site.ir"]


async def test_scenario_4_seeds_get_their_mail_and_stand_outside_the_figures(office: Office, sink: Sink) -> None:
    await office.campaign()
    await office.many(await office.list_of("default"), 1, 100)
    seeds = await office.people("users", *(f"seed{n}@company.example" for n in range(4)))
    customer = await office.people("contacts", "person7@site7.example")
    await office.list_of("seed", [("users", seeds), ("contacts", customer)])
    await office.send()
    assert sink.total == 104
    sums = "SELECT class, sum(rows)::int FROM campaign_stat WHERE activity = 'targeted' GROUP BY 1 ORDER BY 1"
    assert await office.rows(sums) == [("default", 99), ("seed", 5)]


async def test_scenario_5_suppression_by_record_and_by_address(office: Office, sink: Sink) -> None:
    await office.campaign()
    (contact,), (lead,) = await office.people("contacts", "c@x.example"), await office.people("leads", "c@x.example")
    await office.list_of("default", [("contacts", [contact]), ("leads", [lead])])
    sparing = await office.list_of("exempt", [("contacts", [contact])])
    _, report = await office.filled()
    assert report.skipped == {"by_id": 1} and report.audience == 1
    assert await office.rows("SELECT module, record_id FROM email_queue") == [("leads", lead)]
    await office.run("UPDATE target_lists SET list_type = 'exempt_address' WHERE id = %(id)s", id=sparing)
    await office.marketing()
    _, report = await office.filled()
    assert report.skipped == {"by_address": 2} and report.audience == 0


@pytest.mark.parametrize("below", [True, False])
async def test_scenario_6_suppression_of_a_domain_ends_at_its_dots(office: Office, below: bool) -> None:
    await office.campaign()
    names = ("x@b.com", "x@mail.b.com", "x@ab.com", "x@b.com.ir")
    await office.list_of("default", [("targets", await office.people("targets", *names))])
    sparing = await office.list_of("exempt_domain")
    await office.run("INSERT INTO target_list_domain VALUES (%(list)s, 'b.com', %(below)s)", list=sparing, below=below)
    _, report = await office.filled()
    assert report.skipped == {"by_domain": 2 if below else 1}
    assert await addressed(office) == sorted(names[2:] if below else names[1:])


async def test_scenario_7_suppression_holds_also_for_chosen_lists(office: Office) -> None:
    await office.campaign(all_lists=False)
    first, second = (
        await office.people("targets", "a@x.example", "b@x.example"),
        await office.people("targets", "c@x.example"),
    )
    chosen = await office.list_of("default", [("targets", first)])
    await office.list_of("default", [("targets", second)])
    await office.list_of("exempt", [("targets", first[:1])])
    await office.run(
        "INSERT INTO email_marketing_lists (left_id, right_id) VALUES (%(m)s, %(l)s)", m=office.marketing_id, l=chosen
    )
    _, report = await office.filled()
    assert report.skipped == {"by_id": 1} and await addressed(office) == ["b@x.example"]


async def test_scenario_8_suppression_of_one_campaign_leaves_the_other_alone(office: Office) -> None:
    await office.campaign()
    people = await office.people("targets", "a@x.example", "b@x.example")
    shared = await office.list_of("default", [("targets", people)])
    other, _ = await office.filled()
    await office.campaign()
    await office.attach(shared)
    await office.list_of("exempt", [("targets", people[:1])])
    await office.filled()
    assert await office.states(other) == {"ready": 2}


async def test_scenario_9_a_trial_goes_to_test_lists_only_and_blocks_nobody(office: Office, sink: Sink) -> None:
    await office.campaign()
    people = await office.people("targets", *(f"t{n}@x.example" for n in range(10)))
    await office.list_of("default", [("targets", people)])
    await office.list_of(
        "test", [("targets", people[:2]), ("users", await office.people("users", "me@company.example"))]
    )
    trial = await office.send("test")
    assert sink.total == 3 and await office.states(trial) == {"sent": 3}
    subjects = [message_from_bytes(content, policy=default)["Subject"] for content in sink.contents.values()]
    assert subjects == ["[آزمایش] News"] * 3
    assert await office.rows("SELECT count(*) FROM email_queue WHERE NOT is_test") == [(0,)]
    live = await office.send()
    assert await office.states(live) == {"sent": 10} and sink.total == 13
    assert [len(sink.accepted[f"t{n}@x.example"]) for n in range(10)] == [2, 2] + [1] * 8


async def test_who_has_no_good_address_or_is_gone_is_told_apart(office: Office) -> None:
    await office.campaign()
    ids = await office.people(
        "targets", "", "nonsense", "gone@x.example", "done@x.example", "no@x.example", "bad@x.example", "ok@x.example"
    )
    await office.list_of("default", [("targets", ids)])
    left = await office.people("users", "left@company.example")
    await office.list_of("default", [("users", left)])
    await office.run("UPDATE targets SET deleted_at = now() WHERE id = %(id)s", id=ids[2])
    await office.run("UPDATE targets SET converted = true WHERE id = %(id)s", id=ids[3])
    await office.run("UPDATE users SET status = 'inactive' WHERE id = %(id)s", id=left[0])
    await office.run("UPDATE email_address SET opted_out = true WHERE address = 'no@x.example'")
    await office.run("UPDATE email_address SET invalid = true WHERE address = 'bad@x.example'")
    _, report = await office.filled()
    assert report.skipped == {"no_primary": 1, "unparsable": 1, "gone": 3, "opt_out": 1, "invalid": 1}
    assert report.audience == 1


async def test_the_companys_own_suppression_ends_when_it_expires(office: Office) -> None:
    await office.campaign()
    await office.list_of(
        "default", [("targets", await office.people("targets", "a@x.example", "b@y.example", "c@z.example"))]
    )
    add = "INSERT INTO suppression (kind, value, expires_at) VALUES (%(kind)s, %(value)s, now() + %(days)s * interval '1 day')"
    await office.run(add, kind="address", value="a@x.example", days=1)
    await office.run(add, kind="domain", value="y.example", days=1)
    await office.run(add, kind="domain", value="z.example", days=-1)
    _, report = await office.filled()
    assert report.skipped == {"tenant": 2} and report.audience == 1


async def test_scenario_13_only_who_has_confirmed_is_mailed_where_the_campaign_asks_for_it(office: Office) -> None:
    await office.campaign(consent="confirmed")
    await office.many(await office.list_of("default"), 1, 100)
    await office.run("UPDATE email_address SET optin_state = 'opt_in'")
    await office.run(
        "UPDATE email_address SET optin_state = 'confirmed' WHERE id IN (SELECT id FROM email_address ORDER BY address LIMIT 30)"
    )
    _, report = await office.filled()
    assert report.audience == 30 and report.skipped == {"consent": 70}


async def test_scenarios_14_and_15_leaving_a_newsletter_counts_for_the_address_and_that_newsletter(
    office: Office,
) -> None:
    await office.campaign("newsletter")
    subscribers = await office.list_of("default")
    await office.many(subscribers, 1, 1000)
    ali = await office.people("contacts", "person1@site1.example")
    await office.add(subscribers, "contacts", ali)
    await office.filled()
    await office.run(
        "INSERT INTO newsletter_optout (campaign_id, address_id) SELECT %(c)s, id FROM email_address"
        " WHERE address ~ '^person([1-9]|10)@'",
        c=office.campaign_id,
    )
    await office.marketing()
    _, second = await office.filled()
    assert second.audience == 990 and second.skipped == {"newsletter_optout": 11}
    await office.campaign("email")
    await office.attach(subscribers)
    assert (await office.filled())[1].audience == 1000


async def test_scenario_16_a_new_issue_reaches_all_and_a_second_scheduling_only_the_new(
    office: Office, sink: Sink
) -> None:
    await office.campaign("newsletter")
    subscribers = await office.list_of("default")
    await office.many(subscribers, 1, 20)
    first = await office.send()
    assert await office.rows("SELECT state FROM mkt_run WHERE id = %(run)s", run=first) == [("finished",)]
    await office.many(subscribers, 21, 25)
    topped_up, report = await office.filled()
    assert (report.audience, report.already) == (5, 20) and await office.states(topped_up) == {"ready": 5}
    issue = await office.marketing()
    assert (await office.filled(marketing=issue))[1].audience == 25
