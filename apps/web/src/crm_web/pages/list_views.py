"""Saved views of a list: keeping one, sharing it, opening with it, taking it away, and which stand as tabs."""

from typing import Any, ClassVar
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.definition import Module
from crm_domain.problems import Denied, NotFound
from crm_domain.records.shelf import ListState, SavedView
from crm_web.lists.listing import is_question
from crm_web.lists.views import audience_of, audiences
from crm_web.records.sections import wanted
from crm_web.visit import Visit

MAX_VIEW_NAME = 80


class ListViewPages(Controller):
    """/<module>/views."""

    module_key: ClassVar[str]

    @post("/views")
    async def save_view(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        """Saves the list's question under a name, as a new view or over the one it came from."""
        module = visit.module(self.module_key)
        visit.allow(module, "list")
        view = await _view_of(visit, module, posted)
        if not view.name or not await visit.work.store.shelf.save_view(view):
            raise Denied
        await visit.commit()
        return visit.go(f"/{module.key}?view={view.id}", visit.text("list.view_saved", name=view.name))

    @get("/views/audiences")
    async def view_audiences(self, visit: Visit) -> Response[str]:
        """With whom a view may be shared, for the form that saves one."""
        module = visit.module(self.module_key)
        visit.allow(module, "list")
        return visit.part("records/audiences.html", kinds=await audiences(visit))

    @post("/views/tabs")
    async def arrange_views(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        """Which views stand over the list for this user, in which order; the others wait in the menu."""
        module = visit.module(self.module_key)
        visit.allow(module, "list")
        desk = await visit.desk(module.key)
        known = [str(view.id) for view in desk.views]
        chosen = [] if posted.get("reset") else [id_ for id_ in posted.getall("view", []) if id_ in known]
        tabs, aside = wanted(chosen, () if posted.get("reset") else known)
        await visit.work.store.shelf.keep_state(module.key, msgspec.structs.replace(desk.state, tabs=tabs, aside=aside))
        await visit.commit()
        return visit.go(f"/{module.key}", visit.text("list.tabs_kept"))

    @post("/views/{view_id:uuid}/first")
    async def open_with(self, visit: Visit, view_id: UUID) -> Response[Any]:
        """The view that the module opens with for this user; once more, and it opens with everything again."""
        module = visit.module(self.module_key)
        visit.allow(module, "list")
        desk = await visit.desk(module.key)
        view = next((view for view in desk.views if view.id == view_id), None)
        if view is None:
            raise NotFound
        first = "" if desk.state.view == str(view_id) else str(view_id)
        await visit.work.store.shelf.keep_state(module.key, msgspec.structs.replace(desk.state, view=first))
        await visit.commit()
        said = visit.text("list.opens_with" if first else "list.opens_with_all", name=view.name)
        return visit.go(f"/{module.key}?view={view_id}", said)

    @post("/views/{view_id:uuid}/delete")
    async def drop_view(self, visit: Visit, view_id: UUID) -> Response[Any]:
        module = visit.module(self.module_key)
        if not await visit.work.store.shelf.drop_view(view_id):
            raise NotFound
        await visit.commit()
        return visit.go(f"/{module.key}", visit.text("list.view_deleted"))


async def _view_of(visit: Visit, module: Module[Any], posted: FormMultiDict) -> SavedView:
    """The view that the form says. Raises Denied, NotFound for one or an audience that there is not."""
    params = tuple((key, value) for key, value in posted.multi_items() if is_question(key) and value)
    state = ListState(params=params, sort=posted.get("sort", ""), mode=posted.get("mode", "list"))
    given = posted.get("view", "")
    try:
        id_ = UUID(given) if given else visit.work.new_id()
    except ValueError:
        raise NotFound from None
    former = next((view for view in (await visit.desk(module.key)).views if view.id == id_), None) if given else None
    shared, audience = await audience_of(visit, module, former, posted.get("audience", ""))
    name = posted.get("name", "").strip()[:MAX_VIEW_NAME]
    return SavedView(
        id=id_, module=module.key, name=name, owner=visit.access.user, shared=shared, audience=audience, state=state
    )
