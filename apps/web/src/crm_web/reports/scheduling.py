"""The form of a report's schedule: what it offers, and the schedule that a filled one spells."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from litestar.datastructures import FormMultiDict

from crm_domain.meaning.clean import email_address
from crm_domain.modules.teams import Team
from crm_domain.modules.users import User
from crm_domain.people.preferences import TIME_ZONES, preferences_of
from crm_domain.problems import BadValue, FieldProblem, Invalid
from crm_domain.query.filter import Condition
from crm_domain.query.page import ListQuery, parse_sort
from crm_domain.reports.rhythm import EVERY, Every, Rhythm, check_rhythm, next_due
from crm_domain.text.digits import to_ascii
from crm_storage.people.administer import roles
from crm_storage.people.preferences import company_preferences
from crm_storage.reports.schedules import People, Schedule
from crm_ui.reports.files import FORMATS
from crm_web.visit import Visit

MOST_OFFERED = 300
"""Colleagues or teams to tick; more are reached by a role or a team."""
MOST_ADDRESSES = 20
USUAL_MINUTE = 8 * 60
Offer = tuple[str, str]


class May(msgspec.Struct, frozen=True):
    """To whom the reader may have the report sent besides himself."""

    colleagues: bool
    addresses: bool


def begun(visit: Visit, report: UUID) -> Schedule:
    """What a new one is until somebody says more: his own, every working day in the morning."""
    locale = visit.voice.locale
    rhythm = Rhythm("workday", 1, USUAL_MINUTE, locale.time_zone, locale.calendar)
    people = People(users=(visit.access.user,))
    return Schedule(
        id=visit.work.new_id(), report=report, owner=visit.access.user, rhythm=rhythm, forms=("pdf",), people=people
    )


async def offers(visit: Visit, chosen: Schedule, may: May) -> dict[str, Any]:
    """The form's choices, filled as the schedule is."""
    locale, rhythm = visit.voice.locale, chosen.rhythm
    week = [(locale.week_start + number) % 7 for number in range(7)]
    company = preferences_of(await company_preferences(visit.session), {}).time_zone
    people = chosen.people
    return {
        "id": str(chosen.id),
        "every": [(key, visit.text(f"reports.schedule.every.{key}"), key == rhythm.every) for key in EVERY],
        "weekdays": [(day, visit.text(f"calendar.weekday.{day}"), day == rhythm.day) for day in week],
        "month_day": rhythm.day if rhythm.every == "month" else 1,
        "calendar": visit.text(f"settings.calendar.{rhythm.calendar}"),
        "time": f"{rhythm.minute // 60:02}:{rhythm.minute % 60:02}",
        "zones": [(zone, zone == rhythm.zone) for zone in dict.fromkeys((rhythm.zone, company, locale.time_zone))],
        "forms": [(form, visit.text(f"reports.schedule.form.{form}"), form in chosen.forms) for form in FORMATS],
        "send_empty": chosen.send_empty,
        "to_me": visit.access.user in people.users,
        "groups": await _groups(visit, people) if may.colleagues else [],
        "addresses": "\n".join(people.addresses) if may.addresses else None,
    }


async def _groups(visit: Visit, people: People) -> list[tuple[str, str, list[tuple[str, str, bool]]]]:
    """Everybody to tick: by kind of recipient its name in the form, its title, who there is."""
    users = [
        one
        for one in await _named(visit, User, Condition("status", "eq", "active"))
        if one[0] != str(visit.access.user)
    ]
    found = [(str(role.id), role.name) for role in await roles(visit.session)]
    teams = await _named(visit, Team)
    kinds = (("user", users, people.users), ("role", found, people.roles), ("team", teams, people.teams))
    return [
        (name, visit.text(f"reports.schedule.to.{name}"), [(id_, label, UUID(id_) in chosen) for id_, label in offered])
        for name, offered, chosen in kinds
        if offered
    ]


