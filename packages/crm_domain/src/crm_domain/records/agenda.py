"""What takes place between two days: the records of every module that has a schedule, as a calendar shows them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from crm_domain.definition import Module, Ref
from crm_domain.definition.kinds import Choice, Date
from crm_domain.query.filter import EVERYTHING, Condition, Filter, Group, Linked, both
from crm_domain.query.page import ListQuery, Row, Sort
from crm_domain.text.whole_days import day_meant

if TYPE_CHECKING:
    from crm_domain.records.work import Work

MOST = 500
"""Entries of one module at a time; a calendar with more cannot be read."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One record in the calendar. Times are UTC; `end` is the first moment after it, and a moment ends at its start."""

    module: str
    id: UUID
    name: str
    start: datetime
    end: datetime
    whole_day: bool
    closed: bool
    owner: Ref | None
    version: int
    repeats: bool = False
    """Whether it is one of a series."""
    hidden: bool = False
    """Whether the reader learns no more of it than that its owner is busy then."""


async def agenda(
    work: "Work",
    first: date,
    last: date,
    people: Sequence[UUID],
    modules: Sequence[Module[Any]],
    *,
    most: int = MOST,
) -> list[Entry]:
    """The entries of those days, in time, of these people: who is responsible or takes part; of everybody for none."""
    begin, end = midnight(work, first), midnight(work, last + timedelta(days=1))
    found: list[Entry] = []
    for module in modules:
        page = await work.store.page(module, _query(work, module, begin, end, people, most))
        found += [_entry(work, module, row) for row in page.rows]
    return sorted(found, key=lambda entry: (not entry.whole_day, entry.start, entry.end, entry.name))


async def hidden(work: "Work", first: date, last: date, people: Sequence[Ref], seen: Sequence[Entry]) -> list[Entry]:
    """When those people are busy by what the reader may not see: what they take part in besides the entries `seen`."""
    begin, end = midnight(work, first), midnight(work, last + timedelta(days=1))
    besides = [entry.id for entry in seen]
    taken = await work.store.busy([person.id for person in people], begin, end, besides=besides)
    return [
        Entry(
            module="",
            id=person.id,
            name="",
            start=start,
            end=stop,
            whole_day=False,
            closed=False,
            owner=person,
            version=0,
            hidden=True,
        )
        for person in people
        for start, stop in taken.get(person.id, [])
    ]


def scheduled(work: "Work") -> list[Module[Any]]:
    """The modules with a schedule that the actor may list."""
    return [m for m in work.registry.modules.values() if m.schedule and work.access.can(m.key, "list")]


def midnight(work: "Work", day: date) -> datetime:
    """The moment a day begins for the reader."""
    return datetime.combine(day, time(), work.locale.zone).astimezone(UTC)


def _query(
    work: "Work", module: Module[Any], begin: datetime, end: datetime, people: Sequence[UUID], most: int
) -> ListQuery:
    schedule = module.schedule
    assert schedule is not None
    first, last = (_bound(work, module, at) for at in (begin, end))
    still = Condition(schedule.end or schedule.start, "gt" if schedule.end else "ge", first)
    series = (schedule.series, "repeat") if schedule.series else ()
    extra = (schedule.end, schedule.whole_day, module.open_field, *series)
    return ListQuery(
        filter=both(Condition(schedule.start, "lt", last), still, _of(work, module, people)),
        columns=("name", schedule.start, "assigned_to", "version", *(key for key in extra if key)),
        sort=(Sort(schedule.start),),
        limit=most,
    )


def _bound(work: "Work", module: Module[Any], at: datetime) -> datetime | date:
    assert module.schedule is not None
    days = isinstance(module.field(module.schedule.start), Date)
    return at.astimezone(work.locale.zone).date() if days else at


def _of(work: "Work", module: Module[Any], people: Sequence[UUID]) -> Filter:
    assert module.schedule is not None
    if not people:
        return EVERYTHING
    relations = work.registry.relations(module.key)
    takes_part = (Linked(key, tuple(people)) for key in module.schedule.guests if relations[key].target == "users")
    return Group((Condition("assigned_to", "in", tuple(people)), *takes_part), any=True)


def _entry(work: "Work", module: Module[Any], row: Row) -> Entry:
    schedule = module.schedule
    assert schedule is not None
    start, whole = row[schedule.start], bool(schedule.whole_day and row[schedule.whole_day])
    if day := day_meant(start, work.locale.zone) if isinstance(start, datetime) else start:
        start, whole = midnight(work, day), True
    end = row[schedule.end] if schedule.end else None
    status = module.by_key.get(module.open_field)
    closed = status.options.closed_keys() if isinstance(status, Choice) else ()
    return Entry(
        module=module.key,
        id=row.id,
        name=str(row["name"] or ""),
        start=start,
        end=end or (start + timedelta(days=1) if whole else start),
        whole_day=whole,
        closed=row[module.open_field] in closed if module.open_field else False,
        owner=row["assigned_to"],
        version=row["version"],
        repeats=bool(schedule.series and (row[schedule.series] or row["repeat"])),
    )
