"""Events as calendar programs are told of them: one, a whole series, or occurrences of it that differ or are off."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from crm_domain.definition.module import Module
from crm_domain.modules.activities.attendance import Guest
from crm_domain.modules.activities.event import Event
from crm_domain.modules.activities.recurrence import occurrences, recurrence_rule
from crm_domain.modules.activities.series import Series, horizon, rule_of, slot_of, uid_of
from crm_domain.query.page import Row
from crm_domain.text.ics import Attendee, Occasion

if TYPE_CHECKING:
    from crm_domain.records.work import Work


def invited_to(
    work: "Work",
    module: Module[Any],
    record: Event,
    everybody: list[Guest],
    planner: Attendee | None,
    series: Series | None,
    *,
    cancelled: bool = False,
) -> list[Occasion]:
    """The event, or its series first and then the occurrences that take place at another time than the rule says."""
    single = _occasion(work, module, record, everybody, planner, cancelled=cancelled)
    if series is None:
        return [single]
    sequence = (series.head.sequence or 0) + cancelled
    whole = msgspec.structs.replace(single, uid=uid_of(record), sequence=sequence)
    moved = [
        msgspec.structs.replace(
            whole, start=row["starts_at"], end=row["ends_at"], instead_of=slot_of(row), sequence=row["sequence"] or 0
        )
        for row in series.members
        if row["starts_at"] != slot_of(row)
    ]
    return [_whole(work, whole, record, series), *moved]


def invited_to_some(
    work: "Work",
    module: Module[Any],
    record: Event,
    everybody: list[Guest],
    planner: Attendee | None,
    rows: Sequence[Row],
) -> list[Occasion]:
    """Occurrences of a series one by one, for who does not take part in the series itself."""
    single = _occasion(work, module, record, everybody, planner, cancelled=False)
    return [
        msgspec.structs.replace(
            single,
            uid=uid_of(record),
            start=row["starts_at"],
            end=row["ends_at"],
            instead_of=slot_of(row),
            sequence=row["sequence"] or 0,
        )
        for row in rows
    ]


def called_off(
    work: "Work", module: Module[Any], record: Event, told: list[Guest], planner: Attendee | None
) -> Occasion:
    """The event, or one occurrence of its series, as it no longer takes place."""
    off = _occasion(work, module, record, told, planner, cancelled=True)
    if not record.series_uid:
        return off
    return msgspec.structs.replace(off, uid=record.series_uid, instead_of=record.occurs_at or record.starts_at)


def _whole(work: "Work", whole: Occasion, record: Event, series: Series) -> Occasion:
    """The series by its rule or, where no rule of calendar programs says it, by naming every start."""
    length = timedelta(seconds=record.duration)
    there = [slot_of(row) for row in series.members]
    rule = recurrence_rule(rule_of(series.head), series.anchor, work.locale)
    if rule is None:
        return msgspec.structs.replace(whole, start=there[0], end=there[0] + length, also=there[1:])
    ahead = series.head.made_until or horizon(work, series.anchor)
    every = occurrences(rule_of(series.head), series.anchor, work.locale, ahead)
    known = set(there)
    without = [at for at in every if at not in known]
    return msgspec.structs.replace(whole, start=series.anchor, end=series.anchor + length, rule=rule, without=without)


def _occasion(
    work: "Work",
    module: Module[Any],
    record: Event,
    everybody: list[Guest],
    planner: Attendee | None,
    *,
    cancelled: bool,
) -> Occasion:
    whole = bool(module.schedule and module.schedule.whole_day and record.values.get(module.schedule.whole_day))
    attendees = [
        Attendee(name=g.ref.name, address=g.address, answer=g.answer, optional=g.optional)
        for g in everybody
        if g.address
    ]
    return Occasion(
        uid=str(record.id),
        start=record.starts_at,
        end=record.ends_at or record.starts_at,
        name=record.name,
        zone=work.locale.zone,
        whole_day=whole,
        description=record.description or "",
        place=str(record.values.get("location") or record.values.get("join_url") or ""),
        cancelled=cancelled,
        sequence=(record.sequence or 0) + cancelled,
        stamp=work.now(),
        organizer=planner,
        attendees=attendees,
    )
