"""A project's plan over time, and who has how much to do in which week."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get

from crm_domain.definition import Module, Ref
from crm_domain.modules.projects import Project
from crm_domain.modules.projects.plan import Step, steps
from crm_domain.query.filter import Condition, StillOpen, both
from crm_domain.query.page import ListQuery, Row, Sort
from crm_domain.text import format as formats
from crm_domain.text.numbers import format_number
from crm_domain.text.periods import week_of
from crm_ui.cells import hue_of
from crm_ui.templates import initials
from crm_web.gantt import drawing, waits_of, weeks_between
from crm_web.reach import one
from crm_web.record_view import heading
from crm_web.visit import Visit

WEEKS = 26
MOST = 2_000
LEVELS = (1, 50, 100, 150)
"""From how many percent of a week on a cell has the next stronger colour; above a hundred somebody has too much to do."""
Week = tuple[date, date]


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
            undated=[(task["name"], f"/project_tasks/{task.id}") for task in undated],
            new_url=f"/project_tasks/new?project={record_id}" if visit.access.can("project_tasks", "create") else "",
        )

    @get("/{record_id:uuid}/load")
    async def load(self, visit: Visit, record_id: UUID) -> Response[str]:
        module, row = await project_of(visit, record_id)
        today = visit.voice.today()
        first = week_of(max(row["starts_on"], min(today, row["ends_on"])), visit.voice.locale)[0]
        weeks = weeks_between(first, row["ends_on"], WEEKS)
        people, tasks = await _load(visit, record_id, weeks)
        return await visit.page(
            "projects/load.html",
            current=module.key,
            tab="load",
            **await heading(visit, module, row),
            weeks=[formats.format_date(week[0], visit.voice.locale, visit.voice.catalogue) for week in weeks],
            people=[_person(visit, who, tasks, weeks) for who in people],
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
        "href": f"/project_tasks/{step.id}",
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


async def _load(visit: Visit, project: UUID, weeks: Sequence[Week]) -> tuple[list[Ref], list[Row]]:
    """Who works on the project, and the open tasks of all projects that these people have in those weeks."""
    module = visit.module("project_tasks")
    columns = ("assigned_to", "starts_on", "ends_on", "utilization")
    of_it = ListQuery(
        filter=Condition("project", "eq", project), columns=columns, sort=(Sort("created_at"),), limit=MOST
    )
    rows = (await visit.work.store.page(module, of_it)).rows
    people = {row["assigned_to"].id: row["assigned_to"] for row in rows if row["assigned_to"]}
    if not people or not weeks:
        return [], []
    theirs = both(
        StillOpen(),
        Condition("assigned_to", "in", tuple(people)),
        Condition("ends_on", "ge", weeks[0][0]),
        Condition("starts_on", "le", weeks[-1][1]),
    )
    found = (await visit.work.store.page(module, ListQuery(filter=theirs, columns=columns, limit=MOST))).rows
    return sorted(people.values(), key=lambda ref: ref.name), list(found)


def _person(visit: Visit, who: Ref, tasks: Sequence[Row], weeks: Sequence[Week]) -> dict[str, Any]:
    mine = [task for task in tasks if task["assigned_to"].id == who.id]
    return {
        "name": who.name,
        "href": f"/users/{who.id}",
        "initials": initials(who.name),
        "hue": hue_of(who.id.int),
        "cells": [_cell(visit, mine, week) for week in weeks],
    }


def _cell(visit: Visit, tasks: Sequence[Row], week: Week) -> dict[str, Any]:
    """How much of a week the tasks take that lie in it, and how many they are."""
    inside = [task for task in tasks if task["starts_on"] <= week[1] and task["ends_on"] >= week[0]]
    days = (week[1] - week[0]).days + 1
    shares = (
        ((min(task["ends_on"], week[1]) - max(task["starts_on"], week[0])).days + 1) * int(task["utilization"] or 100)
        for task in inside
    )
    percent = round(sum(shares) / days)
    number = format_number(len(inside), visit.voice.locale)
    shown = format_number(percent, visit.voice.locale)
    return {
        "level": sum(percent >= level for level in LEVELS),
        "percent": visit.text("gantt.percent", number=shown) if inside else "",
        "title": visit.text("gantt.tasks", number=number) if inside else "",
    }
