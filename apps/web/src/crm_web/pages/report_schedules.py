"""When a report is mailed and to whom: each recipient gets what he himself may see."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.definition import Ref
from crm_domain.modules.reports import Report
from crm_domain.problems import Denied, Invalid, NotFound, Refused
from crm_domain.reports.leaving import may_leave
from crm_domain.text import format as formats
from crm_storage.people.administer import roles
from crm_storage.reports.schedules import (
    Delivery,
    Schedule,
    deliveries_of,
    drop_schedule,
    keep_schedule,
    pause_schedule,
    schedule_of,
    schedules_of,
)
from crm_web.reach import reaches
from crm_web.records.view import heading
from crm_web.reports.asking import report_row
from crm_web.reports.scheduling import May, begun, due_of, offers, read_schedule, shown_people
from crm_web.visit import Visit

MOST = 20
"""Schedules of one report."""
HUES = {"sent": "green", "empty": "gray", "waiting": "amber", "kept": "red"}


class ReportSchedulePages(Controller):
    """/reports/<id>/schedules."""

    path = "/reports/{record_id:uuid}/schedules"

    @get("/")
    async def show(self, visit: Visit, record_id: UUID, change: UUID | None = None) -> Response[str]:
        may = await _may(visit, record_id)
        return await _page(visit, record_id, may, await _own(visit, record_id, may, change) if change else None)

    @post("/")
    async def make(self, visit: Visit, record_id: UUID, posted: FormMultiDict) -> Response[Any]:
        may = await _may(visit, record_id)
        if len(await schedules_of(visit.session, record_id)) >= MOST:
            raise Refused("reports.schedule.problem.too_many", most=MOST)
        return await _kept(visit, record_id, may, begun(visit, record_id), posted)

    @post("/{id:uuid}")
    async def keep(self, visit: Visit, record_id: UUID, id: UUID, posted: FormMultiDict) -> Response[Any]:
        may = await _may(visit, record_id)
        return await _kept(visit, record_id, may, await _own(visit, record_id, may, id), posted)

    @post("/{id:uuid}/pause")
    async def pause(self, visit: Visit, record_id: UUID, id: UUID, posted: FormMultiDict) -> Response[Any]:
        """Rests, or goes on with the next time that comes."""
        one = await _own(visit, record_id, await _may(visit, record_id), id)
        paused = posted.get("paused") == "1"
        await pause_schedule(visit.session, id, paused=paused, due_at=due_of(visit, one.rhythm))
        return await _done(visit, one, "pause" if paused else "resume")

    @post("/{id:uuid}/drop")
    async def drop(self, visit: Visit, record_id: UUID, id: UUID) -> Response[Any]:
        one = await _own(visit, record_id, await _may(visit, record_id), id)
        await drop_schedule(visit.session, id)
        return await _done(visit, one, "drop")


async def _may(visit: Visit, report: UUID) -> May:
    """To whom the reader may have it sent. Raises NotFound, and Denied where he may not take its answer out."""
    _, question = await report_row(visit, report)
    if not may_leave(question, visit.work.registry, visit.access):
        raise Denied
    changes = await reaches(visit, visit.work.module(Report), report, "edit")
    return May(changes, changes and visit.access.special("mail_reports"))


async def _own(visit: Visit, report: UUID, may: May, id_: UUID) -> Schedule:
    """One that the reader may change: his own, and every one of a report that he may change. Raises NotFound."""
    one = await schedule_of(visit.session, id_)
    if one is None or one.report != report or not (may.colleagues or one.owner == visit.access.user):
        raise NotFound
    return one


async def _kept(visit: Visit, report: UUID, may: May, before: Schedule, posted: FormMultiDict) -> Response[Any]:
    try:
        one = read_schedule(visit, posted, before, may)
    except Invalid as invalid:
        problems = [visit.text(each.id, **each.facts) for found in invalid.fields.values() for each in found]
        return await _page(visit, report, may, before, problems)
    await keep_schedule(visit.session, one)
    return await _done(visit, one, "keep")


async def _done(visit: Visit, one: Schedule, how: str) -> Response[Any]:
    """Noted in the report's history."""
    people = one.people
    facts: dict[str, Any] = {"recipients": len(people.users) + len(people.roles) + len(people.teams)}
    if people.addresses:
        facts["addresses"] = ", ".join(people.addresses)
    await visit.work.store.note(visit.work.module(Report), one.report, f"schedule_{how}", facts)
    await visit.commit()
    return visit.go(f"/reports/{one.report}/schedules", visit.text(f"reports.schedule.done.{how}"))


async def _page(
    visit: Visit, report: UUID, may: May, chosen: Schedule | None, problems: Sequence[str] = ()
) -> Response[str]:
    module = visit.work.module(Report)
    row, _ = await report_row(visit, report)
    there = await schedules_of(visit.session, report)
    found = [one for one in there if may.colleagues or one.owner == visit.access.user]
    went = await deliveries_of(visit.session, [one.id for one in found])
    names = await _names(visit, found, went)
    changed = chosen is not None and chosen.id in {one.id for one in found}
    return await visit.page(
        "reports/schedules.html",
        status=422 if problems else 200,
        current=module.key,
        **await heading(visit, module, row),
        tab="schedules",
        offered_sections=(),
        url=f"/reports/{report}/schedules",
        problems=problems,
        schedules=[_shown(visit, one, went.get(one.id, ()), names) for one in found],
        form=await offers(visit, chosen or begun(visit, report), may),
        changed=changed,
        others=may.colleagues,
    )


async def _names(
    visit: Visit, found: Sequence[Schedule], went: Mapping[UUID, Sequence[Delivery]]
) -> Mapping[UUID, str]:
    """Of all users, teams and roles that are spoken of."""
    users = {id_ for one in found for id_ in (*one.people.users, one.owner)}
    users |= {each.user for each_ in went.values() for each in each_ if each.user}
    refs = [*(Ref("users", id_) for id_ in users), *(Ref("teams", id_) for one in found for id_ in one.people.teams)]
    named = {ref.id: shown.name for ref, shown in (await visit.names(refs)).items()}
    return named | {role.id: role.name for role in await roles(visit.session)}


def _shown(visit: Visit, one: Schedule, went: Sequence[Delivery], names: Mapping[UUID, str]) -> dict[str, Any]:
    def moment(at: Any) -> str:
        return formats.format_datetime(at, visit.voice.locale, visit.voice.catalogue) if at else ""

    rhythm, separator = one.rhythm, visit.text("record.list_separator")
    day = rhythm.day if rhythm.every == "month" else visit.text(f"calendar.weekday.{rhythm.day % 7}")
    at = f"{rhythm.minute // 60:02}:{rhythm.minute % 60:02}"
    return {
        "id": str(one.id),
        "when": visit.text(f"reports.schedule.when.{rhythm.every}", day=day, at=visit.voice.locale.in_digits(at)),
        "zone": rhythm.zone,
        "people": separator.join(shown_people(one.people, names)),
        "forms": separator.join(visit.text(f"reports.schedule.form.{form}") for form in one.forms),
        "owner": names.get(one.owner, ""),
        "paused": one.paused,
        "next": "" if one.paused else moment(one.due_at),
        "last": moment(one.last_due),
        "went": [
            (
                each.address or names.get(each.user or one.owner, ""),
                visit.text(f"reports.schedule.state.{each.state}"),
                HUES[each.state],
                visit.text(each.problem) if each.problem else "",
                moment(each.at),
            )
            for each in went
        ],
    }
