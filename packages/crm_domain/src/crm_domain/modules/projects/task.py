"""Tasks of a project: numbered, one after the other, with their share of the whole."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from crm_domain.definition import Arrangement, Change, Record, Ref, panel, required
from crm_domain.definition.field import Field
from crm_domain.definition.kinds import Boolean, Choice, Date, Integer, Link, LongText, Text
from crm_domain.definition.module import AsyncRule
from crm_domain.modules.projects.options import (
    DURATION_UNITS,
    PROJECT_TASK_PRIORITIES,
    PROJECT_TASK_STATUSES,
    UTILIZATIONS,
)
from crm_domain.modules.projects.waiting import AFTER, BEFORE
from crm_domain.problems import FieldProblem, Invalid
from crm_domain.query.filter import Condition
from crm_domain.query.page import ListQuery, Row, Sort

if TYPE_CHECKING:
    from crm_domain.records.work import Work

WHOLE = 100
HOURS_A_DAY = 8
MOST = 2_000
"""Tasks of one project that its progress looks at."""
COUNTED = (
    "parent_task", "percent_complete", "duration", "duration_unit", "estimated_effort", "actual_effort", "ends_on",
)  # fmt: skip


class ProjectTask(Record):
    name = required(Text(max_length=255, search=True))
    project = required(Link(target="projects", inverse="project_tasks", indexed=True, on_delete="cascade"))
    number = Integer(readonly=True, copied=False, indexed=True)
    order_number = Integer(default=1, minimum=0)
    status = required(Choice(options=PROJECT_TASK_STATUSES, default="not_started", indexed=True, copied=False))
    priority = required(Choice(options=PROJECT_TASK_PRIORITIES, default="medium", indexed=True))
    starts_on = Date(indexed=True)
    ends_on = Date(indexed=True)
    duration = required(Integer(default=1, minimum=0, maximum=10_000))
    duration_unit = required(Choice(options=DURATION_UNITS, default="days"))
    actual_duration = Integer(minimum=0, maximum=10_000, copied=False)
    percent_complete = Integer(minimum=0, maximum=WHOLE, default=0, copied=False, indexed=True)
    parent_task = Link(target="project_tasks", inverse="subtasks", among="project")
    milestone = Boolean()
    estimated_effort = Integer(minimum=0, maximum=100_000)
    actual_effort = Integer(minimum=0, maximum=100_000, copied=False)
    utilization = Choice(options=UTILIZATIONS, default="100")
    description = LongText()

    layout = Arrangement(
        columns=(name, project, starts_on, ends_on, status, priority, percent_complete, Record.assigned_to),
        offered=(
            number,
            milestone,
            duration,
            duration_unit,
            estimated_effort,
            actual_effort,
            utilization,
            Record.team,
            Record.created_at,
            Record.modified_at,
            Record.created_by,
            Record.modified_by,
        ),
        panels=(
            panel(
                "overview",
                (name, status),
                (starts_on, priority),
                (ends_on, percent_complete),
                (project, Record.assigned_to),
                (duration, duration_unit),
                (description,),
            ),
            panel(
                "timeline",
                (number, order_number),
                (parent_task, milestone),
                (estimated_effort, actual_effort),
                (actual_duration, utilization),
                (Record.team,),
                folded=True,
            ),
        ),
        quick=(
            (name, project),
            (starts_on, ends_on),
            (status, priority),
            (percent_complete, milestone),
            (duration, duration_unit),
            (parent_task, Record.assigned_to),
            (description,),
        ),
        picker=(name, project, status, ends_on),
        basic=(name,),
        advanced=(name, project, status, priority, starts_on, ends_on, milestone, Record.assigned_to, Record.team),
        highlights=(status, percent_complete, starts_on, ends_on, project, Record.assigned_to),
        board=status,
        card=(name, project, ends_on, percent_complete, Record.assigned_to),
        linked=(BEFORE,),
        subpanels=(BEFORE, AFTER, "subtasks"),
        sort="ends_on",
    )


def percent_and_status_agree(change: Change[ProjectTask]) -> None:
    """All of it done is completed, some of it in progress, and the other way round."""
    percent = change.after.values.get("percent_complete") or 0
    if change.touches(ProjectTask.status) and not change.touches(ProjectTask.percent_complete):
        if change.after.status == "completed":
            change.set(ProjectTask.percent_complete, WHOLE)
        elif percent == WHOLE:
            change.set(ProjectTask.percent_complete, 0)
    elif change.touches(ProjectTask.percent_complete):
        change.set(ProjectTask.status, status_at(percent))


async def parents_follow_subtasks(work: "Work", change: Change[Any]) -> None:
    """How far a task with subtasks is nobody says but they."""
    if change.new or not change.touches(ProjectTask.percent_complete):
        return
    query = ListQuery(filter=Condition("parent_task", "eq", change.after.id), columns=("name",), limit=1)
    if (await work.store.page(work.module(ProjectTask), query)).rows:
        field = ProjectTask.percent_complete if change.named(ProjectTask.percent_complete) else ProjectTask.status
        raise Invalid({field.key: (FieldProblem("project_tasks.follows_subtasks"),)})


def numbered_within(record: type[Record], owner: Field[Ref], number: Field[int | None]) -> AsyncRule:
    """The rule that gives every record a number within its owner, also where it was made beside it."""

    async def rule(work: "Work", change: Change[Any]) -> None:
        whole = change.after.values.get(owner.key)
        given = change.after.values.get(number.key) and (change.named(number) or not change.touches(owner))
        if not whole or given:
            return
        query = ListQuery(
            filter=Condition(owner.key, "eq", whole.id),
            columns=(number.key,),
            sort=(Sort(number.key, descending=True),),
            limit=1,
        )
        last = (await work.store.page(work.module(record), query)).rows
        change.set(number, ((last[0][number.key] if last else None) or 0) + 1)

    return rule


async def assignee_takes_part(work: "Work", change: Change[Any]) -> None:
    """Whoever gets a task is one of the people on its project from then on."""
    project, who = change.after.values.get("project"), change.after.values.get("assigned_to")
    if project and who and (change.touches(ProjectTask.project) or change.touches(Record.assigned_to)):
        relation = work.relation("projects", "project_users")
        if who.id not in {tie.other for tie in await work.store.ties(relation, [project.id])}:
            await work.store.link(relation, project.id, [who.id], {})


async def project_sums_up(work: "Work", change: Change[Any]) -> None:
    """The figures of the project, and of the one that the task has left, follow from their tasks."""
    former = change.before.values.get("project") if change.before else None
    for project in {whole.id: None for whole in (change.after.values.get("project"), former) if whole}:
        await sum_up(work, project)


async def projects_sum_up(work: "Work", tasks: Sequence[ProjectTask]) -> None:
    """The same once tasks have gone or come back."""
    for project in sorted({whole.id for task in tasks if (whole := task.values.get("project"))}):
        await sum_up(work, project)


async def sum_up(work: "Work", project: UUID) -> None:
    """Brings the figures of a project, and of its tasks that have subtasks, up to the work itself: what has no subtasks."""
    rows = await _tasks(work, project, COUNTED)
    found = await work.store.fetch(work.registry["projects"], [project], columns=("ends_on",))
    if not found:
        return
    below = leaves(rows)
    await _parents_follow(work, rows, below)
    whole = below[None]
    values: dict[str, Any] = {
        "percent_complete": progress(whole),
        "estimated_effort": sum(row["estimated_effort"] or 0 for row in whole),
        "actual_effort": sum(row["actual_effort"] or 0 for row in whole),
    }
    last: date | None = max((row["ends_on"] for row in rows if row["ends_on"]), default=None)
    if last and found[0]["ends_on"] and last > found[0]["ends_on"]:
        values["ends_on"] = last
    await work.store.update(work.registry["projects"], [project], values)


def leaves(rows: Sequence[Row]) -> dict[UUID | None, list[Row]]:
    """The tasks without subtasks under every task that has some, and under None all of them."""
    above = {row.id: row["parent_task"].id if row["parent_task"] else None for row in rows}
    parents = set(above.values())
    found: dict[UUID | None, list[Row]] = {None: []}
    for row in rows:
        if row.id in parents:
            continue
        found[None].append(row)
        place, passed = above[row.id], set[UUID]()
        while place and place in above and place not in passed:
            found.setdefault(place, []).append(row)
            passed.add(place)
            place = above[place]
    return found


async def _parents_follow(work: "Work", rows: Sequence[Row], below: Mapping[UUID | None, list[Row]]) -> None:
    """A task with subtasks is done as far as they are, and its status says so."""
    module = work.registry["project_tasks"]
    for row in rows:
        percent = progress(below[row.id]) if row.id in below else row["percent_complete"] or 0
        if percent != (row["percent_complete"] or 0):
            await work.store.update(module, [row.id], {"percent_complete": percent, "status": status_at(percent)})


def status_at(percent: int) -> str:
    """The status of a task of which so much is done."""
    return "completed" if percent == WHOLE else "in_progress" if percent else "not_started"


def progress(rows: Sequence[Row]) -> int:
    """Percent done, every task weighing as long as it takes; a day is eight hours."""
    weights = [(row["duration"] or 0) * (1 if row["duration_unit"] == "hours" else HOURS_A_DAY) for row in rows]
    if not sum(weights):
        return 0
    done = sum(weight * (row["percent_complete"] or 0) for weight, row in zip(weights, rows, strict=True))
    return int((Decimal(done) / sum(weights)).quantize(Decimal(1), ROUND_HALF_UP))


async def _tasks(work: "Work", project: Any, columns: tuple[str, ...]) -> list[Row]:
    query = ListQuery(
        filter=Condition("project", "eq", project), columns=columns, sort=(Sort("created_at"),), limit=MOST
    )
    return list((await work.store.page(work.registry["project_tasks"], query)).rows)
