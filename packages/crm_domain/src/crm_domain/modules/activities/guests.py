"""Who takes part in an event from the start: its planner, who is responsible, and the people it is about."""

from typing import TYPE_CHECKING, Any

from crm_domain.definition import Change, Record, Ref
from crm_domain.definition.module import AsyncRule
from crm_domain.modules.activities.event import Event

if TYPE_CHECKING:
    from crm_domain.records.work import Work

PEOPLE = ("contacts", "leads")


def guests_come_along(record: type[Event]) -> AsyncRule:
    """The rule that links them. Whoever plans an event has accepted it; an answer given before stays."""

    async def rule(work: "Work", change: Change[Any]) -> None:
        module = work.module(record).key
        if change.new and change.after.values.get("series"):
            return
        planner, responsible = Ref("users", work.access.user), change.after.assigned_to
        if change.new:
            await _invite(work, module, change, planner, {"acceptance": "accept"})
        if responsible and change.touches(Record.assigned_to) and responsible.id != planner.id:
            await _invite(work, module, change, responsible, {})
        for key in ("parent", "contact"):
            about = change.after.values.get(key)
            if about and about.module in PEOPLE and key in change.values:
                await _invite(work, module, change, about, {})

    return rule


async def _invite(work: "Work", module: str, change: Change[Any], guest: Ref, answer: dict[str, Any]) -> None:
    await work.store.link(work.relation(module, f"guest_{guest.module}"), change.after.id, [guest.id], answer)
