"""The guests of an event as a part of its page: answers, who is busy when, buttons to add, remove and invite."""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from crm_domain.definition import Module
from crm_domain.modules.activities.attendance import Guest, guests
from crm_domain.modules.activities.free_time import DAYS_AHEAD, QUARTER, closed_stretches, next_free
from crm_domain.modules.activities.invite import Links
from crm_domain.modules.activities.leave import leaves
from crm_domain.modules.activities.options import ACCEPTANCES
from crm_domain.modules.activities.reschedule import may_be_put_off
from crm_domain.modules.activities.spread import Which
from crm_domain.query.page import Row
from crm_domain.text import format as formats
from crm_domain.text.holidays import holidays_between
from crm_ui.cells import hue_of
from crm_ui.templates import initials
from crm_web.calendar.occurrences import choices
from crm_web.visit import Visit

BEFORE = timedelta(hours=4)
HOURS = 9
QUARTERS = HOURS * 4
ANSWERS = ("accept", "tentative", "decline")


class Token(msgspec.Struct, frozen=True, array_like=True):
    """What a link for answering names: the event and the guest."""

    module: str
    event: UUID
    people: str
    guest: UUID


def sign(key: bytes, tenant: int, token: Token) -> str:
    """The token as it stands in an address; it is good for this guest of this event of this tenant only."""
    body = base64.urlsafe_b64encode(msgspec.json.encode(token)).decode().rstrip("=")
    return f"{body}.{_mac(key, tenant, body)}"


def read(key: bytes, tenant: int, text: str) -> Token | None:
    """The reverse; None for anything that was not signed here."""
    body, _, mac = text.partition(".")
    if not hmac.compare_digest(_mac(key, tenant, body).encode(), mac.encode("utf-8", "replace")):
        return None
    return msgspec.json.decode(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)), type=Token)


def _mac(key: bytes, tenant: int, body: str) -> str:
    return hmac.new(key, f"guest\0{tenant}\0{body}".encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:43]


async def guest_facts(visit: Visit, module: Module[Any], row: Row, which: Which = "one") -> dict[str, Any]:
    """Everything the part `records/guests.html` draws; what is changed in it is meant for `which` of a series."""
    assert module.schedule is not None
    everybody = await guests(visit.work, module, row.id)
    start, end = row[module.schedule.start], row[module.schedule.end] or row[module.schedule.start]
    mine = next((g for g in everybody if g.ref.id == visit.access.user), None)
    may = bool(await visit.work.store.fetch(module, [row.id], action="edit", columns=("name",)))
    return {
        "module": module,
        "url": f"/{module.key}/{row.id}/guests",
        **await grid_facts(visit, everybody, start, end, besides=[row.id]),
        "kinds": guest_kinds(visit, module),
        "may": may,
        "occurrences": choices(visit, module, row),
        "which": which,
        "mine": mine.answer if mine else None,
        "move_url": f"/{module.key}/{row.id}/reschedule?next=free" if may and may_be_put_off(module, row) else "",
        "answers": [(key, visit.voice.option(ACCEPTANCES, key)) for key in ANSWERS],
        "sent": row["sent_sequence"] is not None,
        "stale": row["sent_sequence"] is not None and row["sent_sequence"] != (row["sequence"] or 0),
    }


async def grid_facts(
    visit: Visit, everybody: Sequence[Guest], start: datetime, end: datetime, *, besides: Sequence[UUID] = ()
) -> dict[str, Any]:
    """The hours around an event, a line for each of its guests, and where the event lies among them.

    The events `besides` keep nobody busy.
    """
    begin = (start - BEFORE).replace(minute=0, second=0, microsecond=0)
    colleagues = [guest.ref.id for guest in everybody if guest.ref.module == "users"]
    last = begin + HOURS * timedelta(hours=1)
    busy = await visit.work.store.busy(colleagues, begin, last, besides=besides)
    away = await leaves(visit.work, colleagues, begin, last)
    locale, catalogue = visit.voice.locale, visit.voice.catalogue
    return {
        "lines": [
            _line(visit, guest, busy.get(guest.ref.id, ()), away.get(guest.ref.id, ()), begin, start, end)
            for guest in everybody
        ],
        "closed": closed_stretches(visit.work.workdays, begin, QUARTERS, QUARTER),
        "day_off": _day_off(visit, start),
        "hours": [formats.format_time(begin + timedelta(hours=n), locale, catalogue) for n in range(HOURS)],
        "slot": _block(start, max(end, start + QUARTER), begin),
        "count": locale.in_digits(str(len(everybody))),
    }


