"""The calendar: month, week, day and agenda of one's own and of colleagues; moving what stands in it."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.definition import Module, Ref
from crm_domain.definition.kinds import Date
from crm_domain.modules.activities.spread import WHICH, read_which
from crm_domain.modules.activities.spread import update as update_occurrences
from crm_domain.people.agenda_choices import VIEWS
from crm_domain.problems import FieldProblem, Invalid, NotFound
from crm_domain.records.agenda import MOST, Entry, agenda, hidden, scheduled
from crm_domain.text import format as formats
from crm_domain.text.digits import plain_number
from crm_ui.cells import hue_of
from crm_ui.templates import initials
from crm_web.calendar.asked import Asked, read_asked
from crm_web.calendar.events import Event, by_day
from crm_web.calendar.grids import CELL_EVENTS, Day, days_of, mini_month, other_title, span_title, weeks_of, year_months
from crm_web.records.starting import given_value
from crm_web.visit import Visit

HOURS = range(24)
MOST_OF_YEAR = 5_000
"""Entries of one module that a year counts."""
LONGEST = 31 * 24 * 60


class CalendarPages(Controller):
    """GET /calendar and what can be done there."""

    path = "/calendar"

    @get("/")
    async def show(self, visit: Visit) -> Response[str]:
        modules = scheduled(visit.work)
        asked = read_asked(visit, [module.key for module in modules])
        first, last = asked.span(visit.voice.locale)
        entries = await _entries(visit, asked, modules, first, last)
        return await visit.page(
            f"calendar/{asked.view}.html",
            current="calendar",
            title=span_title(visit, asked),
            other=other_title(visit, asked),
            **_frame(visit, asked, modules),
            people=await _people(visit, asked),
            mini=mini_month(visit, asked),
            **_grid(visit, asked, entries),
        )

    @post("/move")
    async def move(self, visit: Visit, posted: FormMultiDict) -> Response[dict[str, Any]]:
        """Puts a record at another time: `start` is local, without a zone, or a day; `minutes` changes the length if given."""
        module, key, id_ = _moved(visit, posted)
        start = given_value(visit, module.field(key), posted.get("start", ""))
        if start is None:
            raise Invalid({"start": (FieldProblem("problems.not_a_time"),)})
        values: dict[str, Any] = {key: start}
        minutes = plain_number(posted.get("minutes", ""))
        if minutes is not None and "duration" in module.by_key:
            values["duration"] = min(minutes, LONGEST) * 60
        number = plain_number(posted.get("version", ""))
        await update_occurrences(
            visit.work, module, id_, values, read_which(posted.get("occurrences", "")), version=number
        )
        await visit.commit()
        when = formats.format_datetime(start, visit.voice.locale, visit.voice.catalogue, "long")
        return Response({"toast": {"text": visit.text("agenda.moved", when=when)}})


async def _entries(visit: Visit, asked: Asked, modules: list[Module[Any]], first: date, last: date) -> list[Entry]:
    """What the layers show; with colleagues at hand also when they are busy by what the reader may not see."""
    others = [Ref("users", person) for person in asked.people if person != visit.access.user]
    apart = bool(others) and asked.view != "year"
    wanted = [module for module in modules if apart or asked.shows(module.key)]
    most = MOST_OF_YEAR if asked.view == "year" else MOST
    found = await agenda(visit.work, first, last, asked.people, wanted, most=most)
    busy = await hidden(visit.work, first, last, await visit.named(others), found) if apart else []
    closed = visit.actor.preferences.agenda.closed
    shown = [entry for entry in found if asked.shows(entry.module) and (closed or not entry.closed)]
    return sorted([*shown, *busy], key=lambda entry: (not entry.whole_day, entry.start, entry.end, entry.name))


def _moved(visit: Visit, posted: FormMultiDict) -> tuple[Module[Any], str, UUID]:
    """The module, the field that says when its records begin, and the record that was moved."""
    module = visit.module(str(posted.get("module", "")))
    if module.schedule is None or isinstance(module.field(module.schedule.start), Date):
        raise NotFound
    try:
        return module, module.schedule.start, UUID(posted.get("id", ""))
    except ValueError:
        raise NotFound from None


def _frame(visit: Visit, asked: Asked, modules: list[Module[Any]]) -> dict[str, Any]:
    locale = visit.voice.locale
    return {
        "asked": asked,
        "occurrences": [(which, visit.text(f"occurrences.{which}")) for which in WHICH],
        "views": [(view, visit.text(f"agenda.view.{view}"), asked.href(view=view)) for view in VIEWS],
        "previous": asked.href(day=asked.shifted(-1, locale)),
        "today": asked.href(day=visit.voice.today()),
        "next": asked.href(day=asked.shifted(1, locale)),
        "layers": [
            {
                "key": module.key,
                "label": visit.voice.module(module),
                "hue": module.schedule.hue if module.schedule else "",
                "on": asked.shows(module.key),
            }
            for module in modules
        ],
        "create": [
            (visit.voice.module(module, "one"), f"/{module.key}/new", module.icon)
            for module in modules
            if visit.access.can(module.key, "create")
        ],
    }


async def _people(visit: Visit, asked: Asked) -> list[dict[str, str]]:
    """Whose calendar it is, each with the address that leaves him out."""
    named = await visit.named([Ref("users", person) for person in asked.people])
    return [
        {
            "name": ref.name,
            "initials": initials(ref.name),
            "hue": hue_of(ref.id.int),
            "id": str(ref.id),
            "without": asked.href(people=[p for p in asked.people if p != ref.id], everybody=len(asked.people) == 1),
        }
        for ref in named
    ]


def _grid(visit: Visit, asked: Asked, entries: list[Entry]) -> dict[str, Any]:
    if asked.view == "year":
        return {"months": year_months(visit, asked, entries)}
    first, last = asked.span(visit.voice.locale)
    days = days_of(visit, asked, by_day(visit, entries, first, last, owners=len(asked.people) != 1))
    match asked.view:
        case "month":
            return {"weeks": weeks_of(days), "most": CELL_EVENTS}
        case "agenda":
            return {"days": [day for day in days if day.events or day.today or day.holiday]}
        case _:
            return {
                "days": days,
                "hours": [(hour * 2, _hour(visit, hour)) for hour in HOURS],
                "begins": visit.work.workdays.begins // 60 * 2,
                "now": _now(visit, days),
                "whole": [_all_day(day) for day in days],
            }


def _all_day(day: Day) -> list[Event]:
    return [event for event in day.events if event.all_day]


def _hour(visit: Visit, hour: int) -> str:
    at = visit.voice.now.astimezone(visit.voice.locale.zone).replace(hour=hour, minute=0)
    return formats.format_time(at, visit.voice.locale, visit.voice.catalogue)


def _now(visit: Visit, days: list[Day]) -> int:
    """The half hour it is, where today is shown; -1 otherwise."""
    local = visit.voice.now.astimezone(visit.voice.locale.zone)
    shown = any(day.today for day in days)
    return int(timedelta(hours=local.hour, minutes=local.minute) / timedelta(minutes=30)) if shown else -1
