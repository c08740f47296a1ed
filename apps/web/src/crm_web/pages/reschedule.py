"""Putting off what was planned: a form for the new time and the reason, and what was put off before."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict
from msgspec.structs import replace

from crm_domain.definition import Module
from crm_domain.meaning.parse import parse
from crm_domain.meaning.show import show_stored
from crm_domain.modules.activities.attendance import guests
from crm_domain.modules.activities.free_time import QUARTER
from crm_domain.modules.activities.reschedule import REASON, START, TIMES, Move, may_be_put_off, moves, reschedule
from crm_domain.problems import BadValue, Invalid, NotFound
from crm_domain.query.page import Row
from crm_domain.records.forms import gather
from crm_domain.text import format as formats
from crm_ui.inputs import Draft
from crm_web.calendar.guests import free_time
from crm_web.pages.details import reach_for
from crm_web.reach import one
from crm_web.visit import Visit


class ReschedulePages(Controller):
    """/<module>/<id>/reschedule and /<module>/<id>/moves for what can be put off."""

    module_key: ClassVar[str]

    @get("/{record_id:uuid}/reschedule")
    async def put_off(self, visit: Visit, record_id: UUID) -> Response[str]:
        """With `next=free` the form begins with the next time when everybody who takes part is free."""
        module, row = await _planned(visit, self.module_key, record_id)
        found = await _free(visit, module, row) if visit.request.query_params.get("next") == "free" else None
        values = {**row.values, START.key: found} if found else row.values
        told = visit.text("guests.found_free") if found else ""
        return await _form(visit, module, row, Draft(module, visit.voice, values), told=told)

    @post("/{record_id:uuid}/reschedule")
    async def put_off_to(self, visit: Visit, record_id: UUID, posted: FormMultiDict) -> Response[Any]:
        module, row = await _planned(visit, self.module_key, record_id)
        raw = gather(posted.multi_items())
        try:
            start = parse(module.field(START.key), raw.get(START.key, ""), visit.voice)
            reason = parse(module.field(REASON.key), raw.get(REASON.key, ""), visit.voice)
            if start is None:
                raise BadValue("problems.required")
            await reschedule(visit.work, module, row, start, reason)
        except (BadValue, Invalid) as wrong:
            problems = wrong.fields if isinstance(wrong, Invalid) else {START.key: (wrong.problem,)}
            draft = Draft(module, visit.voice, row.values, raw=raw, problems=problems)
            return await _form(visit, module, row, draft, status=422)
        await visit.commit()
        when = formats.format_datetime(start, visit.voice.locale, visit.voice.catalogue, "long")
        return visit.go(f"/{module.key}/{record_id}", visit.text("agenda.moved", when=when))

    @get("/{record_id:uuid}/moves")
    async def moves(self, visit: Visit, record_id: UUID) -> Response[str]:
        module = visit.module(self.module_key)
        row = await one(visit, module, record_id)
        if TIMES.key not in module.by_key:
            raise NotFound
        lines = [_line(visit, module, move) for move in await moves(visit.work, module, record_id)]
        if visit.fragment:
            return visit.part("records/moves.html", moves=lines)
        facts = {"module": module, "row": row, "name": row["name"]}
        return await visit.page("records/moves_page.html", current=module.key, moves=lines, **facts)


async def _planned(visit: Visit, key: str, id_: UUID) -> tuple[Module[Any], Row]:
    """What is still to come off, for who may change it. Raises NotFound, Denied."""
    module = visit.module(key)
    row = await one(visit, module, id_)
    if not may_be_put_off(module, row):
        raise NotFound
    await reach_for(visit, module, id_, "edit")
    return module, row


async def _free(visit: Visit, module: Module[Any], row: Row) -> datetime | None:
    """The first time after the present one when all are free who take part."""
    length = row["ends_at"] - row[START.key]
    everybody = await guests(visit.work, module, row.id)
    return await free_time(visit, everybody, row[START.key] + QUARTER, length, besides=[row.id])


async def _form(
    visit: Visit, module: Module[Any], row: Row, draft: Draft, *, status: int = 200, told: str = ""
) -> Response[str]:
    start, reason = draft.input(START.key), replace(draft.input(REASON.key), readonly=False)
    return await visit.page(
        "records/reschedule.html",
        status=status,
        current=module.key,
        module=module,
        row=row,
        name=str(row["name"] or ""),
        modules_name=visit.voice.module(module),
        fields=[start, reason],
        found=told,
        errors=[
            (f"{field.id}-field", f"{field.label}: {error}") for field in (start, reason) for error in field.errors
        ],
    )


def _line(visit: Visit, module: Module[Any], move: Move) -> dict[str, str]:
    start, reason = module.field(START.key), module.field(REASON.key)
    return {
        "who": move.who.name if move.who and move.who.name else visit.text("record.system"),
        "time": formats.format_datetime(move.at, visit.voice.locale, visit.voice.catalogue),
        "iso": move.at.isoformat(),
        "old": show_stored(start, move.old, visit.voice),
        "new": show_stored(start, move.new, visit.voice),
        "reason": show_stored(reason, move.reason, visit.voice) if move.reason else "",
    }
