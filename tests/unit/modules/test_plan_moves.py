"""Moving a task on the plan: what waits for it follows, and one step back brings all of them back."""

from datetime import date
from uuid import UUID

import pytest

from crm_domain.modules.projects import ProjectTask
from crm_domain.modules.projects.moving import Place, Wish, move, put_back
from crm_domain.modules.projects.plan import steps
from crm_domain.problems import Conflict, NotFound
from crm_domain.records.work import Work

from .conftest import Company
from .test_plan import day
from .test_projects import project, task

Dates = dict[UUID, tuple[date, date]]


async def chain(work: Work) -> tuple[UUID, list[UUID]]:
    """Saturday to Wednesday, Thursday, and a milestone on Saturday, each after the one before; a task beside them."""
    owner = await project(work)
    first = await task(work, owner, starts_on=day(0), ends_on=day(4))
    second = await task(work, owner, first, starts_on=day(5), ends_on=day(5))
    third = await task(work, owner, second, starts_on=day(7), milestone=True)
    beside = await task(work, owner, starts_on=day(5), ends_on=day(5))
    return owner, [first, second, third, beside]


async def dates(work: Work, owner: UUID) -> Dates:
    return {step.id: (step.start, step.end) for step in (await steps(work, owner))[0]}


async def version(work: Work, id_: UUID) -> int:
    return (await work.get(ProjectTask, id_)).version or 0


async def test_what_waits_follows_and_goes_back_in_one_step(company: Company) -> None:
    async with company.work() as work:
        owner, (first, second, third, beside) = await chain(work)
        before = await dates(work, owner)
        moved = await move(work, owner, Wish(task=first, version=await version(work, first), day=day(2)))
        assert await dates(work, owner) == {
            first: (day(2), day(7)),
            second: (day(8), day(8)),
            third: (day(9), day(9)),
            beside: before[beside],
        }
        assert moved.back[0].task == first
        assert len(moved.back) == 3
        await put_back(work, owner, moved.back)
        assert await dates(work, owner) == before


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        ({"day": day(6)}, (day(7), day(11))),
        ({"by": 1}, (day(1), day(5))),
        ({"by": -1}, (date(2026, 11, 26), day(3))),
        ({"end": True, "by": 2}, (day(0), day(7))),
        ({"end": True, "by": -9}, (day(0), day(0))),
        ({"end": True, "day": day(6)}, (day(0), day(5))),
    ],
)
async def test_a_task_stands_on_days_of_work_only(
    company: Company, wish: dict[str, object], expected: tuple[date, date]
) -> None:
    async with company.work() as work:
        owner, (first, *_) = await chain(work)
        moved = await move(work, owner, Wish(task=first, version=await version(work, first), **wish))  # type: ignore[arg-type]
        assert (moved.step.start, moved.step.end) == expected


async def test_nothing_moves_before_what_it_waits_for(company: Company) -> None:
    async with company.work() as work:
        owner, (_, second, *_) = await chain(work)
        assert (await move(work, owner, Wish(task=second, version=await version(work, second), by=-3))).back == ()


async def test_another_projects_task_and_an_old_version_are_refused(company: Company) -> None:
    async with company.work() as work:
        owner, (first, second, *_) = await chain(work)
        other, (strange, *_) = await chain(work)
        with pytest.raises(NotFound):
            await move(work, owner, Wish(task=strange, version=1, by=1))
        with pytest.raises(NotFound):
            await put_back(work, owner, [Place(strange, 1, day(1), day(1))])
        moved = await move(work, owner, Wish(task=first, version=await version(work, first), by=3))
        await work.update(ProjectTask, second, ProjectTask.starts_on.to(day(20)))
        with pytest.raises(Conflict):
            await put_back(work, owner, moved.back)
        assert len(await dates(work, other)) == 4
