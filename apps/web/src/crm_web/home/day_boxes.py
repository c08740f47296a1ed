"""The boxes of the day: what is ahead in my calendar, and the letters in my inboxes that are not read yet."""

from datetime import timedelta
from typing import Any

from crm_domain.problems import NotFound
from crm_domain.query.filter import Group
from crm_domain.records.agenda import agenda, scheduled
from crm_domain.text import format as formats
from crm_web.calendar.events import by_day
from crm_web.letters.lines import boxes, listed, within
from crm_web.visit import Visit

DAYS = 7
MOST = 10
"""Entries or letters shown."""


async def ahead(visit: Visit) -> dict[str, Any]:
    """My calendar from today on: the next days with what is planned. Raises NotFound for who has no calendar."""
    modules = scheduled(visit.work)
    if not modules:
        raise NotFound
    today = visit.voice.today()
    last = today + timedelta(days=DAYS - 1)
    entries = [one for one in await agenda(visit.work, today, last, [visit.access.user], modules) if not one.closed]
    days: list[tuple[str, str, list[Any]]] = []
    room = MOST
    for day, events in by_day(visit, entries, today, last, owners=False).items():
        if not events or room <= 0:
            continue
        name = formats.format_date(day, visit.voice.locale, visit.voice.catalogue, "long")
        days.append(
            (visit.text("agenda.today") if day == today else name, f"/calendar?view=day&on={day}", events[:room])
        )
        room -= len(events)
    return {"href": "/calendar", "days": days, **_new_meeting(visit)}


def _new_meeting(visit: Visit) -> dict[str, str]:
    if not visit.access.can("meetings", "create"):
        return {}
    return {"create": "/meetings/new", "create_label": visit.text("meetings.new")}


async def letters(visit: Visit) -> dict[str, Any]:
    """The unread letters of all my inboxes. Raises NotFound without the right to see letters."""
    if not visit.access.can("emails", "list"):
        raise NotFound
    mine = [box.key for box in await boxes(visit) if box.active]
    whose = Group(tuple(within(key, "inbox", "", "unread") for key in mine), any=True)
    lines, _, _ = await listed(visit, whose, "")
    found: dict[str, Any] = {"href": "/mail?only=unread", "lines": lines[:MOST]}
    if visit.access.can("emails", "create"):
        found |= {"create": "/mail/compose", "create_label": visit.text("my_mail.write")}
    return found