async def free_time(
    visit: Visit, everybody: Sequence[Guest], after: datetime, length: timedelta, *, besides: Sequence[UUID] = ()
) -> datetime | None:
    """The first time from a moment on when all colleagues among the guests are free; None where none is near."""
    after = max(after, visit.voice.now)
    colleagues = [guest.ref.id for guest in everybody if guest.ref.module == "users"]
    last = after + timedelta(days=DAYS_AHEAD) + length
    busy = await visit.work.store.busy(colleagues, after, last, besides=besides)
    away = await leaves(visit.work, colleagues, after, last)
    taken = [span for spans in (*busy.values(), *away.values()) for span in spans]
    return next_free(visit.work.workdays, after, length, taken)


def _day_off(visit: Visit, start: datetime) -> str:
    """The holiday, or that nobody works, on the day of an event."""
    day = start.astimezone(visit.voice.locale.zone).date()
    if not visit.work.workdays.off(day):
        return ""
    named = visit.work.workdays.name(day) or holidays_between(day, day, visit.voice.locale).get(day)
    return visit.text("guests.holiday", name=named) if named else visit.text("guests.day_off")


def guest_kinds(visit: Visit, module: Module[Any]) -> list[tuple[str, str]]:
    """The modules whose people may be guests and that the reader may look into: key and name."""
    assert module.schedule is not None
    relations = visit.work.registry.relations(module.key)
    targets = [relations[key].target for key in module.schedule.guests]
    return [(key, visit.voice.module(visit.module(key), "one")) for key in targets if visit.access.can(key, "list")]


def link_of(visit: Visit, module: Module[Any]) -> Links:
    """The address at which a guest answers without signing in."""

    def link(guest: Guest, event: UUID) -> str:
        token = Token(module.key, event, guest.ref.module, guest.ref.id)
        text = sign(visit.installation.key, visit.tenant.number, token)
        return visit.installation.url(visit.tenant, f"/invitation?token={text}")

    return link


def _line(
    visit: Visit,
    guest: Guest,
    busy: Sequence[tuple[datetime, datetime]],
    away: Sequence[tuple[datetime, datetime]],
    begin: datetime,
    start: datetime,
    end: datetime,
) -> Mapping[str, Any]:
    option = ACCEPTANCES.get(guest.answer or "none")
    assert option is not None
    return {
        "ref": guest.ref,
        "href": f"/{guest.ref.module}/{guest.ref.id}",
        "initials": initials(guest.ref.name),
        "hue": hue_of(guest.ref.id.int),
        "answer": visit.voice.option_label(ACCEPTANCES, option),
        "answer_hue": option.hue,
        "declined": guest.answer == "decline",
        "reachable": bool(guest.address),
        "clash": any(first < end and last > start for first, last in (*busy, *away)),
        "busy": [block for start, end in busy if (block := _block(start, end, begin))],
        "away": [block for start, end in away if (block := _block(start, end, begin))],
        "known": guest.ref.module == "users",
    }


def _block(start: datetime, end: datetime, begin: datetime) -> tuple[int, int] | None:
    """The quarter at which it begins in the grid, and how many it takes; None outside."""
    first = max(0, int((start - begin) / QUARTER))
    last = min(QUARTERS, -int((begin - end) / QUARTER))
    return (first, last - first) if last > first else None
