"""A project from a template: which one, from when, and what would come of it; and the way back, a template of a project."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.definition import Ref
from crm_domain.modules.projects import Project, ProjectTemplate
from crm_domain.modules.projects.from_template import (
    NewProject,
    Planned,
    patterns,
    planned,
    project_from,
    template_from,
)
from crm_domain.problems import FieldProblem, Invalid, NotFound
from crm_domain.query.page import ListQuery, Row, Sort
from crm_domain.records.forms import Form
from crm_domain.text import format as formats
from crm_domain.text.numbers import format_number
from crm_ui.inputs import Draft
from crm_web.pages.forms import read_posted
from crm_web.reach import one
from crm_web.visit import Visit

KEYS = ("name", "starts_on", "assigned_to")
MOST_TEMPLATES = 200


class ProjectTemplatePages(Controller):
    """/projects/from_template and /projects/<id>/template."""

    path = "/projects"

    @get("/from_template")
    async def choose(self, visit: Visit, template: UUID | None = None) -> Response[str]:
        templates = await _templates(visit)
        chosen = template or (templates[0].id if templates else None)
        return await _page(visit, templates, chosen, Form({}, {}, {}))

    @post("/from_template")
    async def create(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        templates = await _templates(visit)
        chosen, form = _id(posted.get("template", "")), await read_posted(visit, visit.module("projects"), posted, KEYS)
        for key in ("name", "starts_on"):
            if not form.values.get(key):
                form.problems.setdefault(key, (FieldProblem("problems.required"),))
        if not form.problems:
            try:
                made = await project_from(visit.work, chosen, _wanted(form, posted))
                await visit.commit()
            except Invalid as invalid:
                form.problems.update({key: tuple(found) for key, found in invalid.fields.items()})
            else:
                return visit.go(f"/projects/{made}/gantt", visit.text("project_templates.made"))
        return await _page(visit, templates, chosen, form, _ticked(posted))

    @post("/from_template/plan", status_code=200)
    async def plan(self, visit: Visit, posted: FormMultiDict) -> Response[str]:
        """The tasks with the dates that another start gives them."""
        await _templates(visit)
        form = await read_posted(visit, visit.module("projects"), posted, ("starts_on",))
        rows = await patterns(visit.work, _id(posted.get("template", "")))
        plan = _lines(visit, planned(visit.work, rows, _start(visit, form)), _ticked(posted))
        return visit.part("projects/template_plan.html", plan=plan)

    @post("/{record_id:uuid}/template")
    async def save(self, visit: Visit, record_id: UUID) -> Response[Any]:
        for made in ("project_templates", "project_template_tasks"):
            visit.allow(visit.module(made), "create")
        project = await one(visit, visit.work.module(Project), record_id)
        made = await template_from(visit.work, record_id, str(project["name"]))
        await visit.commit()
        return visit.go(f"/project_templates/{made}", visit.text("project_templates.saved"))


async def _templates(visit: Visit) -> list[Row]:
    """What there is to choose from, for somebody who may make projects."""
    module = visit.work.module(ProjectTemplate)
    visit.allow(module, "list")
    for made in ("projects", "project_tasks"):
        visit.allow(visit.module(made), "create")
    query = ListQuery(columns=("name",), sort=(Sort("name"),), limit=MOST_TEMPLATES)
    return list((await visit.work.store.page(module, query)).rows)


def _wanted(form: Form, posted: FormMultiDict) -> NewProject:
    return NewProject(
        name=form.values.get("name") or "",
        starts_on=form.values["starts_on"],
        manager=form.values.get("assigned_to"),
        tasks=frozenset(_ticked(posted)),
    )


def _ticked(posted: FormMultiDict) -> list[UUID]:
    return [_id(text) for text in posted.getall("task", [])]


def _start(visit: Visit, form: Form) -> date:
    return form.values.get("starts_on") or visit.work.workdays.on(visit.voice.today())


async def _page(
    visit: Visit, templates: list[Row], chosen: UUID | None, form: Form, ticked: Collection[UUID] | None = None
) -> Response[str]:
    module = visit.module("projects")
    name = next((row["name"] for row in templates if row.id == chosen), "")
    me = Ref("users", visit.access.user, visit.actor.name)
    start = _start(visit, form)
    values = {"name": name, "starts_on": start, "assigned_to": me, **form.values}
    draft = Draft(module, visit.voice, values, raw=form.raw, problems=form.problems)
    rows = await patterns(visit.work, chosen) if chosen else []
    return await visit.page(
        "projects/from_template.html",
        status=422 if form.problems else 200,
        current="projects",
        modules_name=visit.voice.module(module),
        templates=[(str(row.id), row["name"], row.id == chosen) for row in templates],
        chosen=chosen or "",
        fields=[draft.input(key) for key in KEYS],
        errors=[
            (f"f-{key}-field", visit.text(problem.id, **problem.facts))
            for key, problems in form.problems.items()
            for problem in problems
        ],
        plan=_lines(visit, planned(visit.work, rows, start), ticked),
        may_write=visit.access.can("project_templates", "create"),
    )


def _lines(visit: Visit, plan: list[Planned], ticked: Collection[UUID] | None) -> list[dict[str, Any]]:
    locale, words = visit.voice.locale, visit.voice.catalogue
    return [
        {
            "id": task.row.id,
            "on": ticked is None or task.row.id in ticked,
            "number": format_number(number, locale),
            "name": task.row["name"],
            "milestone": bool(task.row["milestone"]),
            "starts_on": formats.format_date(task.starts_on, locale, words),
            "ends_on": formats.format_date(task.ends_on, locale, words),
            "who": _who(visit, task.row),
        }
        for number, task in enumerate(plan, start=1)
    ]


def _who(visit: Visit, task: Row) -> str:
    if task["role"] == "named" and task["assigned_to"]:
        return task["assigned_to"].name
    return visit.text(f"template_role.{'nobody' if task['role'] == 'named' else task['role']}")


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None
