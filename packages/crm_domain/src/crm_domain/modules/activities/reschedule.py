"""Putting off what was planned, with a reason, so that it is known how often and why."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from crm_domain.definition import Module, Ref
from crm_domain.modules.activities.event import Event
from crm_domain.modules.activities.series import is_open
from crm_domain.modules.activities.spread import update
from crm_domain.ports import HistoryQuestion
from crm_domain.problems import FieldProblem, Invalid, NotFound, Refused
from crm_domain.query.page import Row

if TYPE_CHECKING:
    from crm_domain.records.work import Work

START, TIMES, REASON = Event.starts_at, Event.moved_times, Event.moved_reason
MOST = 50
"""Of the moves that are told."""


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """One time that it was put off. `old` and `new` are as the history keeps moments."""

    at: datetime
    who: Ref | None
    old: Any
    new: Any
    reason: str


def may_be_put_off(module: Module[Any], row: Row) -> bool:
    """Whether the record is something planned that can be put off, and still to come off."""
    return TIMES.key in module.by_key and is_open(module, row)


async def reschedule(work: "Work", module: Module[Any], row: Row, start: datetime, reason: str | None) -> None:
    """Puts one event off to another start; its length stays. Raises Invalid, NotFound, Denied, and Refused for what is over."""
    if TIMES.key not in module.by_key:
        raise NotFound
    if not is_open(module, row):
        raise Refused("activities.over")
    if start == row[START.key]:
        raise Invalid({START.key: (FieldProblem("activities.same_time"),)})
    values = {START.key: start, TIMES.key: (row[TIMES.key] or 0) + 1, REASON.key: reason or None}
    await update(work, module, row.id, values)


async def moves(work: "Work", module: Module[Any], id_: UUID) -> Sequence[Move]:
    """When and why it was put off, the latest first."""
    entries = await work.store.history(module, id_, HistoryQuestion(field=TIMES.key), limit=MOST)
    found: list[Move] = []
    reason = ""
    for entry in reversed(entries):
        changes = {change.key: change for change in entry.changes}
        if REASON.key in changes:
            reason = str(changes[REASON.key].new or "")
        if (time := changes.get(START.key)) is not None:
            found.append(Move(at=entry.at, who=entry.actor, old=time.old, new=time.new, reason=reason))
    return found[::-1]
