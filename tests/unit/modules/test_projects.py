"""Projects, their tasks and the people directory: numbers, progress, dates, trees without cycles."""

from datetime import date
from uuid import UUID

import pytest

from crm_domain.definition import Ref
from crm_domain.modules import REGISTRY
from crm_domain.modules.accounts import Account
from crm_domain.modules.contacts import Contact
from crm_domain.modules.employees import Employee
from crm_domain.modules.projects import Project, ProjectTask
from crm_domain.problems import Invalid
from crm_domain.records import remove, save
from crm_domain.records.linking import link
from crm_domain.records.work import Work

from .conftest import ADMIN, Company

START, END = date(2026, 11, 28), date(2026, 12, 28)


async def project(work: Work) -> UUID:
    return await work.create(Project, Project.name.to("Roll-out"), Project.starts_on.to(START), Project.ends_on.to(END))


async def task(work: Work, owner: UUID, *after: UUID, **values: object) -> UUID:
    """A task that waits for those `after` which it comes."""
    given = {"name": "Step", "project": Ref("projects", owner), **values}
    made = await save.create(work, REGISTRY["project_tasks"], given)
    await wait(work, made, *after)
    return made


async def wait(work: Work, waiting: UUID, *before: UUID, relation: str = "fs", lag: int = 0) -> None:
    facts = {"relationship": relation, "lag": lag}
    await link(work, work.relation("project_tasks", "predecessors"), waiting, before, facts)


async def test_tasks_are_numbered_within_their_project(company: Company) -> None:
    async with company.work() as work:
        first, second = await project(work), await project(work)
        numbers = [(await work.get(ProjectTask, await task(work, owner))).number for owner in (first, first, second)]
        assert numbers == [1, 2, 1]


async def test_progress_weighs_tasks_by_how_long_they_take_a_day_being_eight_hours(company: Company) -> None:
    async with company.work() as work:
        owner = await project(work)
        await task(work, owner, duration=3, percent_complete=100, estimated_effort=24)
        await task(
            work, owner, duration=8, duration_unit="hours", percent_complete=0, estimated_effort=8, actual_effort=2
        )
        found = await work.get(Project, owner)
        assert (found.percent_complete, found.estimated_effort, found.actual_effort) == (75, 32, 2)


async def test_s_12_work_split_into_subtasks_counts_once_and_its_parents_are_done_as_far_as_it_is(
    company: Company,
) -> None:
    async with company.work() as work:
        owner, other = await project(work), await project(work)
        top = await task(work, owner, duration=40, estimated_effort=400)
        middle = await task(work, owner, duration=10, parent_task=Ref("project_tasks", top))
        for percent, days in ((100, 3), (0, 1)):
            above = Ref("project_tasks", middle)
            await task(
                work, owner, duration=days, percent_complete=percent, estimated_effort=8 * days, parent_task=above
            )
        alone = await task(work, owner, duration=4, estimated_effort=32)

        async def done() -> list[int | None]:
            tasks = [await work.get(ProjectTask, id_) for id_ in (top, middle)]
            whole = await work.get(Project, owner)
            return [whole.percent_complete, whole.estimated_effort, *(one.percent_complete for one in tasks)]

        assert await done() == [38, 64, 75, 75]
        assert (await work.get(ProjectTask, top)).status == "in_progress"
        await work.update(ProjectTask, alone, ProjectTask.project.to(Ref("projects", other)))
        assert await done() == [75, 32, 75, 75]
        assert (await work.get(Project, other)).estimated_effort == 32


async def test_how_far_a_task_with_subtasks_is_nobody_says_but_they(company: Company) -> None:
    async with company.work() as work:
        owner = await project(work)
        whole = await task(work, owner)
        part = await task(work, owner, parent_task=Ref("project_tasks", whole), percent_complete=40)
        for said in (ProjectTask.percent_complete.to(90), ProjectTask.status.to("completed")):
            with pytest.raises(Invalid):
                await work.update(ProjectTask, whole, said)
        await work.update(ProjectTask, whole, ProjectTask.status.to("deferred"), ProjectTask.percent_complete.to(40))
        await work.update(ProjectTask, part, ProjectTask.percent_complete.to(100))
        assert (await work.get(ProjectTask, whole)).status == "completed"


