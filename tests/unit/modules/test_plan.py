"""The plan of a project: tasks wait for one another, and the critical path is what the end hangs on."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from crm_domain.definition import Ref
from crm_domain.modules.projects import ProjectTask
from crm_domain.modules.projects.plan import Step, critical, steps

from .conftest import Company
from .test_projects import project, task

FIRST = date(2026, 11, 28)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def step(number: int, start: int, end: int, after: int = 0, relation: str = "fs", lag: int = 0) -> Step:
    before = UUID(int=after) if after else None
    return Step(
        id=UUID(int=number), number=number, name="", start=day(start), end=day(end), percent=0, milestone=False,
        after=before, relation=relation, lag=lag, who=None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        ([step(1, 0, 4), step(2, 5, 9, after=1)], {1, 2}),
        ([step(1, 0, 4), step(2, 6, 9, after=1)], {2}),
        ([step(1, 0, 4), step(2, 6, 9, after=1, lag=1)], {1, 2}),
        ([step(1, 0, 4), step(2, 5, 9, after=1), step(3, 5, 7, after=1)], {1, 2}),
        ([step(1, 0, 2), step(2, 1, 9, after=1, relation="ss", lag=1)], {1, 2}),
        ([step(1, 0, 9), step(2, 5, 9, after=1, relation="ff")], {1, 2}),
        ([step(1, 3, 4, after=2), step(2, 0, 2, after=1)], {1, 2}),
        ([], set()),
    ],
)
def test_the_critical_path_is_what_the_end_hangs_on(plan: list[Step], expected: set[int]) -> None:
    assert {id_.int for id_ in critical(plan)} == expected


async def test_what_waits_is_put_off_with_its_predecessor_and_keeps_its_length(company: Company) -> None:
    async with company.work() as work:
        owner = await project(work)
        first = await task(work, owner, starts_on=day(0), ends_on=day(4))
        second = await task(
            work, owner, starts_on=day(1), ends_on=day(3), lag=2, predecessor=Ref("project_tasks", first)
        )
        third = await task(work, owner, starts_on=day(20), ends_on=day(20), predecessor=Ref("project_tasks", second))
        found = await work.get(ProjectTask, second)
        assert (found.starts_on, found.ends_on) == (day(7), day(9))
        await work.update(ProjectTask, first, ProjectTask.ends_on.to(day(20)))
        plan, undated = await steps(work, owner)
        assert [(one.id, one.start, one.end) for one in plan] == [
            (first, day(0), day(20)),
            (second, day(23), day(25)),
            (third, day(26), day(26)),
        ]
        assert not undated


async def test_a_predecessor_that_ends_earlier_pulls_nothing(company: Company) -> None:
    async with company.work() as work:
        owner = await project(work)
        first = await task(work, owner, starts_on=day(0), ends_on=day(4))
        second = await task(work, owner, starts_on=day(9), ends_on=day(9), predecessor=Ref("project_tasks", first))
        await work.update(ProjectTask, first, ProjectTask.ends_on.to(day(2)))
        assert (await work.get(ProjectTask, second)).starts_on == day(9)