async def _named(visit: Visit, record: Any, only: Any = None) -> list[Offer]:
    module = visit.work.module(record)
    if not visit.access.can(module.key, "list"):
        return []
    query = ListQuery(columns=("name",), sort=parse_sort("name"), limit=MOST_OFFERED)
    query = msgspec.structs.replace(query, filter=only) if only else query
    return [(str(row.id), str(row["name"])) for row in (await visit.work.store.page(module, query)).rows]


def read_schedule(visit: Visit, posted: FormMultiDict, before: Schedule, may: May) -> Schedule:
    """The schedule that the form spells; whom its writer may not choose stays as before. Raises Invalid."""
    every = cast("Every", posted.get("every", "")) if posted.get("every") in EVERY else before.rhythm.every
    rhythm = Rhythm(every, _day(posted, every), _minute(posted), _zone(posted, before), before.rhythm.calendar)
    check_rhythm(rhythm)
    forms = tuple(form for form in FORMATS if form in posted.getall("form", []))
    people = _people(visit, posted, before.people, may)
    missing = {"form": not forms, "people": people == People()}
    if any(missing.values()):
        raise Invalid(
            {key: (FieldProblem(f"reports.schedule.problem.no_{key}"),) for key, gone in missing.items() if gone}
        )
    return msgspec.structs.replace(
        before,
        rhythm=rhythm,
        forms=forms,
        people=people,
        send_empty=posted.get("send_empty") == "1",
        due_at=due_of(visit, rhythm),
    )


def due_of(visit: Visit, rhythm: Rhythm) -> datetime | None:
    """When it comes next."""
    return next_due(rhythm, visit.voice.now, visit.actor.workdays.off)


def _day(posted: FormMultiDict, every: Every) -> int:
    text = posted.get("month_day" if every == "month" else "weekday", "")
    digits = to_ascii(text).strip()
    return int(digits) if digits.isdecimal() and len(digits) < 3 else -1


def _minute(posted: FormMultiDict) -> int:
    hours, _, minutes = posted.get("time", "").partition(":")
    fine = hours.isdecimal() and minutes[:2].isdecimal() and len(hours) < 3
    return int(hours) * 60 + int(minutes[:2]) if fine else -1


def _zone(posted: FormMultiDict, before: Schedule) -> str:
    zone = posted.get("zone", "")
    return ZoneInfo(zone).key if zone in TIME_ZONES else before.rhythm.zone


def _people(visit: Visit, posted: FormMultiDict, before: People, may: May) -> People:
    me = (visit.access.user,) if posted.get("to_me") == "1" else ()
    if not may.colleagues:
        return msgspec.structs.replace(before, users=me)
    return People(
        users=(*me, *(id_ for id_ in _ids(posted, "user") if id_ not in me)),
        roles=_ids(posted, "role"),
        teams=_ids(posted, "team"),
        addresses=_addresses(posted) if may.addresses else before.addresses,
    )


def _ids(posted: FormMultiDict, name: str) -> tuple[UUID, ...]:
    found: dict[UUID, None] = {}
    for text in posted.getall(name, []):
        try:
            found[UUID(text)] = None
        except ValueError:
            raise Invalid({"people": (FieldProblem("problems.not_an_option", {"value": text}),)}) from None
    return tuple(found)


def _addresses(posted: FormMultiDict) -> tuple[str, ...]:
    texts = [text.strip() for text in posted.get("addresses", "").replace(",", "\n").split("\n") if text.strip()]
    if len(texts) > MOST_ADDRESSES:
        raise Invalid({"addresses": (FieldProblem("problems.too_many", {"most": MOST_ADDRESSES}),)})
    try:
        return tuple(dict.fromkeys(email_address(text) for text in texts))
    except BadValue as bad:
        raise Invalid({"addresses": (bad.problem,)}) from None


def shown_people(people: People, names: Mapping[UUID, str]) -> Sequence[str]:
    """Whom it goes to, in words; who is gone is left out."""
    ids = (*people.users, *people.roles, *people.teams)
    return [*(names[id_] for id_ in ids if id_ in names), *people.addresses]
