"""Converting a lead: what would come of it, side by side with what may be there already; and taking it back."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.modules.leads.convert import convert_lead
from crm_domain.modules.leads.habits import Habits
from crm_domain.modules.leads.outcome import outcome
from crm_domain.modules.leads.preview import Preview, preview
from crm_domain.modules.leads.undo import undo_conversion
from crm_domain.problems import Invalid
from crm_domain.text.numbers import format_number
from crm_storage.people.conversion import conversion_habits
from crm_web.records.conversion_form import (
    FIELDS,
    HOW,
    LISTS,
    PICKED,
    SECTIONS,
    Typed,
    beside_of,
    read_conversion,
    sections_of,
)
from crm_web.records.conversion_result import result_page
from crm_web.visit import Visit


class ConversionPages(Controller):
    """/leads/<id>/convert."""

    path = "/leads"

    @get("/{record_id:uuid}/convert")
    async def show(self, visit: Visit, record_id: UUID) -> Response[str]:
        return await _page(visit, record_id, await preview(visit.work, record_id), None)

    @post("/{record_id:uuid}/convert")
    async def convert(self, visit: Visit, record_id: UUID, posted: FormMultiDict) -> Response[Any]:
        typed = await read_conversion(visit, posted)
        if not typed.problems:
            try:
                needed = (await conversion_habits(visit.session)).account_needed
                await convert_lead(visit.work, record_id, typed.conversion(account_needed=needed))
                await visit.commit()
            except Invalid as invalid:
                typed.problems = dict(invalid.fields)
            else:
                return visit.go(f"/leads/{record_id}/converted", visit.text("convert.done"))
        return await _page(visit, record_id, await preview(visit.work, record_id), typed)

    @get("/{record_id:uuid}/converted")
    async def converted(self, visit: Visit, record_id: UUID) -> Response[str]:
        """What came of it, with the way back."""
        return await result_page(visit, await outcome(visit.work, record_id))

    @post("/{record_id:uuid}/unconvert")
    async def undo(self, visit: Visit, record_id: UUID) -> Response[Any]:
        await undo_conversion(visit.work, record_id)
        await visit.commit()
        return visit.go(f"/leads/{record_id}", visit.text("convert.undone"))


async def _page(visit: Visit, lead_id: UUID, found: Preview, typed: Typed | None) -> Response[str]:
    sections, beside = await sections_of(visit, found, typed), await beside_of(visit, typed)
    habits = await conversion_habits(visit.session)
    lead = str(found.lead.values.get("name", ""))
    inputs = [field for section in (*sections, *beside) for field in section["inputs"]]
    inputs += [section["pick"] for section in sections if section["pick"]]
    return await visit.page(
        "leads/convert.html",
        status=422 if typed else 200,
        current="leads",
        title=visit.text("convert.title", name=lead),
        lead_id=lead_id,
        lead=lead,
        modules_name=visit.voice.module(visit.module("leads")),
        sections=sections,
        beside=beside,
        activities=_activities(visit, found, typed, habits),
        lists=_lists(visit, found, typed, habits),
        errors=[("", text) for text in _loose(visit, typed)]
        + [(f"{field.id}-field", f"{field.label}: {error}") for field in inputs for error in field.errors],
    )


def _lists(visit: Visit, found: Preview, typed: Typed | None, habits: Habits) -> dict[str, Any]:
    """In how many target lists the lead is, and what may happen to its places there."""
    return {
        "some": found.lists > 0,
        "count": format_number(found.lists, visit.voice.locale),
        "how": [(how, visit.text(f"convert.lists_{how}")) for how in LISTS],
        "chosen": typed.lists() if typed else habits.lists,
    }


def _activities(visit: Visit, found: Preview, typed: Typed | None, habits: Habits) -> dict[str, Any]:
    """How many activities the lead has, and what may happen to them."""
    to = typed.to() if typed else habits.along.to
    return {
        "some": found.activities > 0,
        "count": format_number(found.activities, visit.voice.locale),
        "how": [(how, visit.text(f"convert.activities_{how}")) for how in HOW],
        "chosen": typed.how() if typed else habits.along.how,
        "to": [(name, visit.voice.module(visit.module(key), "one"), name in to) for name, key in SECTIONS.items()],
    }


def _loose(visit: Visit, typed: Typed | None) -> list[str]:
    """What is wrong with what no field of the page shows."""
    shown = {f"{name}.{key}" for name, keys in FIELDS.items() for key in keys} | {f"{name}.pick" for name in PICKED}
    return [
        visit.text(problem.id, **problem.facts)
        for key, problems in (typed.problems if typed else {}).items()
        if key not in shown
        for problem in problems
    ]
