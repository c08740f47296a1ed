"""What a conversion did to activities and lists, kept with the lead so that it can be told and taken back."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal
from uuid import UUID

import msgspec

from crm_domain.definition import Ref, Relation
from crm_domain.problems import Refused
from crm_domain.records import remove
from crm_domain.records.stream import activity_relations

if TYPE_CHECKING:
    from crm_domain.records.work import Work

How = Literal["begun", "made", "moved", "joined", "linked", "unlinked", "listed", "unlisted"]
"""`begun` are new activities, `made` are copies; `joined` was moved and got the contact besides; `linked` are letters that still
are the lead's, `unlinked` are no longer; `listed` are target lists that the contact joined, `unlisted` those the lead left."""


class Trace(msgspec.Struct, frozen=True):
    """What was done to which records of a module."""

    how: How
    module: str
    ids: tuple[UUID, ...] = ()


def written(traces: Iterable[Trace]) -> str | None:
    """The traces as the lead keeps them, a line each; None where there are none."""
    return "\n".join(" ".join((trace.how, trace.module, *map(str, trace.ids))) for trace in traces if trace.ids) or None


def traced(text: str | None) -> list[Trace]:
    """What `written` wrote."""
    lines = [line.split() for line in (text or "").splitlines()]
    return [msgspec.convert({"how": how, "module": module, "ids": ids}, Trace) for how, module, *ids in lines]


async def take_back(work: "Work", lead: UUID, traces: Sequence[Trace], became: Sequence[Ref]) -> None:
    """Undoes all of it: what went to the records of the conversion is the lead's again, what was made goes to the trash.

    Raises Refused where something of it has been changed since.
    """
    relations = {relation.target: relation for relation in activity_relations(work, "leads")}
    for trace in traces:
        if trace.how in ("begun", "made"):
            await _remove(work, trace)
        elif trace.how in ("listed", "unlisted"):
            await _relist(work, lead, trace, became)
        elif relation := relations.get(trace.module):
            if trace.how in ("moved", "joined"):
                await _return(work, relation, lead, trace, became)
            else:
                await _unlink(work, relation, lead, trace, became)


async def _remove(work: "Work", trace: Trace) -> None:
    module = work.registry[trace.module]
    rows = await work.store.fetch(module, trace.ids, columns=("name", "version"), lock=True)
    if any(row["version"] != 1 for row in rows):
        raise Refused("leads.undo_changed")
    if rows:
        await remove.remove(work, module, [row.id for row in rows])


async def _return(work: "Work", relation: Relation, lead: UUID, trace: Trace, became: Sequence[Ref]) -> None:
    """What somebody has given to another record meanwhile stays there."""
    module, ours = work.registry[trace.module], {(ref.module, ref.id) for ref in became}
    rows = await work.store.fetch(module, trace.ids, action="edit", columns=(relation.link_field,))
    held = [row.id for row in rows if (now := row[relation.link_field]) is not None and (now.module, now.id) in ours]
    alone = {"contact": None} if trace.how == "joined" else {}
    await work.store.update(module, held, {relation.link_field: Ref("leads", lead), **alone})


async def _unlink(work: "Work", relation: Relation, lead: UUID, trace: Trace, became: Sequence[Ref]) -> None:
    if trace.how == "unlinked":
        await work.store.link(relation, lead, trace.ids, {})
    for ref in became:
        await work.store.unlink(work.relation(ref.module, relation.key), ref.id, trace.ids)


async def _relist(work: "Work", lead: UUID, trace: Trace, became: Sequence[Ref]) -> None:
    """The lead is again in the lists it left, and the contact in none that it joined by the conversion."""
    if trace.how == "unlisted":
        await work.store.link(work.relation("leads", trace.module), lead, trace.ids, {})
    for contact in (ref for ref in became if ref.module == "contacts" and trace.how == "listed"):
        await work.store.unlink(work.relation("contacts", trace.module), contact.id, trace.ids)
