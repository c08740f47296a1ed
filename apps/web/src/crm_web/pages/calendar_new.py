"""Planning in the calendar itself: a short form in a drawer, from an empty place; the full form is one click away."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.definition import Module, Ref, kinds
from crm_domain.problems import FieldProblem, Invalid, NotFound, Refused
from crm_domain.records import save
from crm_domain.records.agenda import scheduled
from crm_domain.records.forms import Form
from crm_domain.text.whole_days import day_meant
from crm_ui.inputs import Draft
from crm_web.calendar.new_guests import DRAWER as FORM
from crm_web.calendar.new_guests import GUEST, new_guest_facts, take_guests
from crm_web.pages.forms import currencies, read_posted
from crm_web.records.mistakes import errors
from crm_web.records.starting import given_value, own_habits, starting_values
from crm_web.visit import Visit

CHANGED = "calendar:changed"
"""What tells the calendar on a page to draw itself anew."""
ASKED = ("duration", "parent", "contact")
"""Besides name and time, what the short form asks where the module has it."""


class CalendarNewPages(Controller):
    """/calendar/new: `kind` is the module, `at` the local time of the empty place."""

    path = "/calendar/new"

    @get("/")
    async def new(self, visit: Visit, kind: str = "", at: str = "") -> Response[Any]:
        module = _kind(visit, kind)
        values = starting_values(visit, module)
        start = module.field(_start(module))
        if (moment := given_value(visit, start, at)) is not None:
            values[start.key] = moment
        if not visit.fragment:
            return visit.go(_full(visit, module, {start.key: values.get(start.key)}))
        return await _drawer(visit, module, Draft(module, visit.voice, values, currencies=await currencies(visit)))

    @post("/kind", status_code=200)
    async def change(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        """The same form for another kind of event, with what was typed."""
        module, other = _kind(visit, posted.get("kind", "")), _kind(visit, posted.get("other", ""))
        form = await read_posted(visit, module, posted, _keys(module))
        typed = {key: value for key, value in form.values.items() if key in _keys(other)}
        moment = form.values.get(_start(module))
        values = {**starting_values(visit, other), **typed, **({_start(other): moment} if moment else {})}
        draft = Draft(other, visit.voice, values, currencies=await currencies(visit))
        return await _drawer(visit, other, draft, posted)

    @post("/")
    async def create(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        module = _kind(visit, posted.get("kind", ""))
        form = await read_posted(visit, module, posted, _keys(module))
        if posted.get("then") == "full":
            return visit.go(_full(visit, module, form.values, posted.getall(GUEST, [])))
        problems = dict(form.problems)
        try:
            if not problems:
                id_ = await save.create(visit.work, module, {**own_habits(visit, module), **form.values})
                told = await take_guests(visit, module, id_, posted)
                await visit.commit()
                return _made(visit, module, told)
        except Invalid as invalid:
            problems = dict(invalid.fields)
        except Refused as refused:
            problems = {"": (FieldProblem(refused.id, refused.facts),)}
        return await _drawer(visit, module, await _again(visit, module, form, problems), posted, status=422)


def _made(visit: Visit, module: Module[Any], told: str) -> Response[Any]:
    said = told or visit.text("form.created", name=visit.voice.module(module, "one"))
    if not visit.fragment:
        return visit.go("/calendar", said)
    happened = {"sadra:toast": {"text": said}, "sadra:close-drawer": True, CHANGED: True}
    return Response("", status_code=200, headers={"HX-Trigger": json.dumps(happened)}, media_type="text/html")


async def _again(
    visit: Visit, module: Module[Any], form: Form, problems: Mapping[str, tuple[FieldProblem, ...]]
) -> Draft:
    found = await currencies(visit)
    return Draft(module, visit.voice, form.values, raw=form.raw, problems=problems, currencies=found)


def planned(visit: Visit) -> list[Module[Any]]:
    """The modules whose records have a time of day in the calendar and that the user may make."""
    return [
        module
        for module in scheduled(visit.work)
        if isinstance(module.field(_start(module)), kinds.DateTime)
        and visit.access.can(module.key, "create")
        and not module.closed_to(admin=visit.access.admin)
    ]


def _kind(visit: Visit, key: str) -> Module[Any]:
    """The chosen module, or the first that lasts for a while. Raises NotFound."""
    offered = planned(visit)
    lasting = [module for module in offered if module.schedule and module.schedule.whole_day]
    chosen = [module for module in offered if module.key == key] if key else [*lasting, *offered]
    if not chosen:
        raise NotFound
    return chosen[0]


def _start(module: Module[Any]) -> str:
    return module.schedule.start if module.schedule else ""


def _keys(module: Module[Any]) -> list[str]:
    return ["name", _start(module), *(key for key in ASKED if key in module.by_key)]


def _full(visit: Visit, module: Module[Any], values: Mapping[str, Any], guests: Sequence[str] = ()) -> str:
    """The address of the full form with what is known."""
    pairs = [(key, text) for key, value in values.items() if (text := _in_address(visit, value))]
    pairs += [(GUEST, guest) for guest in guests]
    return f"/{module.key}/new?{urlencode(pairs)}"


def _in_address(visit: Visit, value: Any) -> str:
    match value:
        case Ref():
            return f"{value.module}:{value.id}"
        case datetime():
            meant, zone = day_meant(value, visit.voice.locale.zone), visit.voice.locale.zone
            return meant.isoformat() if meant else f"{value.astimezone(zone):%Y-%m-%dT%H:%M}"
        case None:
            return ""
        case _:
            return str(value)


async def _drawer(
    visit: Visit, module: Module[Any], draft: Draft, posted: FormMultiDict | None = None, *, status: int = 200
) -> Response[str]:
    keys = [key for key in _keys(module) if visit.access.field(module.key, key) == "write"]
    fields = [draft.input(key) for key in keys]
    return visit.part(
        "calendar/quick.html",
        status=status,
        module=module,
        title=visit.text(f"{module.key}.new"),
        planned=[(one.key, visit.voice.module(one, "one"), one.icon) for one in planned(visit)],
        fields=fields,
        errors=errors(visit, draft, fields),
        **await new_guest_facts(visit, module, draft.values, posted, form=FORM),
    )
