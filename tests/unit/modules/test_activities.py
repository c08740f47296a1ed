"""Tasks, calls and meetings: their rules, guests and series."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from crm_domain.access.rights import Access, Role, Scope
from crm_domain.definition import Ref
from crm_domain.modules import REGISTRY
from crm_domain.modules.activities import Call, Meeting, Task
from crm_domain.modules.leads import Lead
from crm_domain.problems import Denied, Invalid
from crm_domain.query.filter import Condition, Linked
from crm_domain.query.page import ListQuery, Sort
from crm_domain.records import save
from crm_domain.records.work import Work
from crm_domain.text.whole_days import whole

from .conftest import ADMIN, Company

START = datetime(2026, 11, 28, 6, 30, tzinfo=UTC)
"""Saturday, ten o'clock in Tehran."""
COLLEAGUE = UUID("0193a000-0000-7000-8000-0000000000aa")
GUEST_QUERY = ListQuery(columns=("name",))


async def colleague(work: Work) -> Ref:
    await work.store.insert(  # straight into the table: users have a page of their own
        REGISTRY["users"],
        [(COLLEAGUE, {"user_name": "sara", "last_name": "S", "name": "S", "status": "active", "user_type": "regular"})],
    )
    return Ref("users", COLLEAGUE)


async def meeting(work: Work, **values: object) -> UUID:
    return await save.create(work, REGISTRY["meetings"], {"name": "Review", "starts_at": START, **values})


async def guests(work: Work, id_: UUID, people: str) -> dict[UUID, str | None]:
    page = await work.store.related(REGISTRY.relations("meetings")[f"guest_{people}"], id_, GUEST_QUERY)
    return {row.id: row["link.acceptance"] for row in page.rows}


async def test_a_completed_task_knows_when_and_forgets_it_when_taken_up_again(company: Company) -> None:
    async with company.work() as work:
        id_ = await work.create(Task, Task.name.to("Call back"))
        await work.update(Task, id_, Task.status.to("completed"))
        assert (await work.get(Task, id_)).completed_at == work.now()
        await work.update(Task, id_, Task.status.to("in_progress"))
        assert (await work.get(Task, id_)).completed_at is None


async def test_a_task_may_belong_to_a_task_but_never_to_itself(company: Company) -> None:
    async with company.work() as work:
        above = await work.create(Task, Task.name.to("Fair"))
        below = await work.create(Task, Task.name.to("Stand"), Task.parent.to(Ref("tasks", above)))
        shown = await work.store.related(REGISTRY.relations("tasks")["tasks"], above, GUEST_QUERY)
        assert [row.id for row in shown.rows] == [below]
        with pytest.raises(Invalid) as refused:
            await work.update(Task, above, Task.parent.to(Ref("tasks", below)))
        assert set(refused.value.fields) == {"parent"}


async def test_nothing_is_due_before_it_begins(company: Company) -> None:
    async with company.work() as work:
        with pytest.raises(Invalid) as refused:
            await work.create(
                Task, Task.name.to("x"), Task.starts_at.to(START), Task.due_at.to(START - timedelta(minutes=1))
            )
        assert set(refused.value.fields) == {"due_at"}


async def test_the_end_follows_from_start_and_length(company: Company) -> None:
    async with company.work() as work:
        id_ = await meeting(work, duration=5_400)
        assert (await work.get(Meeting, id_)).ends_at == START + timedelta(minutes=90)
        await work.update(Meeting, id_, Meeting.starts_at.to(START + timedelta(days=1)))
        assert (await work.get(Meeting, id_)).ends_at == START + timedelta(days=1, minutes=90)
        with pytest.raises(Invalid):
            await work.update(Meeting, id_, Meeting.duration.to(0))


