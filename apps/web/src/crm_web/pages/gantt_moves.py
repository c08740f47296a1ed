"""Moving tasks on the plan of a project, and taking it back."""

from datetime import date
from typing import Any
from uuid import UUID

from litestar import Controller, Response, post
from litestar.datastructures import FormMultiDict

from crm_domain.modules.projects.dates import YEARS
from crm_domain.modules.projects.moving import Moved, Place, Wish, move, put_back
from crm_domain.problems import FieldProblem, Invalid
from crm_domain.text import format as formats
from crm_domain.text.numbers import format_number
from crm_web.pages.gantt import project_of
from crm_web.visit import Visit

FARTHEST = 400
"""Days of work that a key moves at the most."""
MOST = 2_000


class GanttMovePages(Controller):
    """/projects/<id>/gantt/move and /projects/<id>/gantt/back."""

    path = "/projects"

    @post("/{record_id:uuid}/gantt/move", status_code=200)
    async def move(self, visit: Visit, record_id: UUID, posted: FormMultiDict) -> Response[dict[str, Any]]:
        """`task` and `version` with `starts_on` or `ends_on`, an ISO date, or `start_by` or `end_by`, days of work."""
        visit.allow(visit.module("project_tasks"), "edit")
        await project_of(visit, record_id)
        moved = await move(visit.work, record_id, _wish(posted))
        await visit.commit()
        fields = [("back", _said(place)) for place in moved.back]
        undo = f"/projects/{record_id}/gantt/back" if fields else ""
        return Response({"toast": {"text": _told(visit, moved), "undo_url": undo, "undo_fields": fields}})

    @post("/{record_id:uuid}/gantt/back", status_code=200)
    async def back(self, visit: Visit, record_id: UUID, posted: FormMultiDict) -> Response[dict[str, Any]]:
        """Each `back` is a task, its version, and the first and last day that it had."""
        visit.allow(visit.module("project_tasks"), "edit")
        await project_of(visit, record_id)
        await put_back(visit.work, record_id, [_place(text) for text in posted.getall("back", [])[:MOST]])
        await visit.commit()
        return Response({})


def _wish(posted: FormMultiDict) -> Wish:
    end = "ends_on" in posted or "end_by" in posted
    try:
        task, version = UUID(posted.get("task", "")), int(posted.get("version", ""))
        if "start_by" in posted or "end_by" in posted:
            days = int(posted["end_by" if end else "start_by"])
            return Wish(task=task, version=version, end=end, by=max(-FARTHEST, min(days, FARTHEST)))
        return Wish(task=task, version=version, end=end, day=_day(posted["ends_on" if end else "starts_on"]))
    except (ValueError, KeyError):
        raise Invalid({"task": (FieldProblem("problems.not_a_date"),)}) from None


def _place(text: str) -> Place:
    try:
        task, version, start, end = text.split()
        return Place(UUID(task), int(version), _day(start), _day(end))
    except ValueError:
        raise Invalid({"back": (FieldProblem("problems.not_a_date"),)}) from None


def _day(text: str) -> date:
    """An ISO date of our age. Raises ValueError."""
    day = date.fromisoformat(text)
    if day.year not in YEARS:
        raise ValueError(text)
    return day


def _said(place: Place) -> str:
    return f"{place.task} {place.version} {place.starts_on} {place.ends_on}"


def _told(visit: Visit, moved: Moved) -> str:
    """Where the task stands now and how many went with it, or that it stays."""
    locale, words, step = visit.voice.locale, visit.voice.catalogue, moved.step
    if not moved.back:
        return visit.text("gantt.stays", name=step.name)
    first, last = (formats.format_date(day, locale, words) for day in (step.start, step.end))
    others = len(moved.back) - 1
    if not others:
        return visit.text("gantt.moved", name=step.name, first=first, last=last)
    return visit.text("gantt.moved_with", name=step.name, first=first, last=last, number=format_number(others, locale))
