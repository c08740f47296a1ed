"""A target that has answered becomes a lead: its values, its campaign and its lists go along."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from crm_domain.definition import Ref
from crm_domain.modules.leads import Lead
from crm_domain.modules.targets import Target
from crm_domain.problems import Refused
from crm_domain.query.page import ListQuery

if TYPE_CHECKING:
    from crm_domain.records.work import Work

MOST_LISTS = 1000


def lead_values(work: "Work", target: Target) -> dict[str, Any]:
    """What the lead takes over: every field that both have under one name and as one kind."""
    source, found = work.module(Target).by_key, dict[str, Any]()
    for field in work.module(Lead).writable():
        twin = source.get(field.key)
        value = target.values.get(field.key)
        if twin is not None and type(twin) is type(field) and value not in (None, ()):
            found[field.key] = value
    return found


async def convert_target(work: "Work", target_id: UUID) -> UUID:
    """The new lead's id. The target keeps its place in its lists but gets no mail any more; the lead is in them too.

    Raises NotFound, Denied, Invalid, or Refused("targets.already_converted").
    """
    target = await work.get(Target, target_id, action="edit", lock=True)
    if target.converted:
        raise Refused("targets.already_converted", name=str(target.values["name"]))
    values = lead_values(work, target)
    lead = await work.create(Lead, *(work.module(Lead).field(key).to(value) for key, value in values.items()))
    lists = await work.store.related(
        work.relation("targets", "target_lists"), target_id, ListQuery(columns=("name",), limit=MOST_LISTS)
    )
    if lists.rows:
        await work.store.link(work.relation("leads", "target_lists"), lead, [row.id for row in lists.rows], {})
    await work.update(Target, target_id, Target.converted.to(True), Target.lead.to(Ref("leads", lead)))
    return lead
