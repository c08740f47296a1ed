"""The target lists of a lead that is converted: left, or the contact joins them, with the lead or in its place."""

from typing import TYPE_CHECKING, Literal
from uuid import UUID

from crm_domain.modules.leads.traces import Trace
from crm_domain.query.page import ListQuery

if TYPE_CHECKING:
    from crm_domain.records.work import Work

Lists = Literal["stay", "copy", "move"]
LISTS = "target_lists"
MOST = 1_000
"""Lists that a conversion looks at."""


async def take_lists(work: "Work", lead: UUID, contact: UUID, how: Lists) -> list[Trace]:
    """The contact joins the lead's lists, as far as the actor sees them; where they move, the lead leaves them."""
    theirs = await _lists(work, "leads", lead) if how != "stay" else ()
    if not theirs:
        return []
    already = set(await _lists(work, "contacts", contact))
    joined = tuple(id_ for id_ in theirs if id_ not in already)
    if joined:
        await work.store.link(work.relation("contacts", LISTS), contact, joined, {})
    done = [Trace("listed", LISTS, joined)]
    if how == "move":
        await work.store.unlink(work.relation("leads", LISTS), lead, theirs)
        done.append(Trace("unlisted", LISTS, theirs))
    return done


async def _lists(work: "Work", module: str, id_: UUID) -> tuple[UUID, ...]:
    query = ListQuery(columns=("name",), limit=MOST)
    return tuple(row.id for row in (await work.store.related(work.relation(module, LISTS), id_, query)).rows)
