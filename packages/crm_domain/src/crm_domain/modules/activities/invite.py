"""Inviting those who take part: a mail with a calendar file to each, again when the time has changed, a last one when it is off."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from crm_domain.definition.module import Module, RemoveRule
from crm_domain.meaning.voice import Voice
from crm_domain.messages.catalogue import catalogue
from crm_domain.modules.activities.attendance import COLUMNS, Guest, guest_of, guests
from crm_domain.modules.activities.event import Event
from crm_domain.modules.activities.occasions import called_off, invited_to
from crm_domain.modules.activities.series import Series, load
from crm_domain.query.page import Row
from crm_domain.text import format as formats
from crm_domain.text.ics import Attendee, Occasion, calendar_file

if TYPE_CHECKING:
    from crm_domain.records.work import Work

MAIL = "mail.send"
Links = Callable[[Guest], str]
"""The page on which a guest answers."""


async def invite(work: "Work", module: Module[Any], record: Event, links: Links, *, company: str) -> int:
    """Puts a mail to every guest with an address into the outbox; how many. The caller commits.

    Where the event changed since the last invitations, everybody else's answer is open again.
    """
    anew = record.sent_sequence is not None and record.sequence != record.sent_sequence
    everybody = await guests(work, module, record.id)
    if anew:
        everybody = await _ask_again(work, module, record, everybody)
    planner = await _planner(work)
    series = await load(work, module, Row(record.id, dict(record.values)))
    file = calendar_file(invited_to(work, module, record, everybody, planner, series), method="REQUEST")
    invited = [guest for guest in everybody if guest.address and guest.ref.id != work.access.user]
    template = "event_changed" if anew else "event_invite"
    for guest in invited:
        await _mail(work, record, guest, template, company, file, "REQUEST", link=links(guest))
    await _mark_sent(work, module, series.members if series else [Row(record.id, dict(record.values))])
    return len(invited)


async def _mark_sent(work: "Work", module: Module[Any], rows: Sequence[Row]) -> None:
    """Of every occurrence that the guests know now, its revision."""
    revisions = {row["sequence"] or 0 for row in rows}
    for number in revisions:
        ids = [row.id for row in rows if (row["sequence"] or 0) == number]
        await work.store.update(module, ids, {"sent_sequence": number})


async def call_off(work: "Work", module: Module[Any], record: Event, told: list[Guest], *, company: str) -> None:
    """Tells guests who had been invited that they need not come."""
    if record.sent_sequence is None or record.starts_at < work.now():
        return
    off = called_off(work, module, record, told, await _planner(work))
    await _tell_off(work, record, told, [off], company)


async def call_off_together(
    work: "Work", module: Module[Any], series: Series, ids: Sequence[UUID], *, whole: bool, company: str
) -> None:
    """The same for several occurrences of a series at once, or for the whole of it: one mail to each guest."""
    rows = await work.store.fetch(module, ids)
    records = [module.record(row.id, row.values) for row in rows]
    off = sorted(
        (event for event in records if event.sent_sequence is not None and event.starts_at >= work.now()),
        key=lambda event: event.starts_at,
    )
    if not off:
        return
    told, planner = await guests(work, module, off[0].id), await _planner(work)
    if whole:
        occasions = invited_to(work, module, off[0], told, planner, series, cancelled=True)[:1]
    else:
        occasions = [called_off(work, module, event, told, planner) for event in off]
    await _tell_off(work, off[0], told, occasions, company)
    await work.store.update(module, ids, {"sent_sequence": None})


async def _tell_off(
    work: "Work", record: Event, told: list[Guest], occasions: Sequence[Occasion], company: str
) -> None:
    file = calendar_file(occasions, method="CANCEL")
    for guest in told:
        if guest.address and guest.ref.id != work.access.user:
            await _mail(work, record, guest, "event_off", company, file, "CANCEL")


def called_off_when_removed(record: type[Event]) -> RemoveRule:
    """The rule that tells the guests of an event which goes to the trash."""

    async def rule(work: "Work", removed: Any) -> None:
        module = work.module(record)
        if removed.sent_sequence is not None and removed.starts_at >= work.now():
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


async def _planner(work: "Work") -> Attendee | None:
    rows = await work.store.fetch(work.registry["users"], [work.access.user], columns=COLUMNS)
    found = guest_of("users", rows[0]) if rows else None
    return Attendee(name=found.ref.name, address=found.address, answer="accept") if found and found.address else None


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
