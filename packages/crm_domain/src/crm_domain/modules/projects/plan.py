"""A project's plan: its tasks in order, what each waits for, and which of them the end hangs on."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from crm_domain.definition import Ref
from crm_domain.modules.projects.task import MOST
from crm_domain.query.filter import Condition
from crm_domain.query.page import ListQuery, Row, Sort
from crm_domain.text.workdays import DAY, Workdays

if TYPE_CHECKING:
    from crm_domain.records.work import Work

COLUMNS = (
    "number", "order_number", "name", "starts_on", "ends_on", "percent_complete", "milestone", "predecessor",
    "relationship", "lag", "assigned_to", "parent_task", "version",
)  # fmt: skip


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """A task with dates. `after` is the task it waits for, by `relation` (fs, ss, ff, sf) and so many days of `lag`."""

    id: UUID
    number: int
    name: str
    start: date
    end: date
    percent: int
    milestone: bool
    after: UUID | None
    relation: str
    lag: int
    who: Ref | None
    version: int = 0


async def steps(work: "Work", project: UUID) -> tuple[list[Step], list[Row]]:
    """The project's tasks with dates in their order, and those without."""
    query = ListQuery(
        filter=Condition("project", "eq", project), columns=COLUMNS, sort=(Sort("created_at"),), limit=MOST
    )
    rows = (await work.store.page(work.registry["project_tasks"], query)).rows
    ordered = sorted(rows, key=lambda row: (row["order_number"] or 0, row["starts_on"] or date.max, row["number"] or 0))
    return [_step(row) for row in ordered if _dated(row)], [row for row in ordered if not _dated(row)]


def _dated(row: Row) -> bool:
    return bool(row["starts_on"] or row["ends_on"])


def _step(row: Row) -> Step:
    start = row["starts_on"] or row["ends_on"]
    return Step(
        id=row.id,
        number=row["number"] or 0,
        name=str(row["name"] or ""),
        start=start,
        end=row["ends_on"] or start,
        percent=row["percent_complete"] or 0,
        milestone=bool(row["milestone"]),
        after=row["predecessor"].id if row["predecessor"] else None,
        relation=row["relationship"] or "fs",
        lag=row["lag"] or 0,
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
    for id_ in reversed(downhill({step.id: step.after for step in plan})):
        step = by_id[id_]
        before = by_id.get(step.after) if step.after else None
        if before:
            slack[before.id] = min(slack[before.id], slack[step.id] + _gap(before, step, number))
    return frozenset(id_ for id_, days in slack.items() if days <= 0)


def downhill(after: Mapping[UUID, UUID | None]) -> list[UUID]:
    """Every task after the one that it waits for; what waits for itself, round about, comes last."""
    followers: dict[UUID | None, list[UUID]] = {}
    for id_, before in after.items():
        followers.setdefault(before if before in after else None, []).append(id_)
    found = followers.pop(None, [])
    for id_ in found:  # grows while it is walked, so that no chain is too long
        found += followers.pop(id_, ())
    return found + [id_ for rest in followers.values() for id_ in rest]


def _gap(before: Step, step: Step, number: Mapping[date, int]) -> int:
    """How many days of work later the first may come without moving the second."""
    from_end, to_end = step.relation in ("fs", "ff"), step.relation in ("ff", "sf")
    tie = number[before.end + DAY] if from_end else number[before.start]
    bound = number[step.end + DAY] - (not from_end) if to_end else number[step.start]
    return bound - tie - step.lag
