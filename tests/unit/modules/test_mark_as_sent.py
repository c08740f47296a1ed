"""Campaigns without e-mail: who is marked, once, and taken back (scenario 47)."""

from datetime import date
from typing import Any
from uuid import UUID

from crm_domain.modules.campaigns import Campaign
from crm_domain.modules.contacts import Contact
from crm_domain.modules.target_lists import TargetList
from crm_domain.records.work import Work
from crm_storage.marketing.mark import mark_as_sent, unmark
from crm_storage.marketing.responses import sums

MEMBERS, EXEMPT = 120, 20


async def radio(work: Work) -> tuple[UUID, UUID]:
    """A campaign on the radio with 120 people on its list, of whom 20 are kept out by record."""
    campaign = await work.create(
        Campaign,
        Campaign.name.to("Spots"),
        Campaign.campaign_type.to("radio"),
        Campaign.end_date.to(date(2027, 1, 1)),
    )
    people = [await work.create(Contact, Contact.last_name.to(f"Person {place}")) for place in range(MEMBERS)]
    lists: list[UUID] = []
    for kind, members in (("default", people), ("exempt", people[:EXEMPT])):
        list_id = await work.create(TargetList, TargetList.name.to(kind), TargetList.list_type.to(kind))
        await work.store.link(work.relation("target_lists", "contacts"), list_id, members, {})
        lists.append(list_id)
    await work.store.link(work.relation("campaigns", "target_lists"), campaign, lists, {})
    return campaign, lists[0]


async def number(company: Any, statement: str) -> int:
    return (await company.session.one(statement))[0]


async def test_47_everybody_who_is_not_kept_out_is_targeted_once_and_nothing_is_queued(company: Any) -> None:
    async with company.work() as work:
        campaign, _ = await radio(work)
        assert await mark_as_sent(company.session, campaign, work.access.user) == MEMBERS - EXEMPT
        assert await number(company, "SELECT count(*) FROM campaign_log WHERE activity = 'targeted'") == 100
        assert await number(company, "SELECT count(*) FROM email_queue") == 0
        assert [item.rows for item in await sums(company.session, campaign)] == [100]


async def test_pressed_again_it_marks_only_who_was_added_since(company: Any) -> None:
    async with company.work() as work:
        campaign, list_id = await radio(work)
        await mark_as_sent(company.session, campaign, work.access.user)
        assert await mark_as_sent(company.session, campaign, work.access.user) == 0
        late = await work.create(Contact, Contact.last_name.to("Late"))
        await work.store.link(work.relation("target_lists", "contacts"), list_id, [late], {})
        assert await mark_as_sent(company.session, campaign, work.access.user) == 1


async def test_a_marking_is_taken_back_with_its_figures(company: Any) -> None:
    async with company.work() as work:
        campaign, _ = await radio(work)
        await mark_as_sent(company.session, campaign, work.access.user)
        assert await unmark(company.session, campaign, work.access.user) == 100
        assert sum(item.rows for item in await sums(company.session, campaign)) == 0
        assert await unmark(company.session, campaign, work.access.user) == 0
