"""Inviting those who take part: a mail with a calendar file to each, again when the time has changed, a last one when it is off."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from crm_domain.definition import Ref
from crm_domain.definition.module import Module, RemoveRule
from crm_domain.meaning.voice import Voice
from crm_domain.messages.catalogue import catalogue
from crm_domain.modules.activities.event import Event
from crm_domain.query.filter import Condition
from crm_domain.query.page import ListQuery, Row, Sort
from crm_domain.text import format as formats
from crm_domain.text.ics import Attendee, Occasion, calendar_file

if TYPE_CHECKING:
    from crm_domain.records.work import Work

MAIL = "mail.send"
MOST = 200
"""Guests of one kind, and occurrences of a series, in one invitation."""
COLUMNS = ("name", "emails")
WEIGHED = ("", "none")
"""What counts as no answer."""


class Guest(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who takes part: a colleague, a contact or a lead, with what he answered."""

    ref: Ref
    address: str
    answer: str
    optional: bool


Links = Callable[[Guest], str]
"""The page on which a guest answers."""


async def guests(work: "Work", module: Module[Any], id_: UUID) -> list[Guest]:
    """Everybody who takes part, colleagues first."""
    found: list[Guest] = []
    for key in module.schedule.guests if module.schedule else ():
        relation = work.relation(module.key, key)
        page = await work.store.related(relation, id_, ListQuery(columns=COLUMNS, sort=(Sort("name"),), limit=MOST))
        found += [_guest(relation.target, row) for row in page.rows]
    return found


async def invite(work: "Work", module: Module[Any], record: Event, links: Links, *, company: str) -> int:
    """Puts a mail to every guest with an address into the outbox; how many. The caller commits.

    Where the event changed since the last invitations, everybody else's answer is open again.
    """
    anew = record.sent_sequence is not None and record.sequence != record.sent_sequence
    everybody = await guests(work, module, record.id)
    if anew:
        everybody = await _ask_again(work, module, record, everybody)
    planner = await _planner(work)
    file = await _file(work, module, record, everybody, planner, method="REQUEST")
    invited = [guest for guest in everybody if guest.address and guest.ref.id != work.access.user]
    template = "event_changed" if anew else "event_invite"
    for guest in invited:
        await _mail(work, record, guest, template, company, file, "REQUEST", link=links(guest))
    await work.store.update(module, [record.id], {"sent_sequence": record.sequence or 0})
    return len(invited)


async def call_off(work: "Work", module: Module[Any], record: Event, told: list[Guest], *, company: str) -> None:
    """Tells guests who had been invited that they need not come."""
    if record.sent_sequence is None or record.starts_at < work.now():
        return
    planner = await _planner(work)
    file = await _file(work, module, record, told, planner, method="CANCEL")
    for guest in told:
        if guest.address and guest.ref.id != work.access.user:
            await _mail(work, record, guest, "event_off", company, file, "CANCEL")


def called_off_when_removed(record: type[Event]) -> RemoveRule:
    """The rule that tells the guests of an event which goes to the trash."""

    async def rule(work: "Work", removed: Any) -> None:
        module = work.module(record)
        await call_off(work, module, removed, await guests(work, module, removed.id), company="")

    return rule


async def _ask_again(work: "Work", module: Module[Any], record: Event, everybody: list[Guest]) -> list[Guest]:
    for key in module.schedule.guests if module.schedule else ():
        relation = work.relation(module.key, key)
        others = [g.ref.id for g in everybody if g.ref.module == relation.target and g.ref.id != work.access.user]
        if others:
            await work.store.link(relation, record.id, others, {"acceptance": "none"})
    return [
        guest if guest.ref.id == work.access.user else msgspec.structs.replace(guest, answer="") for guest in everybody
    ]


def _guest(target: str, row: Row) -> Guest:
    address = next((entry.address for entry in row["emails"] or () if entry.primary and not entry.invalid), "")
    answer = str(row["link.acceptance"] or "")
    return Guest(
        ref=Ref(target, row.id, str(row["name"] or "")),
        address=address,
        answer="" if answer in WEIGHED else answer,
        optional=bool(row["link.optional"]),
    )


async def _planner(work: "Work") -> Attendee | None:
    rows = await work.store.fetch(work.registry["users"], [work.access.user], columns=COLUMNS)
    found = _guest("users", rows[0]) if rows else None
    return Attendee(name=found.ref.name, address=found.address, answer="accept") if found and found.address else None


async def _file(
    work: "Work", module: Module[Any], record: Event, everybody: list[Guest], planner: Attendee | None, *, method: str
) -> str:
    whole = bool(module.schedule and module.schedule.whole_day and record.values.get(module.schedule.whole_day))
    attendees = [
        Attendee(name=g.ref.name, address=g.address, answer=g.answer, optional=g.optional)
        for g in everybody
        if g.address
    ]
    occasion = Occasion(
        uid=str(record.id),
        start=record.starts_at,
        end=record.ends_at or record.starts_at,
        name=record.name,
        zone=work.locale.zone,
        whole_day=whole,
        description=record.description or "",
        place=str(record.values.get("location") or record.values.get("join_url") or ""),
        cancelled=method == "CANCEL",
        sequence=(record.sequence or 0) + (method == "CANCEL"),
        stamp=work.now(),
        organizer=planner,
        attendees=attendees,
        also=await _further(work, module, record) if record.repeat else (),
    )
    return calendar_file([occasion], method=method)


async def _further(work: "Work", module: Module[Any], record: Event) -> list[datetime]:
    query = ListQuery(
        filter=Condition("series", "eq", record.id), columns=("starts_at",), sort=(Sort("starts_at"),), limit=MOST
    )
    return [row["starts_at"] for row in (await work.store.page(module, query)).rows]


async def _mail(
    work: "Work", record: Event, guest: Guest, template: str, company: str, file: str, method: str, *, link: str = ""
) -> None:
    voice = Voice(catalogue(work.locale.language), work.locale, work.now())
    facts: Mapping[str, str] = {
        "name": guest.ref.name,
        "tenant": company,
        "what": record.name,
        "when": formats.format_datetime(record.starts_at, voice.locale, voice.catalogue, "long"),
        "where": str(
            record.values.get("location") or record.values.get("join_url") or voice.text("activities.nowhere")
        ),
        "link": link,
    }
    payload = {
        "to": guest.address,
        "template": template,
        "language": work.locale.language,
        "facts": facts,
        "calendar": {"method": method, "text": file},
    }
    await work.store.enqueue(MAIL, payload)
