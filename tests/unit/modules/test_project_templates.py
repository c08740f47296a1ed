"""Templates of projects: days of work become dates, and a project becomes days of work again."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from crm_domain.access.rights import Access
from crm_domain.definition import Ref
from crm_domain.modules import REGISTRY
from crm_domain.modules.projects import Project, ProjectTask, ProjectTemplate
from crm_domain.modules.projects import from_template as templates
from crm_domain.modules.projects.from_template import NewProject, patterns, project_from, template_from
from crm_domain.modules.projects.plan import steps
from crm_domain.problems import Denied, NotFound, Refused
from crm_domain.records import save
from crm_domain.records.linking import link
from crm_domain.records.work import Work

from .conftest import ADMIN, Company

THURSDAY = date(2026, 12, 3)
ME = Ref("users", ADMIN)


async def template(work: Work) -> UUID:
    return await work.create(ProjectTemplate, ProjectTemplate.name.to("Roll-out"), ProjectTemplate.priority.to("high"))


async def pattern(work: Work, owner: UUID, name: str, *after: UUID, lag: int = 0, **values: Any) -> UUID:
    given = {"name": name, "template": Ref("project_templates", owner), **values}
    made = await save.create(work, REGISTRY["project_template_tasks"], given)
    await link(work, work.relation("project_template_tasks", "predecessors"), made, after, {"lag": lag})
    return made


async def rollout(work: Work) -> UUID:
    owner = await template(work)
    design = await pattern(work, owner, "Design", duration=2)
    approved = await pattern(work, owner, "Approved", design, milestone=True, duration=4, lag=1)
    await pattern(work, owner, "Build", approved, duration=3, role="nobody")
    await pattern(work, owner, "Train", starts_day=3, duration=12, duration_unit="hours", role="named")
    return owner


async def test_days_of_work_become_dates_without_weekends_and_holidays(company: Company) -> None:
    async with company.work() as work:
        owner = await rollout(work)
        made = await project_from(work, owner, NewProject(name="For Pars", starts_on=THURSDAY))
        plan, _ = await steps(work, made)
        assert [(one.name, one.start.isoformat(), one.end.isoformat(), one.milestone) for one in plan] == [
            ("Design", "2026-12-03", "2026-12-05", False),
            ("Train", "2026-12-06", "2026-12-07", False),
            ("Approved", "2026-12-07", "2026-12-07", True),
            ("Build", "2026-12-08", "2026-12-10", False),
        ]
        assert [one.who == ME for one in plan] == [True, True, True, False]
        found = await work.get(Project, made)
        assert (found.ends_on, found.priority, found.template) == (
            date(2026, 12, 10),
            "high",
            Ref("project_templates", owner),
        )


async def test_a_project_that_starts_on_a_day_off_begins_with_the_next_day_of_work(company: Company) -> None:
    async with company.work() as work:
        made = await project_from(work, await rollout(work), NewProject(name="P", starts_on=date(2026, 12, 4)))
        assert (await steps(work, made))[0][0].start == date(2026, 12, 5)


async def test_what_is_not_wanted_is_left_out_and_nothing_waits_for_it(company: Company) -> None:
    async with company.work() as work:
        owner = await rollout(work)
        wanted = frozenset(one.row.id for one in await patterns(work, owner) if one.row["name"] in ("Design", "Build"))
        made = await project_from(work, owner, NewProject(name="P", starts_on=THURSDAY, tasks=wanted))
        plan, _ = await steps(work, made)
        assert {one.name: (one.start, one.waits) for one in plan} == {
            "Design": (THURSDAY, ()),
            "Build": (THURSDAY, ()),
        }


async def test_a_project_and_the_template_made_of_it_have_the_same_plan(company: Company) -> None:
    async with company.work() as work:
        first = await project_from(work, await rollout(work), NewProject(name="P", starts_on=THURSDAY))
        await work.store.link(work.relation("projects", "project_users"), first, [ADMIN], {})
        kept = await template_from(work, first, "Kept")
        second = await project_from(work, kept, NewProject(name="Q", starts_on=THURSDAY))
        plans = [
            [
                (one.name, one.start, one.end, one.milestone, [wait.lag for wait in one.waits])
                for one in (await steps(work, made))[0]
            ]
            for made in (first, second)
        ]
        assert plans[0] == plans[1]
        relation = work.relation("projects", "project_users")
        assert (await work.store.related_counts([relation], second))["project_users"].number == 1


async def test_a_subtask_stays_below_its_task(company: Company) -> None:
    async with company.work() as work:
        owner = await template(work)
        whole = await pattern(work, owner, "Whole")
        await pattern(work, owner, "Part", parent_task=Ref("project_template_tasks", whole))
        made = await template_from(work, await project_from(work, owner, NewProject(name="P", starts_on=THURSDAY)), "T")
        rows = {one.row["name"]: one.row for one in await patterns(work, made)}
        assert rows["Part"]["parent_task"].id == rows["Whole"].id


async def test_a_template_has_no_more_tasks_than_somebody_can_look_through(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(templates, "MOST_TASKS", 3)
    async with company.work() as work:
        owner = await rollout(work)
        with pytest.raises(Refused):
            await project_from(work, owner, NewProject(name="P", starts_on=THURSDAY))


async def test_who_may_not_make_projects_makes_none_of_a_template(company: Company) -> None:
    async with company.work() as work:
        owner = await rollout(work)
        project = await project_from(work, owner, NewProject(name="P", starts_on=THURSDAY))
        stranger = company.within(Access(user=ADMIN, admin=False))
        for attempt in (
            project_from(stranger, owner, NewProject(name="P", starts_on=THURSDAY)),
            template_from(stranger, project, "T"),
        ):
            with pytest.raises((Denied, NotFound)):
                await attempt
        assert (await work.get(ProjectTask, (await steps(work, project))[0][0].id)).name == "Design"
