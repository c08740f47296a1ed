"""Which modules the search box looks in, and in what order their results stand."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.query.searched import Searched, searchable
from crm_storage.people.actor import SEARCHED
from crm_storage.people.preferences import settle
from crm_web.admin.frame import need_administrator
from crm_web.visit import Visit


class AdminSearchPages(Controller):
    """/admin/search."""

    path = "/admin/search"

    @get("/")
    async def index(self, visit: Visit) -> Response[str]:
        keys, searched = _keys(visit), visit.actor.searched
        on = searched.among(keys)
        offered = [(key, visit.voice.module(visit.module(key)), key in on) for key in dict.fromkeys((*on, *keys))]
        return await visit.page("admin/search.html", current="admin", tab="search", offered=offered)

    @post("/")
    async def save(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        keys = _keys(visit)
        order = tuple(key for key in dict.fromkeys(posted.getall("module", [])) if key in keys)
        chosen = Searched(order=order, off=frozenset(keys) - frozenset(order))
        request = visit.request_id
        await settle(visit.session, SEARCHED, chosen, by=visit.access.user, request=request)
        await visit.commit()
        return visit.go("/admin/search", visit.text("settings.saved"))


def _keys(visit: Visit) -> list[str]:
    """The modules that can be looked in. Raises Denied: this is for administrators."""
    need_administrator(visit)
    return [module.key for module in visit.work.registry.modules.values() if searchable(module)]
