"""Domains and addresses of a suppression list: pasted, shown in order, taken away."""

from typing import Any, cast
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.modules.suppressions import Pasted, read_pasted
from crm_domain.modules.target_lists import TargetList
from crm_domain.problems import Denied, NotFound
from crm_storage.marketing import entries
from crm_storage.marketing.entries import Kind
from crm_web.campaigns.frame import number
from crm_web.reach import one
from crm_web.visit import Visit

PAGE = 50
SHOWN_REJECTED = 5
KINDS = {"exempt_domain": "domains", "exempt_address": "addresses"}
"""What the types of lists hold besides records."""


class ListEntryPages(Controller):
    """/target_lists/<id>/entries."""

    path = "/target_lists"

    @get("/{record_id:uuid}/entries")
    async def show(self, visit: Visit, record_id: UUID, after: str = "") -> Response[str]:
        return await _panel(visit, record_id, after=after)

    @post("/{record_id:uuid}/entries")
    async def add(self, visit: Visit, record_id: UUID, posted: FormMultiDict) -> Response[Any]:
        """What was pasted: what is understood joins, what is not is named."""
        kind = await _kind(visit, record_id, writes=True)
        pasted = read_pasted(kind, posted.get("values", ""))
        await entries.add(visit.session, record_id, kind, pasted.values, wide=bool(posted.get("wide")))
        module = visit.work.module(TargetList)
        await visit.work.store.note(module, record_id, "gather", {"kind": kind, "number": len(pasted.values)})
        await visit.commit()
        return await _panel(visit, record_id, pasted=pasted)

    @post("/{record_id:uuid}/entries/drop")
    async def drop(self, visit: Visit, record_id: UUID, posted: FormMultiDict) -> Response[Any]:
        kind = await _kind(visit, record_id, writes=True)
        await entries.drop(visit.session, record_id, kind, posted.get("value", ""))
        await visit.commit()
        return await _panel(visit, record_id)


async def _kind(visit: Visit, id_: UUID, *, writes: bool = False) -> Kind:
    """What the list holds. Raises NotFound for other lists, Denied for one that may only be seen."""
    module = visit.work.module(TargetList)
    row = await one(visit, module, id_)
    kind = KINDS.get(str(row["list_type"]))
    if kind is None:
        raise NotFound
    if writes and not await visit.work.store.fetch(module, [id_], action="edit", columns=("name",)):
        raise Denied
    return cast("Kind", kind)


async def _panel(visit: Visit, id_: UUID, *, after: str = "", pasted: Pasted | None = None) -> Response[str]:
    kind = await _kind(visit, id_)
    rows = await entries.page(visit.session, id_, kind, after=after, limit=PAGE + 1)
    count = await entries.count(visit.session, id_, kind)
    more, rows = len(rows) > PAGE, rows[:PAGE]
    url = f"/target_lists/{id_}/entries"
    facts = {
        "kind": kind,
        "url": url,
        "title": visit.text(f"target_lists.entries.{kind}"),
        "hint": visit.text(f"target_lists.entries.{kind}_hint"),
        "count": number(visit, count),
        "entries": rows,
        "next": f"{url}?after={rows[-1].value}" if more else "",
        "may_edit": visit.access.can("target_lists", "edit"),
        "said": _said(visit, pasted),
        "rejected": list(pasted.rejected[:SHOWN_REJECTED]) if pasted else [],
    }
    if visit.fragment:
        return visit.part("target_lists/entries.html", **facts)
    return await visit.page("target_lists/entries_page.html", current="target_lists", **facts)


def _said(visit: Visit, pasted: Pasted | None) -> str:
    if pasted is None:
        return ""
    added, rejected = number(visit, len(pasted.values)), number(visit, len(pasted.rejected))
    return visit.text("target_lists.entries.added", added=added, rejected=rejected)
