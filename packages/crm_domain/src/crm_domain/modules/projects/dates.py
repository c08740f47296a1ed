"""When tasks take place: their days of work make their duration, and none starts before the one it waits for lets it."""

from collections.abc import Mapping
from datetime import date
from math import ceil
from typing import TYPE_CHECKING, Any
from uuid import UUID

from crm_domain.definition import Change
from crm_domain.modules.projects.task import HOURS_A_DAY, MOST, ProjectTask, sum_up
from crm_domain.problems import FieldProblem, Invalid
from crm_domain.query.filter import Condition
from crm_domain.query.page import ListQuery
from crm_domain.text.workdays import Workdays

if TYPE_CHECKING:
    from crm_domain.records.work import Work

COLUMNS = ("starts_on", "ends_on", "duration", "duration_unit", "predecessor", "relationship", "lag", "project")
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


def earliest(workdays: Workdays, before: Values, relation: str, lag: int) -> date | None:
    """The first day on which a task may start that waits for another one; None where nothing says so."""
    if relation == "fs" and before.get("ends_on"):
        return workdays.after(before["ends_on"], 1 + lag)
    if relation == "ss" and before.get("starts_on"):
        return workdays.after(before["starts_on"], lag)
    return None


async def starts_after_predecessor(work: "Work", change: Change[Any]) -> None:
    """A task that waits for another one does not start before it may; its length stays."""
    values = change.after.values
    ties = (ProjectTask.predecessor, ProjectTask.relationship, ProjectTask.lag, ProjectTask.starts_on)
    if not values.get("predecessor") or not any(change.touches(field) for field in ties):
        return
    rows = await work.store.fetch(
        work.module(ProjectTask), [values["predecessor"].id], columns=("starts_on", "ends_on")
    )
    moved = put_off(work.workdays, rows[0].values, values) if rows else {}
    if moved:
        change.set(ProjectTask.starts_on, moved["starts_on"])
        change.set(ProjectTask.ends_on, moved["ends_on"])


def put_off(workdays: Workdays, before: Values, task: Values) -> dict[str, date]:
    """The later dates of a task that would start too early after `before`; none where it may stay."""
    first = earliest(workdays, before, task.get("relationship") or "fs", task.get("lag") or 0)
    if not first or not task.get("starts_on") or task["starts_on"] >= first:
        return {}
    start, end = shifted(workdays, task, first)
    return {"starts_on": start, "ends_on": end}


async def successors_follow(work: "Work", change: Change[Any]) -> None:
    """What waits for a task that now ends later is put off with it, and what waits for that, however long the chain."""
    if change.new or not (change.touches(ProjectTask.ends_on) or change.touches(ProjectTask.starts_on)):
        return
    module, projects = work.module(ProjectTask), set[UUID]()
    moved: dict[UUID, Values] = {change.after.id: change.after.values}
    seen = set(moved)
    while moved:
        query = ListQuery(filter=Condition("predecessor", "in", tuple(moved)), columns=COLUMNS, limit=MOST)
        waiting = (await work.store.page(module, query, action="edit")).rows
        before, moved = moved, {}
        for row in waiting:
            dates = put_off(work.workdays, before[row["predecessor"].id], row.values)
            if dates and row.id not in seen:
                await work.store.update(module, [row.id], dates)
                moved[row.id] = {**row.values, **dates}
                projects.add(row["project"].id)
        seen |= set(moved)
    own = change.after.values.get("project")
    for project in projects - {own.id if own else None}:
        await sum_up(work, project)
