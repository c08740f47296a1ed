"""A project's plan: its tasks in order, what each waits for, and which of them the end hangs on."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from crm_domain.definition import Change, Ref
from crm_domain.modules.projects.task import MOST, ProjectTask
from crm_domain.query.filter import Condition
from crm_domain.query.page import ListQuery, Row, Sort
from crm_domain.records import save

if TYPE_CHECKING:
    from crm_domain.records.work import Work

COLUMNS = (
    "number", "order_number", "name", "starts_on", "ends_on", "percent_complete", "milestone", "predecessor",
    "relationship", "lag", "assigned_to", "parent_task",
)  # fmt: skip
DAY = timedelta(days=1)


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
    )


def critical(plan: Sequence[Step]) -> frozenset[UUID]:
    """The tasks that cannot end a day later without the project ending later."""
    if not plan:
        return frozenset()
    last = max(step.end for step in plan)
    followers: dict[UUID, list[Step]] = {}
    for step in plan:
        if step.after:
            followers.setdefault(step.after, []).append(step)
    slack: dict[UUID, int] = {}
    for step in plan:
        _slack(step, followers, last, slack)
    return frozenset(id_ for id_, days in slack.items() if days <= 0)


def _slack(step: Step, followers: Mapping[UUID, Sequence[Step]], last: date, known: dict[UUID, int]) -> int:
    """By how many days a task may be later."""
    if step.id not in known:
        known[step.id] = (last - step.end).days
        free = [
            (_bound(other) - _tie(step, other)).days + _slack(other, followers, last, known)
            for other in followers.get(step.id, ())
        ]
        known[step.id] = min([known[step.id], *free])
    return known[step.id]


def _bound(step: Step) -> date:
    """The end of the follower that is tied, less its lag: where its predecessor may come to at the latest."""
    tied = step.end if step.relation in ("ff", "sf") else step.start
    return tied - step.lag * DAY - (DAY if step.relation == "fs" else timedelta())


def _tie(step: Step, follower: Step) -> date:
    return step.end if follower.relation in ("fs", "ff") else step.start


def earliest(before: Row, relation: str, lag: int) -> date | None:
    """The first day on which a task may start that waits for another one; None where nothing says so."""
    if relation == "fs" and before["ends_on"]:
        return before["ends_on"] + (1 + lag) * DAY
    if relation == "ss" and before["starts_on"]:
        return before["starts_on"] + lag * DAY
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
    first = earliest(rows[0], values.get("relationship") or "fs", values.get("lag") or 0) if rows else None
    start, end = values.get("starts_on"), values.get("ends_on")
    if first is None or start is None or start >= first:
        return
    change.set(ProjectTask.starts_on, first)
    if end:
        change.set(ProjectTask.ends_on, first + (end - start))


async def successors_follow(work: "Work", change: Change[Any]) -> None:
    """What waits for a task that now ends later is put off with it, and what waits for that."""
    if change.new or not (change.touches(ProjectTask.ends_on) or change.touches(ProjectTask.starts_on)):
        return
    module = work.module(ProjectTask)
    query = ListQuery(filter=Condition("predecessor", "eq", change.after.id), columns=COLUMNS, limit=MOST)
    now = Row(change.after.id, dict(change.after.values))
    for row in (await work.store.page(module, query, action="edit")).rows:
        first = earliest(now, row["relationship"] or "fs", row["lag"] or 0)
        start, end = row["starts_on"], row["ends_on"]
        if first and start and start < first:
            moved = {"starts_on": first, **({"ends_on": first + (end - start)} if end else {})}
            await save.update(work, module, row.id, moved, quiet=True)
