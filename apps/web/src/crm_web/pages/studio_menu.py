"""The studio's menu: in which order the modules stand for everybody, and which of them stand nowhere."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.definition.overlay import Menu
from crm_domain.modules import REGISTRY
from crm_domain.problems import Refused
from crm_storage.customising import Part, current, edition, keep
from crm_web.admin.frame import by
from crm_web.admin.studio import latest, publish
from crm_web.navigation import GROUPS
from crm_web.visit import Visit

MENU = Part("menu")


class StudioMenuPages(Controller):
    """/admin/studio/menu."""

    path = "/admin/studio/menu"

    @get("/")
    async def show(self, visit: Visit) -> Response[str]:
        return await _page(visit)

    @post("/")
    async def save(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        """Keeps the order and what is ticked, or goes back to the product's menu."""
        await latest(visit)
        offered = [str(key) for key in posted.getall("offered", []) if key in REGISTRY]
        chosen = [str(key) for key in posted.getall("module", []) if key in offered]
        hidden = tuple(key for key in dict.fromkeys(offered) if key not in chosen)
        menu = Menu(tuple(dict.fromkeys((*chosen, *hidden))), hidden)
        value = None if posted.get("reset") or menu == _usual() else menu
        try:
            seen = str(posted.get("seen", ""))
            changed = await keep(visit.session, by(visit), visit.tenant.number, MENU, value, seen=seen)
        except Refused as problem:
            return await _page(visit, said=visit.text(problem.id))
        if changed:
            await publish(visit)
        return visit.go("/admin/studio/menu", visit.text("settings.saved"))


def _usual() -> Menu:
    return Menu(tuple(module.key for group in GROUPS for module in REGISTRY.modules.values() if module.group == group))


async def _page(visit: Visit, said: str = "") -> Response[str]:
    registry = await latest(visit)
    own = await current(visit.session, MENU)
    return await visit.page(
        "studio/menu.html",
        status=422 if said else 200,
        current="admin",
        tab="studio",
        room="menu",
        seen=edition(own),
        own=own is not None,
        said=said,
        groups=[
            (
                visit.text(f"nav.{group}"),
                [
                    (module.key, visit.voice.module(module), bool(module.group))
                    for module in registry.modules.values()
                    if REGISTRY[module.key].group == group
                ],
            )
            for group in GROUPS
        ],
    )
