"""Projects made from a template: its tasks laid out over the company's days of work from the day the project starts."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from crm_domain.definition import Module, Ref
from crm_domain.modules.projects.dates import days_of
from crm_domain.modules.projects.project import Project
from crm_domain.modules.projects.task import ProjectTask
from crm_domain.modules.projects.template import ProjectTemplate, TemplateTask
from crm_domain.modules.projects.waiting import BEFORE, Wait, downhill, names_of, waits
from crm_domain.problems import Denied, Refused
from crm_domain.query.filter import Condition
from crm_domain.query.page import ListQuery, Row, Sort
from crm_domain.records import save

if TYPE_CHECKING:
    from crm_domain.records.work import Work

MOST_TASKS = 200
"""Tasks of a template: more are a plan that somebody should cut into several."""
RESOURCES = ("users", "contacts")
KEPT = (
    "name", "order_number", "priority", "duration", "duration_unit", "milestone", "estimated_effort", "utilization",
    "description",
)  # fmt: skip
"""What a task has in common with its pattern."""
OF_PROJECT = ("priority", "budget", "description")


class NewProject(msgspec.Struct, frozen=True, kw_only=True):
    """What a project needs besides its template; `tasks` are the patterns to take over, None all of them."""

    name: str
    starts_on: date
    manager: Ref | None = None
    tasks: frozenset[UUID] | None = None


class Pattern(msgspec.Struct, frozen=True):
    """A task of a template, with what it waits for."""

    row: Row
    waits: tuple[Wait, ...]


class Planned(msgspec.Struct, frozen=True):
    """A task of a template with the dates it would have."""

    pattern: Pattern
    starts_on: date
    ends_on: date

    @property
    def row(self) -> Row:
        return self.pattern.row


async def patterns(work: "Work", template: UUID) -> list[Pattern]:
    """The tasks of a template in their order. Raises Refused where there are too many."""
    query = ListQuery(
        filter=Condition("template", "eq", template),
        columns=(*KEPT, "number", "starts_day", "parent_task", "role", "assigned_to"),
        sort=(Sort("order_number"), Sort("starts_day"), Sort("number")),
        limit=MOST_TASKS + 1,
    )
    rows = (await work.store.page(work.module(TemplateTask), query)).rows
    if len(rows) > MOST_TASKS:
        raise Refused("project_templates.too_many", most=MOST_TASKS)
    waiting = await waits(work, work.module(TemplateTask).key, [row.id for row in rows])
    return [Pattern(row, tuple(waiting.get(row.id, ()))) for row in rows]


def planned(work: "Work", tasks: Sequence[Pattern], starts_on: date) -> list[Planned]:
    """When each task would take place in a project that starts on that day or, should nobody work then, the next one."""
    first, workdays = work.workdays.on(starts_on), work.workdays
    found: list[Planned] = []
    places = laid_out(tasks)
    for task in tasks:
        start = workdays.after(first, places[task.row.id][0] - 1)
        found.append(Planned(task, start, workdays.end(start, days_of(task.row.values))))
    return found


def laid_out(tasks: Sequence[Pattern]) -> dict[UUID, tuple[int, int]]:
    """The first and the last day of work of each task, counted from one: its own day, or later where it waits for others."""
    by_id = {task.row.id: task for task in tasks}
    places: dict[UUID, tuple[int, int]] = {}
    for id_ in downhill({task.row.id: names_of(task.waits) for task in tasks}):
        task = by_id[id_]
        days = max(days_of(task.row.values), 1)
        bounds = (_earliest(places[wait.before], wait, days) for wait in task.waits if wait.before in places)
        start = max(1, task.row["starts_day"] or 1, *bounds)
        places[id_] = (start, start + days - 1)
    return places


def _earliest(before: tuple[int, int], wait: Wait, days: int) -> int:
    first, last = before
    return {"fs": last + 1, "ss": first, "ff": last + 1 - days, "sf": first + 1 - days}[wait.relation] + wait.lag


async def project_from(work: "Work", template_id: UUID, wanted: NewProject) -> UUID:
    """A new project with the template's tasks, people and contacts; its id. The caller commits.

    Raises NotFound, Denied, Invalid, Refused.
    """
    template = await work.get(ProjectTemplate, template_id)
    found = await patterns(work, template_id)
    chosen = [task for task in found if wanted.tasks is None or task.row.id in wanted.tasks]
    tasks = planned(work, chosen, wanted.starts_on)
    values = {
        **{key: template.values.get(key) for key in (*OF_PROJECT, "status")},
        "name": wanted.name,
        "starts_on": wanted.starts_on,
        "ends_on": max((task.ends_on for task in tasks), default=wanted.starts_on),
        "template": Ref("project_templates", template_id),
    }
    manager = wanted.manager or Ref("users", work.access.user)
    project = await save.create(work, work.module(Project), {**values, "assigned_to": manager})
    for module in RESOURCES:
        await _take_over(work, ("project_templates", f"template_{module}", template_id), ("projects", project))
    await _make_tasks(work, project, manager, tasks)
    return project


async def _make_tasks(work: "Work", project: UUID, manager: Ref, tasks: Sequence[Planned]) -> None:
    named = await work.store.names([ref for task in tasks if (ref := task.row["assigned_to"])])
    made: dict[UUID, Ref] = {}
    module = work.module(ProjectTask)
    for number, task in enumerate(tasks, start=1):
        colleague = task.row["assigned_to"]
        there = colleague in named and not named[colleague].gone
        who = manager if task.row["role"] == "manager" else colleague if task.row["role"] == "named" and there else None
        values = {
            **{key: task.row[key] for key in KEPT},
            "project": Ref("projects", project),
            "number": number,
            "starts_on": task.starts_on,
            "ends_on": task.ends_on,
            "assigned_to": who,
        }
        made[task.row.id] = Ref(module.key, await save.create(work, module, values, quiet=True))
    await _tie(work, module, [task.pattern for task in tasks], made)


async def _tie(work: "Work", module: Module[Any], tasks: Sequence[Pattern], made: Mapping[UUID, Ref]) -> None:
    """Parents and waits among the copies as among the originals; that their dates suit each other holds for them too."""
    relation = work.relation(module.key, BEFORE)
    for task in tasks:
        copy, parent = made[task.row.id], task.row["parent_task"]
        if parent and parent.id in made:
            await save.update(work, module, copy.id, {"parent_task": made[parent.id]}, quiet=True)
        for wait in task.waits:
            if wait.before in made:
                facts = {"relationship": wait.relation, "lag": wait.lag}
                await work.store.link(relation, copy.id, [made[wait.before].id], facts)


async def template_from(work: "Work", project_id: UUID, name: str) -> UUID:
    """A template of a project as it stands: its tasks in days of work from its start; its id. The caller commits.

    Raises NotFound, Denied, Invalid, Refused.
    """
    if not work.access.can("project_template_tasks", "create"):
        raise Denied
    project = await work.get(Project, project_id)
    values: dict[str, Any] = {key: project.values.get(key) for key in OF_PROJECT}
    template = await save.create(work, work.module(ProjectTemplate), {**values, "name": name})
    for module in RESOURCES:
        await _take_over(work, ("projects", f"project_{module}", project_id), ("project_templates", template))
    await _make_patterns(work, template, project, await _tasks(work, project_id))
    return template


async def _tasks(work: "Work", project: UUID) -> list[Pattern]:
    query = ListQuery(
        filter=Condition("project", "eq", project),
        columns=(*KEPT, "number", "starts_on", "ends_on", "parent_task", "assigned_to"),
        sort=(Sort("number"),),
        limit=MOST_TASKS + 1,
    )
    rows = (await work.store.page(work.module(ProjectTask), query)).rows
    if len(rows) > MOST_TASKS:
        raise Refused("project_templates.too_many", most=MOST_TASKS)
    waiting = await waits(work, work.module(ProjectTask).key, [row.id for row in rows])
    return [Pattern(row, tuple(waiting.get(row.id, ()))) for row in rows]


async def _make_patterns(work: "Work", template: UUID, project: Project, tasks: Sequence[Pattern]) -> None:
    module, made = work.module(TemplateTask), dict[UUID, Ref]()
    rows = [task.row for task in tasks]
    start = min([project.starts_on, *(row["starts_on"] for row in rows if row["starts_on"])])
    for row in rows:
        values = {
            **{key: row[key] for key in KEPT},
            **_in_days(work, row.values, start),
            "template": Ref("project_templates", template),
            "number": row["number"],
            **_who(row["assigned_to"], project.assigned_to),
        }
        made[row.id] = Ref(module.key, await save.create(work, module, values, quiet=True))
    await _tie(work, module, tasks, made)


def _in_days(work: "Work", task: Mapping[str, Any], start: date) -> dict[str, int]:
    """A task's day counted from the first one of the project, and how long it takes where its dates say so."""
    workdays, begins, ends = work.workdays, task.get("starts_on"), task.get("ends_on")
    if not begins:
        return {}
    day = {"starts_day": max(workdays.span(start, workdays.on(begins)), 1)}
    if ends and not task.get("milestone") and task.get("duration_unit") == "days":
        day["duration"] = max(workdays.span(begins, ends), 1)
    return day


def _who(assigned: Ref | None, manager: Ref | None) -> dict[str, Any]:
    if assigned is None:
        return {"role": "nobody", "assigned_to": None}
    return {"role": "manager" if assigned == manager else "named", "assigned_to": assigned}


async def _take_over(work: "Work", source: tuple[str, str, UUID], target: tuple[str, UUID]) -> None:
    """Links the new record with whom the old one is linked with."""
    module, key, owner = source
    into, id_ = target
    relation = work.relation(module, key)
    found = await work.store.related(relation, owner, ListQuery(columns=("name",), limit=MOST_TASKS))
    wanted = f"{'project' if into == 'projects' else 'template'}_{relation.target}"
    if found.rows:
        await work.store.link(work.relation(into, wanted), id_, [row.id for row in found.rows], {})
