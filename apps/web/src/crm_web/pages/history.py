"""A record's history: page after page, of a field, of a user, between two days."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar
from urllib.parse import urlencode
from uuid import UUID

from litestar import Controller, Response, get

from crm_domain.definition import Module
from crm_domain.definition.kinds import Date
from crm_domain.meaning.parse import parse
from crm_domain.ports import HistoryQuestion
from crm_domain.problems import BadValue, Denied
from crm_domain.problems import FieldProblem as Problem
from crm_ui.inputs import Draft
from crm_web.pages.details import reach_for
from crm_web.reach import one
from crm_web.records.history import entry_facts
from crm_web.records.view import heading
from crm_web.visit import Visit

PAGE = 50
DAYS = (Date(key="since"), Date(key="until"))


class HistoryPages(Controller):
    """GET /<module>/<id>/history."""

    module_key: ClassVar[str]

    @get("/{record_id:uuid}/history")
    async def history(
        self,
        visit: Visit,
        record_id: UUID,
        field: str = "",
        user: str = "",
        since: str = "",
        until: str = "",
        before: UUID | None = None,
    ) -> Response[str]:
        module = visit.module(self.module_key)
        row = await one(visit, module, record_id)
        if visit.access.scope(module.key, "audit") < 1:
            raise Denied
        await reach_for(visit, module, record_id, "audit")
        typed = {"since": since, "until": until}
        days, problems = _days(visit, typed)
        people = await visit.work.store.historians(module, record_id)
        actor = next((person.id for person in people if str(person.id) == user), None)
        question = _question(visit, module, days, before=before, field=field, actor=actor)
        entries = await visit.work.store.history(module, record_id, question, limit=PAGE + 1)
        asked = {"field": question.field, "user": str(actor or ""), **typed}
        asked = {name: value for name, value in asked.items() if value}
        draft = Draft(module, visit.voice, days, raw=typed if problems else {}, problems=problems)
        facts = {
            **await heading(visit, module, row),
            "entries": [entry_facts(visit, module, entry) for entry in entries[:PAGE]],
            "fields": _fields(visit, module),
            "people": [(str(person.id), person.name) for person in people],
            "asked": asked,
            "url": f"/{module.key}/{record_id}/history",
            "chosen_field": question.field,
            "chosen_user": str(actor or ""),
            "days": [draft.input_of(day, visit.text(f"history.{day.key}")) for day in DAYS],
            "first": f"?{urlencode(asked)}" if before else "",
            "next": f"?{urlencode({**asked, 'before': str(entries[PAGE - 1].id)})}" if len(entries) > PAGE else "",
        }
        return await visit.page("records/history.html", current=module.key, tab="history", **facts)


def _question(
    visit: Visit, module: Module[Any], days: dict[str, date], *, before: UUID | None, field: str, actor: UUID | None
) -> HistoryQuestion:
    first, last = days.get("since"), days.get("until")
    return HistoryQuestion(
        before=before,
        field=field if field in module.by_key else "",
        actor=actor,
        since=_start(visit, first) if first else None,
        until=_start(visit, last + timedelta(days=1)) if last else None,
    )


def _days(visit: Visit, typed: dict[str, str]) -> tuple[dict[str, date], dict[str, tuple[Problem, ...]]]:
    """The days that were typed, in any calendar, and what is wrong with those that are none."""
    days: dict[str, date] = {}
    problems: dict[str, tuple[Problem, ...]] = {}
    for kind in DAYS:
        try:
            day = parse(kind, typed[kind.key], visit.voice)
        except BadValue as bad:
            problems[kind.key] = (bad.problem,)
        else:
            if day:
                days[kind.key] = day
    return days, problems


def _start(visit: Visit, day: date) -> datetime:
    return datetime.combine(day, time(), visit.voice.locale.zone).astimezone(UTC)


def _fields(visit: Visit, module: Module[Any]) -> list[tuple[str, str]]:
    """The fields that a history may tell of, by their label."""
    hidden = visit.access.hidden(module.key)
    told = [field for field in module.fields if field.audited and field.key not in hidden]
    return sorted(((field.key, visit.voice.label(module, field)) for field in told), key=lambda pair: pair[1])