async def test_the_length_follows_from_the_end_that_somebody_says(company: Company) -> None:
    async with company.work() as work:
        id_ = await meeting(work, ends_at=START + timedelta(hours=2))
        assert (await work.get(Meeting, id_)).duration == 7_200
        await work.update(Meeting, id_, Meeting.ends_at.to(START + timedelta(hours=3)))
        assert (await work.get(Meeting, id_)).duration == 10_800
        await work.update(Meeting, id_, Meeting.duration.to(1_800), Meeting.ends_at.to(START + timedelta(hours=3)))
        assert (await work.get(Meeting, id_)).ends_at == START + timedelta(minutes=30)
        with pytest.raises(Invalid) as refused:
            await work.update(Meeting, id_, Meeting.ends_at.to(START))
        assert set(refused.value.fields) == {"ends_at"}
        last = whole(date(2026, 11, 30), work.locale.zone)
        days = await work.get(Meeting, await meeting(work, whole_day=True, ends_at=last))
        assert days.ends_at == datetime(2026, 11, 30, 20, 30, tzinfo=UTC)


async def test_a_meeting_of_whole_days_runs_from_midnight_to_midnight(company: Company) -> None:
    async with company.work() as work:
        found = await work.get(Meeting, await meeting(work, whole_day=True, duration=100_000))
        assert found.starts_at == datetime(2026, 11, 27, 20, 30, tzinfo=UTC)
        assert found.ends_at == found.starts_at + timedelta(days=2)


async def test_planner_responsible_and_the_person_it_is_about_take_part(company: Company) -> None:
    async with company.work() as work:
        sara = await colleague(work)
        lead = await work.create(Lead, Lead.last_name.to("Karimi"))
        id_ = await meeting(work, assigned_to=sara, parent=Ref("leads", lead))
        assert await guests(work, id_, "users") == {ADMIN: "accept", COLLEAGUE: None}
        assert await guests(work, id_, "leads") == {lead: None}


async def test_a_series_has_an_occurrence_for_each_time(company: Company) -> None:
    async with company.work() as work:
        id_ = await meeting(work, repeat="weekly", repeat_weekdays=("5", "0"), repeat_count=5, location="Room 1")
        query = ListQuery(
            filter=Condition("series", "eq", id_), columns=("starts_at", "ends_at", "location", "repeat"),
            sort=(Sort("starts_at"),),
        )  # fmt: skip
        rows = (await work.store.page(REGISTRY["meetings"], query)).rows
        days = [0, 2, 7, 9, 14]
        assert [row["starts_at"] for row in rows] == [START + timedelta(days=day) for day in days[1:]]
        assert {(row["location"], row["repeat"]) for row in rows} == {("Room 1", None)}
        assert all(row["ends_at"] == row["starts_at"] + timedelta(minutes=30) for row in rows)


async def test_a_rule_that_ends_before_it_begins_is_refused(company: Company) -> None:
    async with company.work() as work:
        with pytest.raises(Invalid) as refused:
            await meeting(work, repeat="daily", repeat_until=START.date() - timedelta(days=1))
        assert set(refused.value.fields) == {"repeat_until"}


async def test_who_takes_part_sees_the_event_but_may_not_change_it(company: Company) -> None:
    own = dict.fromkeys(("list", "view", "edit"), Scope.OWN)
    role = Role(id=COLLEAGUE, name="", grants={"meetings": own})
    async with company.work() as work:
        sara = await colleague(work)
        invited, other = await meeting(work), await meeting(work)
        await work.store.link(REGISTRY.relations("meetings")["guest_users"], invited, [sara.id], {})
        hers = company.within(Access(user=COLLEAGUE, roles=(role,)))
        page = await hers.store.page(REGISTRY["meetings"], ListQuery(columns=("name",)))
        assert [row.id for row in page.rows] == [invited]
        assert not await hers.store.fetch(REGISTRY["meetings"], [other])
        with pytest.raises(Denied):
            await hers.update(Meeting, invited, Meeting.location.to("elsewhere"))


async def test_events_are_found_by_their_guests(company: Company) -> None:
    async with company.work() as work:
        sara = await colleague(work)
        invited, _ = await meeting(work), await meeting(work)
        await work.store.link(REGISTRY.relations("meetings")["guest_users"], invited, [sara.id], {})
        query = ListQuery(filter=Linked("guest_users", (sara.id,)), columns=("name",))
        assert [row.id for row in (await work.store.page(REGISTRY["meetings"], query)).rows] == [invited]


async def test_a_call_needs_a_length(company: Company) -> None:
    async with company.work() as work:
        with pytest.raises(Invalid) as refused:
            await work.create(Call, Call.name.to("x"), Call.starts_at.to(START), Call.duration.to(0))
        assert set(refused.value.fields) == {"duration"}
