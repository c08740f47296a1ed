"""A repeated event as a series: one occurrence, its head, carries the rule; the others are records that point to it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from crm_domain.definition import Change, Module, Ref
from crm_domain.definition.kinds import Choice
from crm_domain.definition.module import AsyncRule, RemoveRule
from crm_domain.modules.activities.attendance import guests
from crm_domain.modules.activities.event import Event
from crm_domain.modules.activities.recurrence import HORIZON, Rule, ends_by, occurrences
from crm_domain.query.filter import Condition, Group
from crm_domain.query.page import ListQuery, Row, Sort
from crm_domain.records import save

if TYPE_CHECKING:
    from crm_domain.records.work import Work

RULE = ("repeat", "repeat_every", "repeat_weekdays", "repeat_until", "repeat_count")
CARRIED = (*RULE, "repeat_from", "made_until")
"""What the head has and hands on."""
OWN = ("starts_at", "ends_at", "status", "series", *RULE)
"""What an occurrence does not take over from the head."""
FACTS = ("starts_at", "ends_at", "occurs_at", "status", "sequence", "sent_sequence", "version")
MOST = 2_000
"""Occurrences of one series; more than five years of days."""


class Series(msgspec.Struct, frozen=True):
    """The head and every occurrence that is not in the trash, the head among them, in the order of the rule."""

    head: Event
    members: Sequence[Row]

    @property
    def ids(self) -> list[UUID]:
        return [row.id for row in self.members]

    @property
    def anchor(self) -> datetime:
        return self.head.repeat_from or self.head.starts_at


def rule_of(event: Event) -> Rule:
    """The event's rule of repetition."""
    assert event.repeat
    return Rule(
        repeat=event.repeat,
        every=event.repeat_every or 1,
        weekdays=tuple(int(key) for key in event.repeat_weekdays or ()),
        until=event.repeat_until,
        times=event.repeat_count,
    )


def uid_of(event: Event) -> str:
    """By which calendar programs know the event, or its series."""
    return event.series_uid or str(event.id)


def slot_of(row: Row) -> datetime:
    """When the rule has the occurrence."""
    return row["occurs_at"] or row["starts_at"]


def is_open(module: Module[Any], row: Row) -> bool:
    """Whether the occurrence is still to come off."""
    status = module.field(module.open_field)
    return not isinstance(status, Choice) or row[status.key] not in status.options.closed_keys()


async def attended(work: "Work", module: Module[Any], row: Row, guest: Ref) -> list[Row]:
    """The occurrences of a record's series that somebody takes part in, in the order of the rule; or the record alone."""
    return (await attended_by(work, module, row, [guest]))[guest]


async def attended_by(work: "Work", module: Module[Any], row: Row, people: Sequence[Ref]) -> dict[Ref, list[Row]]:
    """The same for each of several people."""
    rows = sorted(await _occurrences(work, module, row), key=slot_of)
    there: set[tuple[UUID, str, UUID]] = set()
    for kind in sorted({guest.module for guest in people}):
        relation = work.relation(module.key, f"guest_{kind}")
        there |= {(tie.owner, kind, tie.other) for tie in await work.store.ties(relation, [one.id for one in rows])}
    return {guest: [one for one in rows if (one.id, guest.module, guest.id) in there] for guest in people}


async def _occurrences(work: "Work", module: Module[Any], row: Row) -> Sequence[Row]:
    assert module.schedule is not None
    key = module.schedule.series
    head = row.id if row["repeat"] else row[key].id if key and row[key] else None
    if head is None:
        return [row]
    uid = row["series_uid"] or str(head)
    which = Group((Condition(key, "eq", head), Condition("series_uid", "eq", uid)), any=True)
    return (await work.store.page(module, ListQuery(filter=which, columns=FACTS, limit=MOST))).rows


async def load(work: "Work", module: Module[Any], row: Row, *, action: str = "list") -> Series | None:
    """The series a record is in; None where it is in none, or its head is out of reach."""
    if module.schedule is None or not module.schedule.series:
        return None
    head = row if row["repeat"] else None
    if head is None and row[module.schedule.series]:
        found = await work.store.fetch(module, [row[module.schedule.series].id])
        head = found[0] if found and found[0]["repeat"] else None
    if head is None:
        return None
    query = ListQuery(
        filter=Condition(module.schedule.series, "eq", head.id), columns=FACTS, sort=(Sort("starts_at"),), limit=MOST
    )
    others = (await work.store.page(module, query, action=action)).rows
    members = [*await work.store.fetch(module, [head.id], action=action, columns=FACTS), *others]
    return Series(module.record(head.id, head.values), sorted(members, key=slot_of))


