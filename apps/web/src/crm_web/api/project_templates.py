"""Templates of projects over the API: a project from one, one from a project."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Controller, Response, post

from crm_domain.definition import Ref
from crm_domain.modules.projects.from_template import NewProject, project_from, template_from
from crm_domain.problems import FieldProblem, Invalid
from crm_web.api.records import answer, read_body, values_of
from crm_web.idempotency import once
from crm_web.visit import Visit

KEYS = ("name", "starts_on", "assigned_to")


class ProjectTemplateActions(Controller):
    """/api/v1/project_templates/<id>/actions/create_project: `{"name", "starts_on", "assigned_to"?, "tasks": [ids]?}`."""

    path = "/v1/project_templates"

    @post("/{record_id:uuid}/actions/create_project", status_code=201)
    async def create(self, visit: Visit, record_id: UUID) -> Response[bytes]:
        for made in ("projects", "project_tasks"):
            visit.allow(visit.module(made), "create")
        body = await read_body(visit.request)
        tasks = _ids(body.pop("tasks", None))
        values = values_of(visit, visit.module("projects"), body)
        wrong = {key: (FieldProblem("problems.unknown_field", {"field": key}),) for key in set(values) - set(KEYS)}
        missing = {key: (FieldProblem("problems.required"),) for key in ("name", "starts_on") if not values.get(key)}
        if wrong or missing:
            raise Invalid({**wrong, **missing})
        manager: Ref | None = values.get("assigned_to")
        wanted = NewProject(name=values["name"], starts_on=values["starts_on"], manager=manager, tasks=tasks)

        async def make() -> Any:
            return {"id": str(await project_from(visit.work, record_id, wanted))}

        made = await once(visit, make)
        await visit.commit()
        return answer(made, status=201)


class ProjectActions(Controller):
    """/api/v1/projects/<id>/actions/save_as_template: `{"name"}`."""

    path = "/v1/projects"

    @post("/{record_id:uuid}/actions/save_as_template", status_code=201)
    async def save(self, visit: Visit, record_id: UUID) -> Response[bytes]:
        for made in ("project_templates", "project_template_tasks"):
            visit.allow(visit.module(made), "create")
        values = values_of(visit, visit.module("project_templates"), await read_body(visit.request))
        name = values.get("name")
        if not name or len(values) > 1:
            raise Invalid({"name": (FieldProblem("problems.required"),)})

        async def make() -> Any:
            return {"id": str(await template_from(visit.work, record_id, name))}

        made = await once(visit, make)
        await visit.commit()
        return answer(made, status=201)


def _ids(given: Any) -> frozenset[UUID] | None:
    try:
        return None if given is None else frozenset(msgspec.convert(given, list[UUID]))
    except msgspec.ValidationError:
        raise Invalid({"tasks": (FieldProblem("problems.unknown_record"),)}) from None
