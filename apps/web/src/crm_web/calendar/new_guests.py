"""Guests chosen in the form of an event that is not there yet: read from it, drawn beside who is busy, brought once it is saved."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from litestar.datastructures import FormMultiDict
from msgspec.structs import replace

from crm_domain.definition import Module, Ref
from crm_domain.modules.activities.attendance import COLUMNS, MOST, Guest, guest_of
from crm_domain.modules.activities.invite import invite
from crm_domain.modules.activities.taking_part import bring
from crm_domain.problems import FieldProblem, Invalid
from crm_domain.query.page import Row
from crm_domain.records.named import meant
from crm_domain.records.save import within_reach
from crm_web.calendar.guest_address import addressed
from crm_web.calendar.guests import free_time, grid_facts, guest_kinds, link_of
from crm_web.reach import one
from crm_web.records.starting import soon
from crm_web.visit import Visit

GUEST, KIND, PICK, LABEL, WITHOUT, ADD = "guest", "guest_kind", "guest_pick", "guest_pick.label", "without", "add"
"""The names in the form: those chosen as `module:id`, the kind and the person at hand, whom a button leaves out."""
FIND = "find"
"""The button that looks for a time when everybody is free."""
PAGE, DRAWER = "record-form", "calendar-quick"
"""The forms that guests are chosen in: of a page, and the short one of the calendar's drawer."""
NO_GUESTS: Mapping[str, Any] = {"guests_url": ""}
WATCHED = ("duration", "assigned_to", "parent", "contact")
"""Besides the start, the fields that decide who takes part and when."""


async def new_guest_facts(
    visit: Visit, module: Module[Any], values: Mapping[str, Any], posted: FormMultiDict | None, *, form: str = PAGE
) -> Mapping[str, Any]:
    """Everything the part `records/new_guests.html` draws; for what has no guests, that there is nothing to draw."""
    if module.schedule is None or not module.schedule.guests:
        return NO_GUESTS
    chosen, problem = await _chosen(visit, module, posted) if posted else (_asked(visit, module), None)
    chosen = await visit.named(chosen)
    start, end = _times(visit, module, values)
    everybody = await _everybody(visit, module, values, chosen)
    kinds = guest_kinds(visit, module)
    kind = posted.get(KIND, "") if posted else ""
    watched = [key for key in (module.schedule.start, *WATCHED) if key in module.by_key]
    return {
        "guests_url": f"/{module.key}/new/guests",
        "guests_form": form,
        "finds": form == PAGE,
        "watched": ", ".join(
            ["change from:#guest-pick-field", *(f"change from:#f-{key}-field delay:300ms" for key in watched)]
        ),
        **await grid_facts(visit, everybody, start, end),
        "chosen": {ref.id: f"{ref.module}:{ref.id}" for ref in chosen},
        "kinds": kinds,
        "kind": kind if kind in dict(kinds) else kinds[0][0] if kinds else "",
        "typed": posted.get(LABEL, "") if problem and posted else "",
        "found": visit.text("guests.found_free") if posted and posted.get(FIND) else "",
        "guest_error": visit.text(problem.id, **problem.facts) if problem else "",
    }


async def found_free(
    visit: Visit, module: Module[Any], values: Mapping[str, Any], posted: FormMultiDict
) -> datetime | None:
    """The first time from the form's start on when all that it names are free; None where none is near."""
    chosen, _ = await _chosen(visit, module, posted)
    start, end = _times(visit, module, values)
    return await free_time(visit, await _everybody(visit, module, values, chosen), start, end - start)


async def take_guests(visit: Visit, module: Module[Any], id_: UUID, posted: FormMultiDict) -> str:
    """Brings the chosen guests to the new event, of a series to all of it, and invites where the form says so.

    What to tell about the invitations, empty when there are none. Raises Invalid for who is no guest.
    """
    if module.schedule is None or not module.schedule.guests:
        return ""
    chosen, problem = await _chosen(visit, module, posted, sure=True)
    if problem:
        raise Invalid({GUEST: (problem,)})
    row = await bring_all(visit, module, id_, chosen)
    if posted.get("then") != "invite":
        return ""
    record = module.record(row.id, row.values)
    number = await invite(visit.work, module, record, link_of(visit, module), company=visit.tenant.name)
    return visit.text("guests.invited", number=visit.voice.locale.in_digits(str(number))) if number else ""