def horizon(work: "Work", start: datetime) -> date:
    """The day up to which occurrences are made."""
    return (max(start, work.now()).astimezone(work.locale.zone) + HORIZON).date()


async def begin(work: "Work", module: Module[Any], head: Event) -> None:
    """Makes an event the head of a series and the later occurrences up to the horizon."""
    rule, ahead = rule_of(head), horizon(work, head.starts_at)
    starts = list(occurrences(rule, head.starts_at, work.locale, ahead))
    values = {
        "occurs_at": head.starts_at,
        "repeat_from": head.starts_at,
        "made_until": None if ends_by(rule, len(starts), ahead) else ahead,
        "series_uid": str(head.id),
    }
    await work.store.update(module, [head.id], values)
    await make(work, module, head, starts[1:], uid=str(head.id))


async def make(
    work: "Work",
    module: Module[Any],
    head: Event,
    starts: Sequence[datetime],
    *,
    uid: str,
    like: UUID | None = None,
    sent: bool = False,
) -> None:
    """Occurrences at those times, with the head's values and reminders, and the guests of the one they are `like`.

    `sent` for what the guests know of: what they answered holds for these too.
    """
    assert module.schedule is not None
    shared = {
        field.key: value
        for field in module.writable()
        if field.key not in OWN
        and (value := head.values.get(field.key)) is not None
        and work.access.field(module.key, field.key) == "write"
    }
    of = {module.schedule.series: Ref(module.key, head.id), "series_uid": uid, "sent_sequence": 0 if sent else None}
    made = [
        await save.create(work, module, {**shared, **of, "starts_at": start, "occurs_at": start}, quiet=True)
        for start in starts
    ]
    if not made:
        return
    planner = head.created_by.id if head.created_by else work.access.user
    for guest in await guests(work, module, like or head.id):
        known = guest.answer if sent else ""
        answer = "accept" if guest.ref.id == planner else known or "none"
        relation = work.relation(guest.ref.module, f"invited_{module.key}")
        await work.store.link(relation, guest.ref.id, made, {"acceptance": answer, "optional": guest.optional})


async def behind(work: "Work", module: Module[Any]) -> list[Row]:
    """The heads whose occurrences do not reach the horizon, with who planned them."""
    query = ListQuery(
        filter=Condition("made_until", "lt", horizon(work, work.now())), columns=("created_by",), limit=MOST
    )
    return list((await work.store.page(module, query)).rows)


async def top_up(work: "Work", module: Module[Any], head_id: UUID) -> int:
    """Makes the occurrences that have come within the horizon; how many. The zone is that of `work`."""
    [row] = await work.store.fetch(module, [head_id], lock=True)
    head = module.record(row.id, row.values)
    ahead = horizon(work, work.now())
    if not head.repeat or head.made_until is None or head.made_until >= ahead:
        return 0
    rule, anchor = rule_of(head), head.repeat_from or head.starts_at
    starts = list(occurrences(rule, anchor, work.locale, ahead))
    late = [at for at in starts if at.astimezone(work.locale.zone).date() > head.made_until]
    sent, series = head.sent_sequence is not None, await load(work, module, row)
    last = series.members[-1].id if series and series.members else head.id
    await make(work, module, head, late, uid=uid_of(head), like=last, sent=sent)
    until = None if ends_by(rule, len(starts), ahead) else ahead
    await work.store.update(module, [head_id], {"made_until": until})
    return len(late)


def series_follows_rule(record: type[Event]) -> AsyncRule:
    """The rule that makes the later occurrences when an event gets its rule of repetition."""

    async def rule(work: "Work", change: Change[Any]) -> None:
        if change.after.repeat and (change.before is None or not change.before.repeat):
            await begin(work, work.module(record), change.after)

    return rule


def series_goes_on(record: type[Event]) -> RemoveRule:
    """The rule that makes the next occurrence the head when the head goes to the trash."""

    async def rule(work: "Work", removed: Any) -> None:
        module = work.module(record)
        assert module.schedule is not None
        [row] = await work.store.fetch(module, [removed.id])
        series = await load(work, module, row) if row["repeat"] else None
        rest = [member.id for member in series.members if member.id != removed.id] if series else []
        if not rest:
            return
        key, head = module.schedule.series, Ref(module.key, rest[0])
        await work.store.update(module, [head.id], {**{name: row[name] for name in CARRIED}, key: None})
        if rest[1:]:
            await work.store.update(module, rest[1:], {key: head})
        await work.store.update(module, [removed.id], {**dict.fromkeys(CARRIED), key: head})

    return rule
