"""Lists of anybody: members of five modules, a number that is always right, and both sides showing the link."""

from typing import Any
from uuid import UUID

import pytest

from crm_domain.access.rights import Access, Role, Scope
from crm_domain.definition import EmailEntry, Ref
from crm_domain.modules.accounts import Account
from crm_domain.modules.contacts import Contact
from crm_domain.modules.leads import Lead
from crm_domain.modules.target_lists import TargetList
from crm_domain.modules.targets import Target
from crm_domain.problems import Denied, NotFound
from crm_domain.query.filter import Condition
from crm_domain.query.page import ListQuery
from crm_domain.records import remove
from crm_domain.records.gather import Choice, Gathered, Refreshed, gather, refresh
from crm_domain.records.work import Work

NAMES = ListQuery(columns=("name",))


async def listed(work: Work, name: str = "Spring") -> UUID:
    return await work.create(TargetList, TargetList.name.to(name))


async def person(work: Work, record: Any, name: str) -> UUID:
    return await work.create(record, record.last_name.to(name))


async def number(work: Work, list_id: UUID) -> int:
    return (await work.get(TargetList, list_id)).values["entry_count"]


async def test_a_list_holds_people_of_several_modules_and_counts_them(company: Any) -> None:
    async with company.work() as work:
        spring = await listed(work)
        members = {"contacts": Contact, "leads": Lead, "targets": Target}
        for key, record in members.items():
            id_ = await person(work, record, f"One of {key}")
            assert await work.store.link(work.relation("target_lists", key), spring, [id_], {}) == 1
        for key in members:
            page = await work.store.related(work.relation("target_lists", key), spring, NAMES)
            assert [row["name"] for row in page.rows] == [f"One of {key}"]
        assert await number(work, spring) == 3


async def test_who_is_added_twice_is_a_member_once(company: Any) -> None:
    async with company.work() as work:
        spring, who = await listed(work), await person(work, Lead, "Ali")
        relation = work.relation("target_lists", "leads")
        assert [await work.store.link(relation, spring, [who], {}) for _ in range(2)] == [1, 0]
        assert await number(work, spring) == 1


async def test_a_record_shows_its_lists_and_leaves_them(company: Any) -> None:
    async with company.work() as work:
        spring, autumn, who = await listed(work), await listed(work, "Autumn"), await person(work, Contact, "Sara")
        relation = work.relation("contacts", "target_lists")
        assert await work.store.link(relation, who, [spring, autumn], {}) == 2
        assert (await work.store.related_counts([relation], who))[relation.key].number == 2
        assert await work.store.unlink(relation, who, [spring]) == 1
        assert (await number(work, spring), await number(work, autumn)) == (0, 1)


async def test_members_that_are_purged_leave_the_lists(company: Any) -> None:
    async with company.work() as work:
        spring, who = await listed(work), await person(work, Target, "Reza")
        await work.store.link(work.relation("target_lists", "targets"), spring, [who], {})
        await remove.remove(work, work.module(Target), [who])
        assert await number(work, spring) == 1
        await remove.purge(work, work.module(Target), [who])
        assert await number(work, spring) == 0


async def test_sec_39_members_out_of_reach_do_not_show(company: Any) -> None:
    async with company.work() as work:
        spring = await listed(work)
        who = await work.create(Lead, Lead.last_name.to("Hidden"), Lead.emails.to((EmailEntry("hidden@a.example"),)))
        await work.store.link(work.relation("target_lists", "leads"), spring, [who], {})
        stranger = company.within(Access(user=UUID(int=7)))
        assert (await stranger.store.related(work.relation("target_lists", "leads"), spring, NAMES)).rows == ()


async def test_the_history_tells_who_was_added(company: Any) -> None:
    async with company.work() as work:
        spring, who = await listed(work), await person(work, Lead, "Ali")
        await work.store.link(work.relation("target_lists", "leads"), spring, [who], {})
        entries = await work.store.history(work.module(TargetList), spring)
        linked = next(entry for entry in entries if entry.action == "link")
        assert {change.key: change.new for change in linked.changes}["ids"] == [str(who)]
        assert linked.actor == Ref("users", work.access.user)


# Many at once (scenario 11).


