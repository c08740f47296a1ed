"""Adding and changing tasks on the plan itself: a short form in a drawer; without scripts the full form."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.definition import Module, Ref
from crm_domain.modules.projects import ProjectTask
from crm_domain.problems import Conflict, Denied, FieldProblem, Invalid, NotFound, Refused
from crm_domain.query.page import Row
from crm_domain.records import save
from crm_ui.inputs import Draft
from crm_web.pages.forms import currencies, read_posted
from crm_web.pages.gantt import project_of
from crm_web.reach import one
from crm_web.records.form import clashes
from crm_web.records.link_rows import drop_links, link_sections, take_links
from crm_web.records.mistakes import errors
from crm_web.records.starting import own_habits, starting_values
from crm_web.visit import Visit

CHANGED = "gantt:changed"
"""What tells the plan on a page to draw itself anew, with the task that it is about."""


class GanttFormPages(Controller):
    """/projects/<id>/gantt/new and /projects/<id>/gantt/tasks/<task>."""

    path = "/projects"

    @get("/{record_id:uuid}/gantt/new")
    async def new(self, visit: Visit, record_id: UUID) -> Response[Any]:
        module = visit.work.module(ProjectTask)
        visit.allow(module, "create")
        _, project = await project_of(visit, record_id)
        if not visit.fragment:
            return visit.go(f"/{module.key}/new?project={record_id}")
        start = max(project["starts_on"] or visit.voice.today(), visit.voice.today())
        values = {**starting_values(visit, module), "starts_on": visit.work.workdays.on(start)}
        return await _drawer(visit, project, None, values)

    @post("/{record_id:uuid}/gantt/new", status_code=200)
    async def create(self, visit: Visit, record_id: UUID, posted: FormMultiDict) -> Response[Any]:
        visit.allow(visit.work.module(ProjectTask), "create")
        _, project = await project_of(visit, record_id)
        return await _saved(visit, project, None, posted)

    @get("/{record_id:uuid}/gantt/tasks/{task_id:uuid}")
    async def edit(self, visit: Visit, record_id: UUID, task_id: UUID) -> Response[Any]:
        _, project = await project_of(visit, record_id)
        task = await _task(visit, record_id, task_id)
        if not visit.fragment:
            return visit.go(f"/project_tasks/{task_id}/edit")
        return await _drawer(visit, project, task, task.values)

    @post("/{record_id:uuid}/gantt/tasks/{task_id:uuid}", status_code=200)
    async def change(self, visit: Visit, record_id: UUID, task_id: UUID, posted: FormMultiDict) -> Response[Any]:
        """`version` is the one that the form was filled from."""
        _, project = await project_of(visit, record_id)
        return await _saved(visit, project, await _task(visit, record_id, task_id), posted)


async def _task(visit: Visit, project: UUID, id_: UUID) -> Row:
    """A task of that project that the user may change. Raises NotFound, Denied."""
    module = visit.work.module(ProjectTask)
    row = await one(visit, module, id_)
    if not row["project"] or row["project"].id != project:
        raise NotFound
    visit.allow(module, "edit")
    if not await visit.work.store.fetch(module, [id_], action="edit", columns=("name",)):
        raise Denied
    return row


def _keys(visit: Visit, module: Module[Any]) -> list[str]:
    """What the short form asks: the module's own, but for the project, which is known."""
    keys = [key for line in module.layout.quick for key in line if key != "project"]
    return [key for key in keys if not module.field(key).readonly and visit.access.field(module.key, key) == "write"]


async def _saved(visit: Visit, project: Row, task: Row | None, posted: FormMultiDict) -> Response[Any]:
    """Saves and tells the plan, or shows the form again with what is wrong."""
    module = visit.work.module(ProjectTask)
    form = await read_posted(visit, module, posted, _keys(visit, module))
    problems, version, status = dict(form.problems), posted.get("version", ""), 422
    try:
        if not problems:
            id_ = await _stored(visit, project, task, form.values, posted)
            await visit.commit()
            return _told(visit, project, id_, new=task is None)
    except Invalid as invalid:
        problems = dict(invalid.fields)
    except Conflict as conflict:
        problems, version, status = _meanwhile(visit, module, conflict), str(conflict.version), 409
    except Refused as refused:
        problems = {"": (FieldProblem(refused.id, refused.facts),)}
    values = {**(task.values if task else {}), **form.values}
    draft = {"raw": form.raw, "problems": problems}
    return await _drawer(visit, project, task, values, draft, posted=posted, version=version, status=status)


async def _stored(
    visit: Visit, project: Row, task: Row | None, values: Mapping[str, Any], posted: FormMultiDict
) -> UUID:
    module = visit.work.module(ProjectTask)
    if task is None:
        of = Ref("projects", project.id, str(project["name"]))
        id_ = await save.create(visit.work, module, {**own_habits(visit, module), **values, "project": of})
    else:
        id_, version = task.id, posted.get("version", "")
        await drop_links(visit, module, id_, posted)
        await save.update(visit.work, module, id_, values, version=int(version) if version.isdigit() else None)
    await take_links(visit, module, id_, posted)
    return id_


def _meanwhile(visit: Visit, module: Module[Any], conflict: Conflict) -> dict[str, tuple[FieldProblem, ...]]:
    """Whoever saves once more has seen what somebody else wrote in the same fields."""
    return {
        key: (FieldProblem("gantt.changed_meanwhile", {"value": theirs}),)
        for key, _, _, theirs, _ in clashes(visit, module, conflict)
    }


def _told(visit: Visit, project: Row, task: UUID, *, new: bool) -> Response[Any]:
    said = visit.text("form.created" if new else "form.saved", name=visit.text("project_tasks.one"))
    if not visit.fragment:
        return visit.go(f"/projects/{project.id}/gantt", said)
    happened = {"sadra:toast": {"text": said}, "sadra:close-drawer": True, CHANGED: {"task": str(task)}}
    return Response("", headers={"HX-Trigger": json.dumps(happened)}, media_type="text/html")


async def _drawer(
    visit: Visit,
    project: Row,
    task: Row | None,
    values: Mapping[str, Any],
    wrong: Mapping[str, Any] | None = None,
    *,
    posted: FormMultiDict | None = None,
    version: str = "",
    status: int = 200,
) -> Response[str]:
    module, plan = visit.work.module(ProjectTask), f"/projects/{project.id}/gantt"
    draft = Draft(module, visit.voice, values, currencies=await currencies(visit), **(wrong or {}))
    fields = [draft.input(key) for key in _keys(visit, module)]
    return visit.part(
        "projects/gantt_form.html",
        status=status,
        title=task["name"] if task else visit.text("project_tasks.new"),
        record=f"/project_tasks/{task.id}" if task else "",
        project=project.id,
        fields=fields,
        linked_sections=await link_sections(visit, module, task, posted),
        errors=errors(visit, draft, fields),
        version=version or (task["version"] if task else ""),
        url=f"{plan}/tasks/{task.id}" if task else f"{plan}/new",
        full=f"/project_tasks/{task.id}/edit" if task else f"/project_tasks/new?project={project.id}",
    )
