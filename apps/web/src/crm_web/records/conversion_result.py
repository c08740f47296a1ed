"""The page of a finished conversion: what is new, what was there, what went along, what was left out."""

from collections.abc import Sequence
from typing import Any

from litestar import Response

from crm_domain.definition import Ref
from crm_domain.modules.leads.outcome import Outcome
from crm_domain.modules.leads.traces import Trace
from crm_domain.text.numbers import format_number
from crm_web.records.conversion_form import SECTIONS, left_out
from crm_web.visit import Visit

TOLD = {
    "begun": "begun",
    "made": "copied",
    "moved": "moved",
    "joined": "moved",
    "linked": "linked",
    "unlinked": "moved",
    "listed": "listed",
    "unlisted": "unlisted",
}
"""By what was done, how it is told: `convert.told.<word>`."""
NAMED = 8
"""Records of one line that are named; of more the number is told."""


async def result_page(visit: Visit, found: Outcome) -> Response[str]:
    became = [ref for _, ref, _ in found.became]
    shown = [Ref(trace.module, id_) for trace in found.along for id_ in trace.ids[:NAMED]]
    named = {(ref.module, ref.id): ref for ref in await visit.named([*became, *shown])}
    goal = next((ref for ref in reversed(became) if (ref.module, ref.id) in named and ref.module != "accounts"), None)
    lead = str(found.lead.values.get("name", ""))
    return await visit.page(
        "leads/converted.html",
        current="leads",
        title=visit.text("convert.result", name=lead),
        lead_id=found.lead.id,
        lead=lead,
        modules_name=visit.voice.module(visit.module("leads")),
        records=[_record(visit, ref, named.get((ref.module, ref.id)), new=new) for _, ref, new in found.became],
        along=_along(visit, found.along, named),
        without=_without(visit, found.without),
        undoable=found.undoable,
        goal=f"/{goal.module}/{goal.id}" if goal else "",
        goal_label=visit.voice.module(visit.module(goal.module), "one") if goal else "",
    )


def _record(visit: Visit, ref: Ref, known: Ref | None, *, new: bool) -> dict[str, Any]:
    """A record of the conversion; without a name where it is out of the reader's reach or in the trash."""
    module = visit.module(ref.module)
    return {
        "icon": module.icon,
        "kind": visit.voice.module(module, "one"),
        "name": known.name if known else "",
        "href": f"/{ref.module}/{ref.id}" if known else "",
        "new": new,
    }


def _along(visit: Visit, traces: Sequence[Trace], named: dict[tuple[str, Any], Ref]) -> list[dict[str, Any]]:
    """A line for each kind of activity and what was done to it."""
    lines: dict[tuple[str, str], list[Any]] = {}
    for trace in traces:
        if trace.ids:
            lines.setdefault((trace.module, TOLD[trace.how]), []).extend(trace.ids)
    return [
        {
            "icon": visit.module(module).icon,
            "kind": visit.voice.module(visit.module(module), "many" if len(ids) > 1 else "one"),
            "told": visit.text(f"convert.told.{how}"),
            "number": format_number(len(ids), visit.voice.locale),
            "records": [
                (f"/{module}/{id_}", ref.name) for id_ in ids if (ref := named.get((module, id_))) and len(ids) <= NAMED
            ],
        }
        for (module, how), ids in lines.items()
    ]


def _without(visit: Visit, keys: Sequence[str]) -> list[tuple[str, str]]:
    """What was left out, by record: its name and its fields' labels."""
    found: dict[str, list[str]] = {}
    for path in keys:
        part, _, key = path.partition(".")
        found.setdefault(part, []).append(key)
    modules = [(visit.module(SECTIONS[part]), rest) for part, rest in found.items() if part in SECTIONS]
    return [(visit.voice.module(module, "one"), left_out(visit, module, rest)) for module, rest in modules]