async def bring_all(visit: Visit, module: Module[Any], id_: UUID, chosen: Sequence[Ref], key: str = GUEST) -> Row:
    """Makes them guests of a new event, of a series of all of it. Raises Invalid, under that key, for who is out of reach."""
    if len(await within_reach(visit.work, chosen)) < len(chosen):
        raise Invalid({key: (FieldProblem("problems.unknown_record"),)})
    row = await one(visit, module, id_)
    for ref in chosen:
        await bring(visit.work, module, row, ref, "all")
    return row


async def _chosen(
    visit: Visit, module: Module[Any], posted: FormMultiDict, *, sure: bool = False
) -> tuple[list[Ref], FieldProblem | None]:
    """Whom the form names, and what is wrong with a name that was typed; such is looked up where it is `sure` to be meant."""
    refs = _refs(visit, module, posted.getall(GUEST, []))
    kind, label = posted.get(KIND, ""), posted.get(LABEL, "").strip()
    problem: FieldProblem | None = None
    if posted.get(PICK):
        refs += _refs(visit, module, [f"{kind}:{posted[PICK]}"])
    elif "@" in label and (sure or ADD in posted):
        guest, problem = await addressed(visit, module, label)
        refs += [guest] if guest else []
    elif label and (sure or ADD in posted) and kind in dict(guest_kinds(visit, module)):
        ref = await meant(visit.work, visit.module(kind), label)
        refs += [Ref(kind, ref.id)] if ref else []
        problem = None if ref else FieldProblem("problems.unknown_name", {"name": label[:80]})
    left_out = set(_refs(visit, module, posted.getall(WITHOUT, [])))
    return [ref for ref in dict.fromkeys(refs) if ref not in left_out][:MOST], problem


def _asked(visit: Visit, module: Module[Any]) -> list[Ref]:
    """Whom the address brings along."""
    return _refs(visit, module, visit.request.query_params.getall(GUEST, []))


def _refs(visit: Visit, module: Module[Any], texts: Sequence[str]) -> list[Ref]:
    kinds = dict(guest_kinds(visit, module))
    found: list[Ref] = []
    for text in texts:
        kind, _, id_ = text.partition(":")
        try:
            found += [Ref(kind, UUID(id_))] if kind in kinds else []
        except ValueError:
            continue
    return found


def _times(visit: Visit, module: Module[Any], values: Mapping[str, Any]) -> tuple[datetime, datetime]:
    assert module.schedule is not None
    start = values.get(module.schedule.start) or soon(visit, module)[module.schedule.start]
    length = values.get("duration")
    return start, start + timedelta(seconds=length if isinstance(length, int) and length > 0 else 0)


async def _everybody(
    visit: Visit, module: Module[Any], values: Mapping[str, Any], chosen: Sequence[Ref]
) -> list[Guest]:
    """Its planner, who is responsible, whom it is about, and the chosen ones, in that order."""
    me = Ref("users", visit.access.user)
    kinds = dict(guest_kinds(visit, module))
    by_rule = [ref for key in WATCHED if isinstance(ref := values.get(key), Ref) and ref.module in kinds]
    refs = list(dict.fromkeys(Ref(ref.module, ref.id) for ref in (me, *by_rule, *chosen)))
    found: dict[Ref, Guest] = {}
    for kind in {ref.module for ref in refs} & set(kinds):
        ids = [ref.id for ref in refs if ref.module == kind]
        rows = await visit.work.store.fetch(visit.module(kind), ids, columns=COLUMNS)
        found |= {Ref(kind, row.id): guest_of(kind, row) for row in rows}
    return [replace(found[ref], answer="accept" if ref == me else "") for ref in refs if ref in found]
