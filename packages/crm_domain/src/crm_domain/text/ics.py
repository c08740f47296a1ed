"""iCalendar (RFC 5545): events as calendar programs read them, for feeds and for invitations by mail (RFC 5546)."""

# pyright: reportUnknownMemberType=false
# The library's calls take a value of any type for each property.

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

import msgspec
from icalendar import Calendar, Event, FreeBusy, vCalAddress, vText

PRODUCT = "-//Sadra//CRM//EN"
ANSWERS = {"accept": "ACCEPTED", "tentative": "TENTATIVE", "decline": "DECLINED"}


SAID = {said: key for key, said in ANSWERS.items()}
MOST_REPLY, MOST_ANSWERS = 64_000, 50
"""Letters and events of an answer that are read."""


class Attendee(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who takes part; `answer` is accept, tentative, decline or empty."""

    name: str
    address: str
    answer: str = ""
    optional: bool = False


class Occasion(msgspec.Struct, frozen=True, kw_only=True):
    """One event. Times are UTC; whole days are days in `zone`.

    A series has a `rule` (RFC 5545) or names its further starts in `also`, and in `without` those left out of it. Where one
    of its occurrences differs, `instead_of` is the start that the series would have given it.
    """

    uid: str
    start: datetime
    end: datetime
    name: str
    zone: ZoneInfo
    whole_day: bool = False
    description: str = ""
    place: str = ""
    url: str = ""
    busy: bool = True
    cancelled: bool = False
    sequence: int = 0
    stamp: datetime
    organizer: Attendee | None = None
    attendees: Sequence[Attendee] = ()
    also: Sequence[datetime] = ()
    without: Sequence[datetime] = ()
    rule: Mapping[str, Any] | None = None
    instead_of: datetime | None = None


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody answered to an invitation; `instead_of` where he answers for one occurrence of a series."""

    uid: str
    address: str
    answer: str
    instead_of: date | None = None
    """A moment in UTC or, of whole days, a day."""


def read_replies(text: str) -> list[Reply]:
    """The answers in a calendar file that came by mail, each once; none in anything else, however it is made."""
    try:
        calendar = Calendar.from_ical(text[:MOST_REPLY])
        if str(calendar.get("method", "")).upper() != "REPLY":
            return []
        events = [part for part in calendar.subcomponents[:MOST_ANSWERS] if part.name == "VEVENT"]
        return list(dict.fromkeys(reply for event in events for reply in _replies(event)))
    except (ValueError, TypeError, AttributeError, IndexError, KeyError, RecursionError):
        return []


def _replies(event: Any) -> list[Reply]:
    found = event.get("attendee", [])
    everybody = cast("list[Any]", found if isinstance(found, list) else [found])
    at = event["recurrence-id"].dt if "recurrence-id" in event else None
    return [
        Reply(
            uid=str(event["uid"]),
            address=str(one).partition(":")[2].strip().lower(),
            answer=answer,
            instead_of=at.astimezone(UTC) if isinstance(at, datetime) else at,
        )
        for one in everybody
        if (answer := SAID.get(str(one.params.get("partstat", "")).upper()))
    ]


def calendar_file(occasions: Sequence[Occasion], *, name: str = "", method: str = "") -> str:
    """The events as one file. `method` is REQUEST or CANCEL for a mail and empty for a feed."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    if name:
        calendar.add("x-wr-calname", name)
    if method:
        calendar.add("method", method)
    for occasion in occasions:
        calendar.add_component(_event(occasion))
    calendar.add_missing_timezones()
    return calendar.to_ical().decode("utf-8")


def busy_file(
    times: Sequence[tuple[datetime, datetime]],
    begin: datetime,
    end: datetime,
    *,
    owner: Attendee | None,
    stamp: datetime,
    uid: str,
) -> str:
    """When somebody is busy between two moments, as one file without what it is about; times that touch are one."""
    calendar, busy = Calendar(), FreeBusy()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    busy.add("uid", uid)
    for key, at in (("dtstamp", stamp), ("dtstart", begin), ("dtend", end)):
        busy.add(key, at.astimezone(UTC))
    if owner:
        busy["organizer"] = _address(owner)
    for start, stop in _joined(times):
        period = (max(start, begin).astimezone(UTC), min(stop, end).astimezone(UTC))
        busy.add("freebusy", period, parameters={"fbtype": "BUSY"})
    calendar.add_component(busy)
    return calendar.to_ical().decode("utf-8")


def _joined(times: Sequence[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    found: list[tuple[datetime, datetime]] = []
    for start, stop in sorted(times):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(stop, found[-1][1]))
        elif stop > start:
            found.append((start, stop))
    return found


def _event(occasion: Occasion) -> Event:
    event = Event()
    event.add("uid", occasion.uid)
    event.add("dtstamp", occasion.stamp.astimezone(UTC))
    event.add("dtstart", _moment(occasion, occasion.start))
    event.add("dtend", _moment(occasion, occasion.end))
    if occasion.instead_of:
        event.add("recurrence-id", _moment(occasion, occasion.instead_of))
    if occasion.rule:
        event.add("rrule", dict(occasion.rule))
    for key, starts in (("rdate", occasion.also), ("exdate", occasion.without)):
        if starts:
            days = {"value": "DATE"} if occasion.whole_day else {}
            event.add(key, [_moment(occasion, at) for at in starts], parameters=days)
    event.add("summary", occasion.name)
    for key, text in (("description", occasion.description), ("location", occasion.place), ("url", occasion.url)):
        if text:
            event.add(key, text)
    event.add("sequence", occasion.sequence)
    event.add("status", "CANCELLED" if occasion.cancelled else "CONFIRMED")
    event.add("transp", "OPAQUE" if occasion.busy else "TRANSPARENT")
    if occasion.organizer:
        event["organizer"] = _address(occasion.organizer)
    for attendee in occasion.attendees:
        event.add("attendee", _attendee(attendee), encode=False)
    return event


def _moment(occasion: Occasion, at: datetime) -> date:
    """A day, or a moment: of a series in local time, which daylight saving does not move, else in UTC."""
    if occasion.whole_day:
        return at.astimezone(occasion.zone).date()
    repeats = occasion.rule or occasion.also or occasion.instead_of
    return at.astimezone(occasion.zone if repeats else UTC)


def _attendee(attendee: Attendee) -> vCalAddress:
    address = _address(attendee)
    address.params["role"] = vText("OPT-PARTICIPANT" if attendee.optional else "REQ-PARTICIPANT")
    address.params["partstat"] = vText(ANSWERS.get(attendee.answer, "NEEDS-ACTION"))
    address.params["rsvp"] = vText("FALSE" if attendee.answer else "TRUE")
    return address


def _address(attendee: Attendee) -> vCalAddress:
    address = vCalAddress(f"mailto:{attendee.address}")
    address.params["cn"] = vText(attendee.name)
    return address
