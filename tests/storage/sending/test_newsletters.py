"""A newsletter's lists while its issues go out and its readers leave and come back."""

from uuid import UUID

from tests.mailing import ADMIN, Office
from tests.sink import Sink
from tests.storage.sending.queue import done_by, row_of

from crm_domain.tracking.events import Act
from crm_storage.marketing import subscriptions

OWN = "UPDATE target_lists SET newsletter = %(campaign)s, purpose = %(purpose)s WHERE id = %(list)s"
COUNT = "SELECT entry_count, (SELECT count(*) FROM target_list_member WHERE left_id = id) FROM target_lists WHERE id = %(list)s"


async def newsletter(office: Office) -> tuple[UUID, UUID, UUID]:
    """A newsletter with its lists of subscribers and of those who left."""
    await office.campaign("newsletter")
    lists = [await office.list_of(kind) for kind in ("default", "exempt")]
    for list_id, purpose in zip(lists, ("subscription", "unsubscription"), strict=True):
        await office.run(OWN, campaign=office.campaign_id, purpose=purpose, list=list_id)
    return office.campaign_id, lists[0], lists[1]


async def counted(office: Office, list_id: UUID) -> int:
    """Members of a list that only the statements under test filled or, with no number kept, the tests themselves."""
    [(kept, members)] = await office.rows(COUNT, list=list_id)
    assert kept in (None, members)
    return members


async def move(office: Office, campaign: UUID, module: str, ids: list[UUID], *, on: bool) -> int:
    async with office.database.tenant(office.number) as session:
        moved = await subscriptions.move(session, campaign, module, ids, on=on, by=ADMIN)
        await session.commit()
        return moved


async def test_scenario_14_who_leaves_by_the_page_gets_no_second_issue_but_all_other_mail(office: Office) -> None:
    _, subscribers, left = await newsletter(office)
    await office.many(subscribers, 1, 1000)
    run, first = await office.filled()
    assert first.audience == 1000
    rows = await office.rows("SELECT id FROM email_queue WHERE run_id = %(run)s ORDER BY id LIMIT 10", run=run)
    await done_by(office, [id_ for (id_,) in rows], Act.OPT_OUT, said="this")
    assert (await counted(office, left), await counted(office, subscribers)) == (10, 1000)
    await office.marketing()
    assert (await office.filled())[1].audience == 990
    await office.campaign("email")
    await office.attach(subscribers)
    assert (await office.filled())[1].audience == 1000


async def test_scenario_15_a_person_stored_twice_is_moved_once_and_comes_back_as_either(office: Office) -> None:
    campaign, subscribers, left = await newsletter(office)
    [lead] = await office.people("leads", "ali@shop.example")
    [contact] = await office.people("contacts", "ali@shop.example")
    assert await move(office, campaign, "leads", [lead], on=True) == 1
    assert await move(office, campaign, "contacts", [contact], on=True) == 1
    assert await move(office, campaign, "leads", [lead, lead], on=False) == 1
    async with office.database.tenant(office.number) as session:
        assert await subscriptions.standing(session, contact, [campaign]) == {campaign: "unsubscribed"}
    assert (await office.preview()).audience == 0
    assert (await counted(office, subscribers), await counted(office, left)) == (2, 1)
    await move(office, campaign, "contacts", [contact], on=True)
    assert (await office.preview()).audience == 1 and await counted(office, left) == 0
    said = await office.rows("SELECT new, source, actor_id FROM consent_log ORDER BY at, new DESC")
    assert said == [("opted_out", "staff", ADMIN), ("opt_in", "staff", ADMIN)]


async def test_scenario_40_who_comes_back_by_the_page_gets_the_next_issue(office: Office, sink: Sink) -> None:
    _, subscribers, left = await newsletter(office)
    await office.add(subscribers, "contacts", await office.people("contacts", "ali@shop.example", "zari@shop.example"))
    await office.send()
    first = [(await row_of(office, "ali@shop.example"))["id"]]
    await done_by(office, first, Act.OPT_OUT, said="this")
    await done_by(office, first, Act.OPT_OUT, said="all")
    await office.marketing()
    await office.send()
    assert [len(sink.accepted[one]) for one in ("ali@shop.example", "zari@shop.example")] == [1, 2]
    await done_by(office, first, Act.RETURN, said="page")
    flags = "SELECT opted_out, opted_out_source, optin_state FROM email_address WHERE address_key = 'ali@shop.example'"
    assert await office.rows(flags) == [(False, None, "opt_in")] and await counted(office, left) == 0
    said = await office.rows("SELECT old, new, source FROM consent_log WHERE new = 'opt_in'")
    assert said == [("opted_out", "opt_in", "recipient")] * 2
    await office.marketing()
    await office.send()
    assert [len(sink.accepted[one]) for one in ("ali@shop.example", "zari@shop.example")] == [2, 3]
