"""Mails of unknown fate (scenario 18)."""

from tests.mailing import ADMIN, Office
from tests.sink import Sink
from tests.storage.sending.queue import addressed_to, done_by, row_of

from crm_domain.tracking.events import Act
from crm_storage.sending import uncertain


async def test_scenario_18_an_uncertain_mail_is_settled_by_evidence_or_by_a_person(office: Office, sink: Sink) -> None:
    run = await addressed_to(office, "drop.taken.a@x.example", "once.drop.content.b@x.example")
    await office.lane()
    first, second = (
        (await row_of(office, "drop.taken.a@x.example"))["id"],
        (await row_of(office, "once.drop.content.b@x.example"))["id"],
    )
    assert await office.states(run) == {"uncertain": 2} and (await office.counters(run))["uncertain"] == 2
    await done_by(office, [first], Act.CLICK, link=1)
    assert (await row_of(office, "drop.taken.a@x.example"))["state"] == "sent"
    async with office.station.session() as session:
        assert await uncertain.undecided(session, office.campaign_id) == 0
        await session.execute("UPDATE email_queue SET begun_at = now() - interval '25 hours'")
        assert await uncertain.undecided(session, office.campaign_id, office.marketing_id) == 1
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
