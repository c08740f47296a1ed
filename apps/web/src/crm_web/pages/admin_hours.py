"""When the company works: hours by weekday, public holidays, and its own days off."""

from contextlib import suppress
from typing import Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.definition.kinds import Date
from crm_domain.meaning.parse import parse
from crm_domain.meaning.show import show
from crm_domain.problems import BadValue, FieldProblem, Invalid
from crm_domain.text.business_hours import (
    HOURS,
    MOST_INTERVALS,
    WEEK,
    BusinessHours,
    Closed,
    Interval,
    clock,
    minute_of,
    wrong,
)
from crm_storage.people.preferences import settle
from crm_web.admin.frame import need_administrator, said
from crm_web.visit import Visit

DAY = Date(key="day")
MOST_TYPED = 40_000
ENDS = ("begins", "ends")
DATE_WORDS = 3


class AdminHourPages(Controller):
    """/admin/hours."""

    path = "/admin/hours"

    @get("/")
    async def index(self, visit: Visit) -> Response[str]:
        need_administrator(visit)
        hours = visit.work.workdays.settled
        closed = "\n".join(f"{show(DAY, one.day, visit.voice)} {one.name}".strip() for one in hours.closed)
        return await _page(visit, _texts(visit, hours), hours.official, closed)

    @post("/")
    async def save(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        need_administrator(visit)
        official, closed = bool(posted.get("official")), posted.get("closed", "")[:MOST_TYPED]
        try:
            hours = _read(visit, posted, official, closed)
        except Invalid as problem:
            texts = {key: str(value)[:20] for key, value in posted.items() if key.startswith("hours.")}
            return await _page(visit, texts, official, closed, said(visit, problem))
        request = visit.request_id
        await settle(visit.session, HOURS, msgspec.to_builtins(hours), by=visit.access.user, request=request)
        await visit.commit()
        return visit.go("/admin/hours", visit.text("settings.saved"))


def _read(visit: Visit, posted: FormMultiDict, official: bool, closed: str) -> BusinessHours:
    """Raises Invalid for hours and days that make no sense."""
    try:
        week = tuple(_intervals(posted, day) for day in range(WEEK))
        days = {one.day: one for line in closed.splitlines() if line.strip() for one in (_closed(visit, line),)}
    except BadValue as bad:
        raise Invalid({"hours": (bad.problem,)}) from None
    hours = BusinessHours(week=week, official=official, closed=tuple(days[day] for day in sorted(days)))
    if problem := wrong(hours):
        raise Invalid({"hours": (FieldProblem(problem),)})
    return hours


def _intervals(posted: FormMultiDict, day: int) -> tuple[Interval, ...]:
    """What is left empty is no interval; half of one is a mistake. Raises BadValue."""
    found: list[Interval] = []
    for number in range(MOST_INTERVALS):
        begin, end = (minute_of(posted.get(_name(day, number, which), "")) for which in ENDS)
        if begin is not None and end is not None:
            found.append((begin, end))
        elif begin is not None or end is not None:
            raise BadValue("hours.half")
    return tuple(found)


def _closed(visit: Visit, line: str) -> Closed:
    """A date, which may be of several words, and behind it what for. Raises BadValue."""
    words = line.split()
    for number in range(min(DATE_WORDS, len(words)), 1, -1):
        with suppress(BadValue):
            return Closed(parse(DAY, " ".join(words[:number]), visit.voice), " ".join(words[number:]))
    return Closed(parse(DAY, words[0], visit.voice), " ".join(words[1:]))


def _name(day: int, number: int, which: str) -> str:
    return f"hours.{day}.{number}.{which}"


def _texts(visit: Visit, hours: BusinessHours) -> dict[str, str]:
    return {
        _name(day, number, which): visit.voice.locale.in_digits(clock(minute))
        for day, intervals in enumerate(hours.week)
        for number, interval in enumerate(intervals)
        for which, minute in zip(ENDS, interval, strict=True)
    }


async def _page(
    visit: Visit, texts: dict[str, str], official: bool, closed: str, problems: list[str] | None = None
) -> Response[str]:
    start = visit.voice.locale.week_start
    days = [(start + step) % WEEK for step in range(WEEK)]
    return await visit.page(
        "admin/hours.html",
        status=422 if problems else 200,
        current="admin",
        tab="hours",
        problems=problems or [],
        days=[
            (
                visit.text(f"calendar.weekday.{day}"),
                [
                    [(_name(day, number, which), texts.get(_name(day, number, which), "")) for which in ENDS]
                    for number in range(MOST_INTERVALS)
                ],
            )
            for day in days
        ],
        official=official,
        closed=closed,
        example=show(DAY, visit.voice.today(), visit.voice),
    )
