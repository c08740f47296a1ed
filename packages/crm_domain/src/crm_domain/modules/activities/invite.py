"""Inviting those who take part: a mail with a calendar file to each, again when the time has changed, a last one when it is off."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from crm_domain.definition.module import Module, RemoveRule
from crm_domain.meaning.voice import Voice
from crm_domain.messages.catalogue import catalogue
from crm_domain.modules.activities.attendance import COLUMNS, Guest, guest_of, guests, guests_of_any
from crm_domain.modules.activities.event import Event
from crm_domain.modules.activities.occasions import called_off, invited_to, invited_to_some
from crm_domain.modules.activities.series import Series, attended_by, load
from crm_domain.query.page import Row
from crm_domain.text import format as formats
from crm_domain.text.ics import Attendee, Occasion, calendar_file

if TYPE_CHECKING:
    from crm_domain.records.work import Work

MAIL = "mail.send"
Links = Callable[[Guest, UUID], str]
"""The page on which a guest answers, asked of that event."""


async def invite(work: "Work", module: Module[Any], record: Event, links: Links, *, company: str) -> int:
    """Puts one mail to every guest with an address into the outbox; how many. The caller commits.

    Of a series everybody is told of the occurrences he takes part in. Where those changed since the last invitations, everybody
    else's answer is open again.
    """
    row = Row(record.id, dict(record.values))
    series = await load(work, module, row)
    found = await guests_of_any(work, module, series.ids) if series else await guests(work, module, record.id)
    others = [guest for guest in found if guest.ref.id != work.access.user]
    everybody = [guest.ref for guest in others]
    shares = await attended_by(work, module, row, everybody) if series else {ref: [row] for ref in everybody}
    changed = {guest.ref for guest in others if await _ask_again(work, module, guest, shares[guest.ref])}
    planner = await organizer(work)
    invited = [guest for guest in others if guest.address and shares[guest.ref]]
    for guest in invited:
        about, occasions = await _share(work, module, record, series, shares[guest.ref], planner)
        template = "event_changed" if guest.ref in changed else "event_invite"
        file = calendar_file(occasions, method="REQUEST")
        await _mail(work, about, guest, template, company, file, "REQUEST", link=links(guest, about.id))
    await _mark_sent(work, module, series.members if series else [row])
    return len(invited)


async def _share(
    work: "Work",
    module: Module[Any],
    record: Event,
    series: Series | None,
    rows: Sequence[Row],
    planner: Attendee | None,
) -> tuple[Event, list[Occasion]]:
    """What a guest who takes part in these occurrences is told, and the one by which it is described."""
    if all(row.id != record.id for row in rows):
        [nearest] = await work.store.fetch(
            module, [next((r for r in rows if r["starts_at"] >= work.now()), rows[0]).id]
        )
        record = module.record(nearest.id, nearest.values)
    there = await guests(work, module, record.id)
    if series and (len(rows) == 1 < len(series.members) or rows[-1].id != series.members[-1].id):
        return record, invited_to_some(work, module, record, there, planner, rows)
    share = Series(series.head, rows) if series else None
    return record, invited_to(work, module, record, there, planner, share)


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
    off = called_off(work, module, record, told, await organizer(work))
    await _tell_off(work, record, told, [off], company)
    await _count_off(work, module, [record])


async def _count_off(work: "Work", module: Module[Any], events: Sequence[Event]) -> None:
    """That guests were told is a revision, so that calendar programs believe what they are told afterwards. Who knew the
    last one misses nothing."""
    for event in events:
        known = event.sequence or 0
        sent = {"sent_sequence": known + 1} if event.sent_sequence == known else {}
        await work.store.update(module, [event.id], {"sequence": known + 1, **sent})


async def call_off_together(
    work: "Work", module: Module[Any], series: Series, ids: Sequence[UUID], *, company: str, of: Guest | None = None
) -> None:
    """The same for several occurrences of a series at once, or for the whole of it: one mail to each guest.

    With `of`, the occurrences take place without that guest, who alone is told.
    """
    rows = await work.store.fetch(module, ids)
    records = [module.record(row.id, row.values) for row in rows]
    off = sorted(
        (event for event in records if event.sent_sequence is not None and event.starts_at >= work.now()),
        key=lambda event: event.starts_at,
    )
    if not off:
        return
    planner, head = await organizer(work), Row(series.head.id, dict(series.head.values))
    told = [of] if of else await guests_of_any(work, module, [event.id for event in off])
    shares = await attended_by(work, module, head, [guest.ref for guest in told])
    for guest in told:
        mine = shares[guest.ref]
        known = {row.id for row in mine}
        gone = [event for event in off if event.id in known]
        if not gone:
            continue
        if known <= set(ids):
            share = Series(series.head, mine)
            occasions = invited_to(work, module, gone[0], [guest], planner, share, cancelled=True)[:1]
        else:
            occasions = [called_off(work, module, event, [guest], planner) for event in gone]
        await _tell_off(work, gone[0], [guest], occasions, company)
    if of is None:
        await _count_off(work, module, off)
        await work.store.update(module, ids, {"sent_sequence": None})
    else:
        await _count_off(work, module, [*off, *(one for one in [series.head] if one.id not in {e.id for e in off})])


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
            await work.store.update(module, [removed.id], {"sent_sequence": None})

    return rule


async def _ask_again(work: "Work", module: Module[Any], guest: Guest, rows: Sequence[Row]) -> bool:
    """Opens the guest's answers to what changed since he was told; whether there is such."""
    changed = [
        row.id for row in rows if row["sent_sequence"] is not None and row["sent_sequence"] != (row["sequence"] or 0)
    ]
    if changed:
        relation = work.relation(guest.ref.module, f"invited_{module.key}")
        await work.store.link(relation, guest.ref.id, changed, {"acceptance": "none"})
    return bool(changed)


async def organizer(work: "Work") -> Attendee | None:
    """The actor as calendar programs know him; None without an address."""
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
