"""When tasks take place: their days of work make their duration, and none starts before all that it waits for let it."""

from collections.abc import Mapping, Sequence
from datetime import date
from math import ceil
from typing import TYPE_CHECKING, Any
from uuid import UUID

from crm_domain.definition import Change
from crm_domain.modules.projects.task import HOURS_A_DAY, ProjectTask, sum_up
from crm_domain.modules.projects.waiting import AFTER, Wait, downhill, names_of, waits
from crm_domain.problems import FieldProblem, Invalid
from crm_domain.records import save
from crm_domain.text.workdays import Workdays

if TYPE_CHECKING:
    from crm_domain.records.work import Work

COLUMNS = ("starts_on", "ends_on", "duration", "duration_unit", "project")
YEARS = range(1900, 2201)
"""Within which tasks take place: a slip of the pen must not draw a chart of thousands of years."""
Values = Mapping[str, Any]


def dates_make_sense(change: Change[Any]) -> None:
    """Nothing ends before it begins or lies in another age; a milestone takes no time."""
    after = change.after.values
    start, end = after.get("starts_on"), after.get("ends_on")
    for field in (ProjectTask.starts_on, ProjectTask.ends_on):
        day = after.get(field.key)
        if day and change.touches(field) and day.year not in YEARS:
            raise Invalid({field.key: (FieldProblem("project_tasks.another_age"),)})
    if start and end and end < start and change.touches(ProjectTask.ends_on):
        raise Invalid({"ends_on": (FieldProblem("projects.ends_before_start"),)})
    if after.get("milestone") and after.get("duration"):
        change.set(ProjectTask.duration, 0)


async def dates_and_duration_agree(work: "Work", change: Change[Any]) -> None:
    """The end follows from start and duration; where somebody says the end, the duration follows from the dates."""
    values = change.after.values
    start, end = values.get("starts_on"), values.get("ends_on")
    if not start:
        return
    if end and change.touches(ProjectTask.ends_on):
        _take_time(change, max(work.workdays.span(start, end), 1))
    elif not end or change.touches(ProjectTask.duration) or change.touches(ProjectTask.duration_unit):
        change.set(ProjectTask.ends_on, work.workdays.end(start, days_of(values)))
    elif change.touches(ProjectTask.starts_on):
        change.set(ProjectTask.ends_on, shifted(work.workdays, change.before.values if change.before else {}, start)[1])


def _take_time(change: Change[Any], days: int) -> None:
    values = change.after.values
    if values.get("milestone") or days_of(values) == days:
        return
    change.set(ProjectTask.duration, days * (HOURS_A_DAY if values.get("duration_unit") == "hours" else 1))


def days_of(values: Values) -> int:
    """The days of work that a task's duration comes to; hours fill whole days."""
    duration = values.get("duration") or 0
    return ceil(duration / HOURS_A_DAY) if values.get("duration_unit") == "hours" else duration


def shifted(workdays: Workdays, task: Values, start: date) -> tuple[date, date]:
    """The dates of a task that starts on another day of work and takes as long as before."""
    first, former, end = workdays.on(start), task.get("starts_on"), task.get("ends_on")
    return first, workdays.end(first, workdays.span(former, end) if former and end else days_of(task))


def earliest(workdays: Workdays, before: Values, wait: Wait, days: int) -> date | None:
    """The first day on which a task of so many days of work may start that waits for another one; None where nothing says so."""
    start, end = before.get("starts_on"), before.get("ends_on")
    back = 1 - max(days, 1)
    if wait.relation == "fs" and end:
        return workdays.after(end, 1 + wait.lag)
    if wait.relation == "ss" and start:
        return workdays.after(start, wait.lag)
    if wait.relation == "ff" and end:
        return workdays.after(workdays.after(end, wait.lag), back)
    if wait.relation == "sf" and start:
        return workdays.after(workdays.after(start, wait.lag), back)
    return None


def put_off(
    workdays: Workdays, before: Mapping[UUID, Values], waiting: Sequence[Wait], task: Values
) -> dict[str, date]:
    """The later dates of a task that would start too early for what it waits for; none where it may stay."""
    start, end = task.get("starts_on"), task.get("ends_on")
    days = workdays.span(start, end) if start and end else days_of(task)
    known = (earliest(workdays, before[wait.before], wait, days) for wait in waiting if wait.before in before)
    first = max((day for day in known if day), default=None)
    if not first or not start or start >= first:
        return {}
    start, end = shifted(workdays, task, first)
    return {"starts_on": start, "ends_on": end}


async def starts_after_predecessors(work: "Work", change: Change[Any]) -> None:
    """A task that waits for others does not start before it may; its length stays."""
    moved = change.touches(ProjectTask.starts_on) or change.touches(ProjectTask.ends_on)
    if change.new or not moved:
        return
    found = await _put_off(work, change.after.id, change.after.values)
    if found:
        change.set(ProjectTask.starts_on, found["starts_on"])
        change.set(ProjectTask.ends_on, found["ends_on"])


async def _put_off(work: "Work", task: UUID, values: Values) -> dict[str, date]:
    module = work.module(ProjectTask)
    waiting = (await waits(work, module.key, [task])).get(task, [])
    before = await work.store.fetch(module, names_of(waiting), columns=COLUMNS) if waiting else []
    return put_off(work.workdays, {row.id: row.values for row in before}, waiting, values)


async def waiting_tasks_are_put_off(work: "Work", pairs: Sequence[tuple[UUID, UUID]]) -> None:
    """Tasks that have just come to wait for others, the right ones, start when these let them."""
    module = work.module(ProjectTask)
    for task in sorted({left for left, _ in pairs}):
        rows = await work.store.fetch(module, [task], columns=COLUMNS)
        if rows and (dates := await _put_off(work, task, rows[0].values)):
            await save.update(work, module, task, dates, quiet=True)


async def successors_follow(work: "Work", change: Change[Any]) -> None:
    """What waits for a task that now takes place later is put off with it, and what waits for that, however long the chain."""
    if change.new or not (change.touches(ProjectTask.ends_on) or change.touches(ProjectTask.starts_on)):
        return
    module, own = work.module(ProjectTask), change.after.id
    below = await _below(work, own)
    rows = {row.id: row for row in await work.store.fetch(module, sorted(below), action="edit", columns=COLUMNS)}
    waiting = await waits(work, module.key, sorted(rows))
    moved: dict[UUID, Values] = {own: change.after.values}
    for id_ in downhill({id_: names_of(waiting.get(id_, ())) for id_ in rows}):
        dates = put_off(work.workdays, moved, waiting.get(id_, ()), rows[id_].values)
        if dates:
            await work.store.update(module, [id_], dates)
            moved[id_] = {**rows[id_].values, **dates}
    kept = change.after.values.get("project")
    projects = {rows[id_]["project"].id for id_ in moved if id_ in rows}
    for project in sorted(projects - {kept.id if kept else None}):
        await sum_up(work, project)


async def _below(work: "Work", task: UUID) -> set[UUID]:
    """Everything that waits for a task, at once or by others."""
    relation = work.relation(work.module(ProjectTask).key, AFTER)
    found, last = set[UUID](), {task}
    while last:
        last = {tie.other for tie in await work.store.ties(relation, sorted(last))} - found - {task}
        found |= last
    return found
