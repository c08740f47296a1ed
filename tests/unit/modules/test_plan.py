"""The plan of a project: tasks wait for one another, and the critical path is what the end hangs on."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest

from crm_domain.definition import Ref
from crm_domain.modules import REGISTRY
from crm_domain.modules.projects import Project, ProjectTask
from crm_domain.modules.projects.plan import Step, critical, steps
from crm_domain.modules.projects.waiting import Wait
from crm_domain.problems import Invalid
from crm_domain.text.business_hours import WEEKENDS
from crm_domain.text.locale import PERSIAN
from crm_domain.text.workdays import Workdays

from .conftest import Company
from .test_projects import project, task, wait

FIRST = date(2026, 11, 28)
"""A Saturday; the company rests on Fridays."""
WORKDAYS = Workdays(PERSIAN)
CHAIN = 300


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def step(number: int, start: int, end: int, after: int = 0, relation: str = "fs", lag: int = 0) -> Step:
    waits = (Wait(UUID(int=after), relation, lag),) if after else ()
    return Step(
        id=UUID(int=number), number=number, name="", start=day(start), end=day(end), percent=0, milestone=False,
        waits=waits,
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
    assert {id_.int for id_ in critical(plan, WORKDAYS)} == expected


def test_a_chain_of_thousands_of_tasks_is_critical_from_end_to_end() -> None:
    plan = [step(number, number, number, after=number - 1) for number in range(1, 3_001)]
    assert len(critical(plan, WORKDAYS)) == len(plan)
    assert {step.id for step in plan} == critical(plan[::-1], WORKDAYS)


def test_a_weekend_between_two_tasks_is_no_slack() -> None:
    plan = [step(1, 0, 5), step(2, 7, 8, after=1)]
    assert day(6).weekday() == WEEKENDS["jalali"][0]
    assert len(critical(plan, WORKDAYS)) == 2


async def test_what_waits_is_put_off_with_its_predecessor_and_keeps_its_length(company: Company) -> None:
    async with company.work() as work:
        owner = await project(work)
        first = await task(work, owner, starts_on=day(0), ends_on=day(4))
        second = await task(work, owner, starts_on=day(1), ends_on=day(3))
        await wait(work, second, first, lag=2)
        third = await task(work, owner, second, starts_on=day(20), ends_on=day(20))
        found = await work.get(ProjectTask, second)
        assert (found.starts_on, found.ends_on) == (day(8), day(10))
        await work.update(ProjectTask, first, ProjectTask.ends_on.to(day(20)))
        plan, undated = await steps(work, owner)
        assert [(one.id, one.start, one.end) for one in plan] == [
            (first, day(0), day(20)),
            (second, day(23), day(26)),
            (third, day(28), day(28)),
        ]
        assert not undated


async def test_a_predecessor_that_ends_earlier_pulls_nothing(company: Company) -> None:
    async with company.work() as work:
        owner = await project(work)
        first = await task(work, owner, starts_on=day(0), ends_on=day(4))
        second = await task(work, owner, first, starts_on=day(9), ends_on=day(9))
        await work.update(ProjectTask, first, ProjectTask.ends_on.to(day(2)))
        assert (await work.get(ProjectTask, second)).starts_on == day(9)


@pytest.mark.parametrize(
    ("relation", "lag", "expected"),
    [
        ("fs", 0, (day(5), day(8))),
        ("fs", -1, (day(4), day(7))),
        ("ss", 1, (day(1), day(3))),
        ("ff", 0, (day(2), day(4))),
        ("ff", 1, (day(3), day(5))),
        ("sf", 5, (day(3), day(5))),
        ("sf", 0, (day(0), day(2))),
    ],
)
async def test_each_kind_of_wait_bounds_the_start_or_the_end(
    company: Company, relation: str, lag: int, expected: tuple[date, date]
) -> None:
    async with company.work() as work:
        owner = await project(work)
        first = await task(work, owner, starts_on=day(0), ends_on=day(4))
        second = await task(work, owner, starts_on=day(0), duration=3)
        await wait(work, second, first, relation=relation, lag=lag)
        found = await work.get(ProjectTask, second)
        assert (found.starts_on, found.ends_on) == expected


async def test_a_task_waits_for_the_last_of_all_that_it_waits_for_by_whichever_way(company: Company) -> None:
    async with company.work() as work:
        owner = await project(work)
        first = await task(work, owner, starts_on=day(0), ends_on=day(0))
        short = await task(work, owner, first, starts_on=day(1), ends_on=day(1))
        long = await task(work, owner, first, starts_on=day(1), ends_on=day(3))
        last = await task(work, owner, short, long, first, starts_on=day(1), ends_on=day(1))
        assert (await work.get(ProjectTask, last)).starts_on == day(4)
        await work.update(ProjectTask, first, ProjectTask.starts_on.to(day(1)))
        starts = [(await work.get(ProjectTask, id_)).starts_on for id_ in (short, long, last)]
        assert starts == [day(2), day(2), day(5)]
        plan, _ = await steps(work, owner)
        assert critical(plan, WORKDAYS) == {first, long, last}


async def test_a_long_chain_is_put_off_to_its_end(company: Company) -> None:
    async with company.work() as work:
        owner, module = await project(work), REGISTRY["project_tasks"]
        first = await task(work, owner, starts_on=day(0), ends_on=day(0))
        chain = [first, *(work.new_id() for _ in range(CHAIN))]
        steps: list[tuple[UUID, dict[str, object]]] = []
        waits: list[tuple[UUID, UUID]] = []
        for number, (before, id_) in enumerate(pairwise(chain), start=2):
            at = WORKDAYS.after(day(0), number - 1)
            values = {"name": "Step", "project": Ref("projects", owner), "starts_on": at, "ends_on": at,
                      "status": "not_started", "priority": "medium", "duration": 1, "duration_unit": "days",
                      "number": number}  # fmt: skip
            steps.append((id_, values))
            waits.append((id_, before))
        await work.store.insert(module, steps)
        for id_, before in waits:
            await work.store.link(work.relation("project_tasks", "predecessors"), id_, [before], {})
        await work.update(ProjectTask, first, ProjectTask.ends_on.to(day(1)))
        last = await work.get(ProjectTask, chain[-1])
        assert last.starts_on == WORKDAYS.after(day(0), CHAIN + 1)
        assert (await work.get(Project, owner)).ends_on == last.ends_on


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"starts_on": day(0), "duration": 5}, (day(0), day(4), 5)),
        ({"starts_on": day(0), "duration": 7}, (day(0), day(7), 7)),
        ({"starts_on": day(0), "ends_on": day(7)}, (day(0), day(7), 7)),
        ({"starts_on": day(0), "duration": 12, "duration_unit": "hours"}, (day(0), day(1), 12)),
        ({"starts_on": day(0), "milestone": True, "duration": 3}, (day(0), day(0), 0)),
    ],
)
async def test_a_duration_is_days_of_work(company: Company, given: dict[str, Any], expected: tuple[Any, ...]) -> None:
    async with company.work() as work:
        found = await work.get(ProjectTask, await task(work, await project(work), **given))
        assert (found.starts_on, found.ends_on, found.duration) == expected


async def test_a_task_that_starts_on_another_day_takes_as_long_as_before(company: Company) -> None:
    async with company.work() as work:
        id_ = await task(work, await project(work), starts_on=day(0), ends_on=day(4))
        await work.update(ProjectTask, id_, ProjectTask.starts_on.to(day(4)))
        assert (await work.get(ProjectTask, id_)).ends_on == day(9)
        await work.update(ProjectTask, id_, ProjectTask.duration.to(1))
        assert (await work.get(ProjectTask, id_)).ends_on == day(4)
        with pytest.raises(Invalid):
            await work.update(ProjectTask, id_, ProjectTask.starts_on.to(date(9999, 1, 1)))