async def test_who_gets_a_task_and_whose_contact_is_linked_come_into_the_project(company: Company) -> None:
    async with company.work() as work:
        owner = await project(work)
        for _ in range(2):
            await task(work, owner, assigned_to=Ref("users", ADMIN))
        account = await work.create(Account, Account.name.to("Pars"))
        contact = await work.create(
            Contact, Contact.last_name.to("Karimi"), Contact.account.to(Ref("accounts", account))
        )
        await link(work, work.relation("projects", "project_contacts"), owner, [contact], {})
        keys = {"project_users": ADMIN, "project_accounts": account}
        for key, id_ in keys.items():
            assert [tie.other for tie in await work.store.ties(work.relation("projects", key), [owner])] == [id_]


async def test_a_task_that_ends_later_moves_the_projects_end(company: Company) -> None:
    async with company.work() as work:
        owner = await project(work)
        await task(work, owner, starts_on=START, ends_on=date(2027, 1, 15))
        assert (await work.get(Project, owner)).ends_on == date(2027, 1, 15)


@pytest.mark.parametrize(("percent", "status"), [(0, "not_started"), (40, "in_progress"), (100, "completed")])
async def test_percent_says_the_status(company: Company, percent: int, status: str) -> None:
    async with company.work() as work:
        id_ = await task(work, await project(work))
        await work.update(ProjectTask, id_, ProjectTask.percent_complete.to(50))
        await work.update(ProjectTask, id_, ProjectTask.percent_complete.to(percent))
        assert (await work.get(ProjectTask, id_)).status == status


async def test_completed_is_all_of_it(company: Company) -> None:
    async with company.work() as work:
        id_ = await task(work, await project(work))
        await work.update(ProjectTask, id_, ProjectTask.status.to("completed"))
        assert (await work.get(ProjectTask, id_)).percent_complete == 100


async def test_nothing_ends_before_it_begins_and_a_milestone_takes_no_time(company: Company) -> None:
    async with company.work() as work:
        owner = await project(work)
        with pytest.raises(Invalid):
            await work.update(Project, owner, Project.ends_on.to(date(2026, 11, 1)))
        with pytest.raises(Invalid):
            await task(work, owner, starts_on=END, ends_on=START)
        assert (await work.get(ProjectTask, await task(work, owner, milestone=True, duration=5))).duration == 0


async def test_predecessors_and_chiefs_make_no_circle(company: Company) -> None:
    async with company.work() as work:
        owner = await project(work)
        first = await task(work, owner)
        second = await task(work, owner, first)
        third = await task(work, owner, first, second)
        for last in (second, third, first):
            with pytest.raises(Invalid):
                await wait(work, first, last)
        chief = await work.create(Employee, Employee.last_name.to("Chief"))
        clerk = await work.create(
            Employee, Employee.last_name.to("Clerk"), Employee.reports_to.to(Ref("employees", chief))
        )
        with pytest.raises(Invalid):
            await work.update(Employee, chief, Employee.reports_to.to(Ref("employees", clerk)))


async def test_deleting_a_project_takes_its_tasks_along(company: Company) -> None:
    async with company.work() as work:
        owner = await project(work)
        id_ = await task(work, owner)
        await work.remove(Project, [owner])
        assert not await work.store.fetch(REGISTRY["project_tasks"], [id_])


async def test_a_projects_figures_follow_when_a_task_is_deleted_brought_back_or_its_deletion_undone(
    company: Company,
) -> None:
    async with company.work() as work:
        owner = await project(work)
        await task(work, owner, percent_complete=100, estimated_effort=8)
        second = await task(work, owner, percent_complete=0, estimated_effort=16)
        module, both, first_alone = REGISTRY["project_tasks"], (50, 24), (100, 8)

        async def figures() -> tuple[int | None, int | None]:
            found = await work.get(Project, owner)
            return found.percent_complete, found.estimated_effort

        assert await figures() == both
        await work.remove(ProjectTask, [second])
        assert await figures() == first_alone
        await remove.restore(work, module, [second])
        assert await figures() == both
        await remove.undo(work, module, await work.remove(ProjectTask, [second]))
        assert await figures() == both
