"""A project's plan: its tasks in order, what each waits for, and which of them the end hangs on."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from crm_domain.definition import Ref
from crm_domain.modules.projects.task import MOST
from crm_domain.modules.projects.waiting import Wait, downhill, names_of, waits
from crm_domain.query.filter import Condition
from crm_domain.query.page import ListQuery, Row, Sort
from crm_domain.text.workdays import DAY, Workdays

if TYPE_CHECKING:
    from crm_domain.records.work import Work

COLUMNS = (
    "number", "order_number", "name", "starts_on", "ends_on", "percent_complete", "milestone", "assigned_to", "parent_task",
    "version",
)  # fmt: skip


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """A task with dates, and what it waits for."""

    id: UUID
    number: int
    name: str
    start: date
    end: date
    percent: int
    milestone: bool
    waits: tuple[Wait, ...] = ()
    who: Ref | None = None
    version: int = 0


async def steps(work: "Work", project: UUID) -> tuple[list[Step], list[Row]]:
    """The project's tasks with dates in their order, and those without."""
    query = ListQuery(
        filter=Condition("project", "eq", project), columns=COLUMNS, sort=(Sort("created_at"),), limit=MOST
    )
    rows = (await work.store.page(work.registry["project_tasks"], query)).rows
    ordered = sorted(rows, key=lambda row: (row["order_number"] or 0, row["starts_on"] or date.max, row["number"] or 0))
    waiting = await waits(work, "project_tasks", [row.id for row in rows])
    dated = [_step(row, tuple(waiting.get(row.id, ()))) for row in ordered if _dated(row)]
    return dated, [row for row in ordered if not _dated(row)]


def _dated(row: Row) -> bool:
    return bool(row["starts_on"] or row["ends_on"])


def _step(row: Row, waiting: tuple[Wait, ...]) -> Step:
    start = row["starts_on"] or row["ends_on"]
    return Step(
        id=row.id,
        number=row["number"] or 0,
        name=str(row["name"] or ""),
        start=start,
        end=row["ends_on"] or start,
        percent=row["percent_complete"] or 0,
        milestone=bool(row["milestone"]),
        waits=waiting,
        who=row["assigned_to"],
        version=row["version"],
    )


def critical(plan: Sequence[Step], workdays: Workdays) -> frozenset[UUID]:
    """The tasks that cannot end a day of work later without the project ending later."""
    if not plan:
        return frozenset()
    first, last = min(step.start for step in plan), max(step.end for step in plan) + DAY
    number = workdays.numbers(first, last)
    slack = {step.id: number[last] - number[step.end + DAY] for step in plan}
    by_id = {step.id: step for step in plan}
    for id_ in reversed(downhill({step.id: names_of(step.waits) for step in plan})):
        step = by_id[id_]
        for wait in step.waits:
            if before := by_id.get(wait.before):
                slack[before.id] = min(slack[before.id], slack[step.id] + _gap(before, step, wait, number))
    return frozenset(id_ for id_, days in slack.items() if days <= 0)


def _gap(before: Step, step: Step, wait: Wait, number: Mapping[date, int]) -> int:
    """How many days of work later the first may come without moving the second."""
    from_end, to_end = wait.relation in ("fs", "ff"), wait.relation in ("ff", "sf")
    tie = number[before.end + DAY] if from_end else number[before.start]
    bound = number[step.end + DAY] - (not from_end) if to_end else number[step.start]
    return bound - tie - wait.lag