async def gathered(work: Work, list_id: UUID, module: str, choice: Choice) -> Gathered:
    return await gather(work, work.relation("target_lists", module), list_id, choice)


async def test_11_accounts_bring_their_contacts_along_and_once(company: Any) -> None:
    async with company.work() as work:
        spring = await listed(work)
        firms = [await work.create(Account, Account.name.to(f"Firm {place}")) for place in range(2)]
        for place in range(7):
            who = await person(work, Contact, f"Person {place}")
            await work.store.link(work.relation("accounts", "contacts"), firms[place % 2], [who], {})
        choice = Choice(ids=tuple(firms), along=True)
        assert (await gathered(work, spring, "accounts", choice)).added == 9
        assert (await gathered(work, spring, "accounts", choice)).added == 0
        assert await number(work, spring) == 9


async def test_the_entire_result_of_a_question_joins_in_stretches(company: Any) -> None:
    async with company.work() as work:
        spring = await listed(work)
        for place in range(5):
            await person(work, Target, f"Match {place}")
        await person(work, Target, "Other")
        relation, asked = (
            work.relation("target_lists", "targets"),
            Choice(filter=Condition("last_name", "starts", "Match")),
        )
        first = await gather(work, relation, spring, asked, limit=3)
        rest = await gather(work, relation, spring, asked, after=first.last, limit=3)
        assert (first.seen, first.added, rest.seen, rest.added) == (3, 3, 2, 2)
        assert await number(work, spring) == 5


async def test_sec_39_only_records_within_reach_join(company: Any) -> None:
    async with company.work() as work:
        spring, hidden = await listed(work), await person(work, Lead, "Hidden")
        rep = UUID(int=7)
        grants = {
            "target_lists": {"list": Scope.ALL, "view": Scope.ALL, "edit": Scope.ALL},
            "leads": {"list": Scope.OWN},
        }
        theirs = company.within(Access(user=rep, roles=(Role(id=rep, name="rep", grants=grants),)))
        assert (await gathered(theirs, spring, "leads", Choice(ids=(hidden,)))).added == 0
        assert (await gathered(theirs, spring, "leads", Choice())).added == 0
        assert (await gathered(work, spring, "leads", Choice(ids=(hidden,)))).added == 1


async def test_a_list_one_may_not_edit_takes_nobody(company: Any) -> None:
    async with company.work() as work:
        spring, who = await listed(work), await person(work, Lead, "Ali")
        grants = {"target_lists": {"list": Scope.ALL, "view": Scope.ALL}, "leads": {"list": Scope.ALL}}
        reader = company.within(Access(user=UUID(int=7), roles=(Role(id=UUID(int=7), name="r", grants=grants),)))
        with pytest.raises(Denied):
            await gathered(reader, spring, "leads", Choice(ids=(who,)))
        stranger = company.within(Access(user=UUID(int=7)))
        with pytest.raises(NotFound):
            await gathered(stranger, spring, "leads", Choice(ids=(who,)))


async def test_13_a_list_that_keeps_itself_holds_what_who_set_it_may_see(company: Any) -> None:
    async with company.work() as work:
        spring, rep = await listed(work), UUID(int=7)
        grants = {
            "target_lists": {"list": Scope.ALL, "view": Scope.ALL, "edit": Scope.ALL},
            "leads": {"list": Scope.OWN},
        }
        theirs = company.within(Access(user=rep, roles=(Role(id=rep, name="rep", grants=grants),)))
        relation, asked = (
            work.relation("target_lists", "leads"),
            Choice(filter=Condition("last_name", "starts", "Found")),
        )
        found = [await person(work, Lead, f"Found {place}") for place in range(5)]
        await work.store.link(relation, spring, [await person(work, Lead, "By hand")], {})
        kept = await person(work, Target, "Of another module")
        await work.store.link(work.relation("target_lists", "targets"), spring, [kept], {})
        assert await refresh(work, relation, spring, asked) == Refreshed(5, 1)
        assert await refresh(work, relation, spring, asked) == Refreshed(0, 0)
        await work.update(Lead, found[0], Lead.last_name.to("Gone"))
        assert await refresh(work, relation, spring, asked) == Refreshed(0, 1)
        assert await number(work, spring) == 5
        assert await refresh(theirs, relation, spring, asked) == Refreshed(0, 4)
        assert await number(work, spring) == 1
