"""Giving a task other days on its project's plan, and taking that back with all that followed it."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from crm_domain.modules.projects.plan import Step, steps
from crm_domain.modules.projects.task import ProjectTask
from crm_domain.problems import NotFound
from crm_domain.records import save
from crm_domain.text.workdays import DAY, Workdays

if TYPE_CHECKING:
    from crm_domain.records.work import Work


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """A task elsewhere: from another day on or, `by` so many days of work, with another end instead if `end`."""

    task: UUID
    version: int
    end: bool = False
    day: date | None = None
    by: int = 0


class Place(msgspec.Struct, frozen=True):
    """Where a task stands, and the version of it that stands there."""

    task: UUID
    version: int
    starts_on: date
    ends_on: date


class Moved(msgspec.Struct, frozen=True):
    """The task as it stands now, and what brings it and all that moved with it back, itself first."""

    step: Step
    back: tuple[Place, ...]


async def move(work: "Work", project: UUID, wish: Wish) -> Moved:
    """Does it as the plan's rules allow; what waits for the task follows. The caller commits.

    Raises NotFound, Denied, Invalid, Refused, and Conflict where the dates were changed since that version.
    """
    before = await _places(work, project)
    if wish.task not in before:
        raise NotFound
    values = _wanted(work.workdays, before[wish.task], wish)
    await save.update(work, work.module(ProjectTask), wish.task, values, version=wish.version, quiet=True)
    after = await _places(work, project)
    changed = [
        Place(id_, after[id_].version, step.start, step.end)
        for id_, step in before.items()
        if id_ in after and (step.start, step.end) != (after[id_].start, after[id_].end)
    ]
    return Moved(after[wish.task], tuple(sorted(changed, key=lambda place: (place.task != wish.task, place.starts_on))))


async def put_back(work: "Work", project: UUID, places: Sequence[Place]) -> None:
    """Puts tasks where they stood. Raises NotFound, Denied, and Conflict where somebody has moved one meanwhile."""
    there = await _places(work, project)
    if any(place.task not in there for place in places):
        raise NotFound
    for place in places:
        values = {"starts_on": place.starts_on, "ends_on": place.ends_on}
        await save.update(work, work.module(ProjectTask), place.task, values, version=place.version, quiet=True)


async def _places(work: "Work", project: UUID) -> dict[UUID, Step]:
    return {step.id: step for step in (await steps(work, project))[0]}


def _wanted(workdays: Workdays, step: Step, wish: Wish) -> dict[str, Any]:
    """The dates that the wish comes to: always days of work; the length stays where the start moves."""
    if wish.end and not step.milestone:
        end = wish.day or workdays.after(step.end, wish.by)
        return {"ends_on": max(workdays.after(end + DAY, -1), step.start)}
    start = workdays.on(wish.day or workdays.after(step.start, wish.by))
    return {"starts_on": start, "ends_on": workdays.end(start, max(workdays.span(step.start, step.end), 1))}
