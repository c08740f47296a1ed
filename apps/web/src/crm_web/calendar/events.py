"""Entries of the agenda as templates draw them: words, hue, place within a day."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec

from crm_domain.records.agenda import Entry
from crm_domain.text import format as formats
from crm_ui.cells import hue_of
from crm_ui.templates import initials
from crm_web.visit import Visit

HALF_HOURS = 48
HALF_HOUR = timedelta(minutes=30)
LONG = timedelta(days=1)


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One entry on one day. `at` and `length` count half hours from midnight; `href` is empty for what is hidden."""

    module: str
    id: UUID
    href: str
    name: str
    icon: str
    hue: str
    kind: str
    time: str
    """When it begins, empty for what lasts the whole day or began before it."""
    until: str
    title: str
    done: bool
    starts_here: bool
    goes_on: bool
    all_day: bool
    at: int = 0
    length: int = 1
    start: str = ""
    minutes: int = 0
    version: int = 0
    movable: bool = False
    repeats: bool = False
    owner: str = ""
    owner_hue: str = ""


def by_day(visit: Visit, entries: Sequence[Entry], first: date, last: date, *, owners: bool) -> dict[date, list[Event]]:
    """The events of every day of the span; one that lasts stands on each of its days."""
    found: dict[date, list[Event]] = {first + timedelta(days=n): [] for n in range((last - first).days + 1)}
    zone = visit.work.locale.zone
    for entry in entries:
        start = entry.start.astimezone(zone)
        end = max(start, entry.end.astimezone(zone) - timedelta(microseconds=1))
        days = _days(max(start.date(), first), min(end.date(), last))
        for day in days:
            found[day].append(_event(visit, entry, day, start, end, owner=owners))
    return found


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _event(visit: Visit, entry: Entry, day: date, start: datetime, end: datetime, *, owner: bool) -> Event:
    lasts = entry.whole_day or entry.end - entry.start >= LONG
    at, length = (0, HALF_HOURS) if lasts else _place(day, start, end)
    locale, catalogue = visit.voice.locale, visit.voice.catalogue
    begins = formats.format_time(entry.start, locale, catalogue)
    ends = formats.format_time(entry.end, locale, catalogue)
    clock = "" if lasts or start.date() != day else begins
    return Event(
        **_looks(visit, entry),
        module=entry.module,
        id=entry.id,
        time=clock,
        until=ends if clock and entry.end > entry.start else "",
        title=_title(visit, entry, begins, ends, whole=lasts),
        done=entry.closed,
        starts_here=start.date() == day,
        goes_on=end.date() > day,
        all_day=lasts,
        at=at,
        length=length,
        start=f"{start:%Y-%m-%d}" if entry.whole_day else f"{start:%Y-%m-%dT%H:%M}",
        minutes=int((entry.end - entry.start).total_seconds() // 60),
        version=entry.version,
        movable=not entry.hidden and visit.access.can(entry.module, "edit"),
        repeats=entry.repeats,
        owner=initials(entry.owner.name) if owner and entry.owner and entry.owner.name else "",
        owner_hue=hue_of(entry.owner.id.int) if entry.owner else "",
    )


def _place(day: date, start: datetime, end: datetime) -> tuple[int, int]:
    """Where it lies within the day; what is shorter than half an hour still can be read."""
    begin = start.hour * 2 + start.minute // 30 if start.date() == day else 0
    stop = end.hour * 2 + end.minute // 30 + 1 if end.date() == day else HALF_HOURS
    return begin, max(1, stop - begin)


def _looks(visit: Visit, entry: Entry) -> dict[str, str]:
    """What it is by its module; of what is hidden, only that somebody is busy."""
    if entry.hidden:
        word = visit.text("agenda.busy")
        return {"href": "", "name": word, "icon": "lock", "hue": "gray busy", "kind": word}
    module = visit.work.registry[entry.module]
    assert module.schedule is not None
    kind = visit.voice.module(module, "one")
    href = f"/{module.key}/{entry.id}"
    return {"href": href, "name": entry.name, "icon": module.icon, "hue": module.schedule.hue, "kind": kind}


def _title(visit: Visit, entry: Entry, begins: str, ends: str, *, whole: bool) -> str:
    looks = _looks(visit, entry)
    when = visit.text("agenda.all_day") if whole else begins
    if not whole and entry.end > entry.start:
        when = visit.text("agenda.from_to", start=begins, end=ends)
    said = visit.text("agenda.title", kind=looks["kind"], name=looks["name"], when=when)
    if entry.hidden:
        said = visit.text("agenda.busy_title", when=when)
    return visit.text("agenda.of", what=said, who=entry.owner.name) if entry.owner and entry.owner.name else said
