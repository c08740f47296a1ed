"""A project's plan over time, and who has how much to do when."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get

from crm_domain.definition import Module
from crm_domain.modules.projects import Project
from crm_domain.modules.projects.plan import Step, steps
from crm_domain.query.page import Row
from crm_domain.text import format as formats
from crm_domain.text.numbers import format_number
from crm_web.projects.gantt import drawing, waits_of
from crm_web.projects.load import SPANS, people_and_tasks, people_facts, stretches
from crm_web.projects.load import drawing as load_drawing
from crm_web.reach import one
from crm_web.records.view import heading
from crm_web.visit import Visit


class GanttPages(Controller):
    """/projects/<id>/gantt and /projects/<id>/load."""

    path = "/projects"

    @get("/{record_id:uuid}/gantt")
    async def gantt(self, visit: Visit, record_id: UUID) -> Response[str]:
        module, row = await project_of(visit, record_id)
        plan, undated = await steps(visit.work, record_id)
        numbers = {step.id: step.number for step in plan}
        return await visit.page(
            "projects/gantt.html",
            current=module.key,
            tab="gantt",
            **await heading(visit, module, row),
            chart=drawing(visit, plan) if plan else None,
            movable=visit.access.can("project_tasks", "edit"),
            lines=[_line(visit, step, numbers) for step in plan],
            undated=[(task["name"], task.id) for task in undated],
            may_create=visit.access.can("project_tasks", "create"),
        )

    @get("/{record_id:uuid}/load")
    async def load(self, visit: Visit, record_id: UUID) -> Response[str]:
        """`by` is days, weeks, months or quarters."""
        module, row = await project_of(visit, record_id)
        today, asked = visit.voice.today(), visit.request.query_params.get("by", "")
        by = asked if asked in SPANS else "weeks"
        spans = stretches(visit, by, max(row["starts_on"], min(today, row["ends_on"])), row["ends_on"])
        those, tasks = await people_and_tasks(visit, record_id, spans)
        people = people_facts(visit, those, tasks, spans)
        return await visit.page(
            "projects/load.html",
            current=module.key,
            tab="load",
            **await heading(visit, module, row),
            spans=[span.label for span in spans],
            people=people,
            idle=not tasks,
            chart=load_drawing(visit, people, spans),
            choices=[(key, visit.text(f"gantt.by_{key}"), key == by) for key in SPANS],
        )


async def project_of(visit: Visit, id_: UUID) -> tuple[Module[Any], Row]:
    """The project, for somebody who may see plans. Raises NotFound, Denied."""
    visit.allow(visit.module("project_tasks"), "list")
    module = visit.work.module(Project)
    return module, await one(visit, module, id_)


def _line(visit: Visit, step: Step, numbers: dict[UUID, int]) -> dict[str, Any]:
    """A task as the table beside the drawing says it."""
    locale, words = visit.voice.locale, visit.voice.catalogue
    return {
        "id": step.id,
        "version": step.version,
        "number": format_number(step.number, locale),
        "name": step.name,
        "milestone": step.milestone,
        "start": formats.format_date(step.start, locale, words),
        "end": formats.format_date(step.end, locale, words),
        "percent": format_number(step.percent, locale),
        "before": waits_of(visit, step, numbers),
        "who": step.who.name if step.who else "",
    }
