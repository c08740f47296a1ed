"""Telling people that a record is theirs now."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from crm_domain.definition.change import Change
from crm_domain.definition.module import Module
from crm_domain.definition.values import Ref
from crm_domain.records.runs import Run

if TYPE_CHECKING:
    from crm_domain.records.work import Work

FIELD = "assigned_to"


async def tell_assignee(work: "Work", module: Module[Any], saved: Change[Any]) -> None:
    """The new assignee of a saved record, unless he did it himself."""
    if FIELD not in module.by_key or module.admin_only or FIELD not in saved.values:
        return
    now, before = saved.after.values.get(FIELD), saved.before.values.get(FIELD) if saved.before else None
    if isinstance(now, Ref) and now != before and now.id != work.access.user:
        name = str(saved.after.values.get("name") or "")
        await _tell(work, now.id, module.key, saved.after.id, name)


async def tell_assignees(work: "Work", run: Run) -> None:
    """One notice for each new assignee of a run, however many records he got."""
    for user, number, one in await work.store.runs.assignees(run.id):
        if number == 1:
            await _tell(work, user, one.module, one.id, one.name)
        else:
            href = f"/{one.module}?filter[assigned_to][me]=1"
            facts = {"number": number, "modules": {"id": f"{one.module}.many"}}
            await work.store.notices.tell("assigned_many", [user], href, facts)


async def _tell(work: "Work", user: UUID, module: str, id_: UUID, name: str) -> None:
    facts = {"name": name, "module": {"id": f"{module}.one"}}
    await work.store.notices.tell("assigned", [user], f"/{module}/{id_}", facts, about=Ref(module, id_))
