"""What was changed in the studio, by whom and when; the latest change of each part can be undone."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post

from crm_domain.customising.lists import lists_of
from crm_domain.definition import Registry
from crm_domain.modules import REGISTRY
from crm_domain.problems import Refused
from crm_domain.text.format import format_datetime
from crm_storage.customising import Change, Part, changes, undo
from crm_web.admin.frame import by
from crm_web.admin.studio import latest, list_title, publish
from crm_web.visit import Visit

SHOWN = 200
"""Changes of one page; the whole history is the audit's."""


class StudioChangePages(Controller):
    """/admin/studio/changes."""

    path = "/admin/studio/changes"

    @get("/")
    async def index(self, visit: Visit) -> Response[str]:
        registry = await latest(visit)
        seen: set[Part] = set()
        rows: list[dict[str, Any]] = []
        for change in await changes(visit.session, limit=SHOWN):
            rows.append(_row(visit, registry, change, latest=change.undoable and change.part not in seen))
            seen.add(change.part)
        return await visit.page("studio/changes.html", current="admin", tab="studio", room="changes", rows=rows)

    @post("/{change_id:uuid}/undo")
    async def undo(self, visit: Visit, change_id: UUID) -> Response[Any]:
        lists = lists_of(REGISTRY, await latest(visit))
        try:
            await undo(visit.session, visit.context.schema, by(visit), visit.tenant.number, change_id, lists)
        except Refused as refused:
            return visit.go("/admin/studio/changes", visit.text(refused.id))
        await publish(visit)
        return visit.go("/admin/studio/changes", visit.text("studio.undone"))


def _row(visit: Visit, registry: Registry, change: Change, *, latest: bool) -> dict[str, Any]:
    what, href = _place(visit, registry, change)
    return {
        "id": change.id,
        "what": what,
        "href": href,
        "how": _how(visit, change),
        "who": change.user_name or visit.text("record.system"),
        "time": format_datetime(change.at, visit.voice.locale, visit.voice.catalogue),
        "iso": change.at.isoformat(),
        "latest": latest,
    }


def _how(visit: Visit, change: Change) -> str:
    if change.undoable:
        return visit.text("studio.was_reset") if change.after is None else ""
    return visit.text(f"studio.{change.action}")


def _place(visit: Visit, registry: Registry, change: Change) -> tuple[str, str]:
    """What a part is called, and where it is changed."""
    part = change.part
    if part.sort == "options":
        found = lists_of(REGISTRY, registry).get(part.name)
        title = list_title(visit, registry, found) if found else part.name
        return visit.text("studio.part.options", name=title), f"/admin/studio/lists/{part.name}"
    if part.sort == "menu":
        return visit.text("studio.room.menu"), "/admin/studio/menu"
    name = visit.voice.module(registry[part.module]) if part.module in registry else part.module
    if part.sort == "field":
        known = change.after or change.before
        words = visit.text("record.path", first=name, rest=known.labels.get(visit.voice.language, part.name))
        return visit.text("studio.part.field", name=words), f"/admin/studio/modules/{part.module}/fields"
    return visit.text(f"studio.part.{part.sort}", name=name), f"/admin/studio/modules/{part.module}/{part.sort}"
