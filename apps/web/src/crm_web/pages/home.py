"""The home page: a greeting, and the user's boxes, each fetched by itself so that a slow or failing one harms no other."""

from collections.abc import Sequence
from typing import Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.people.home_tabs import LONGEST_NAME, MOST_TABS, HomeTab
from crm_domain.people.preferences import REFRESHES
from crm_domain.problems import FieldProblem, Invalid
from crm_domain.text import format as formats
from crm_domain.text import numbers
from crm_storage.people import preferences
from crm_web.home.dashlets import MOST, Dashlet, arranged, content, offered
from crm_web.visit import Visit

GREETINGS = ((5, "night"), (12, "morning"), (17, "afternoon"), (21, "evening"), (24, "night"))
"""Until which hour of the day which greeting is said."""


class HomePages(Controller):
    """/ and the boxes under /home."""

    path = "/"

    @get("/")
    async def home(self, visit: Visit, tab: int = 0) -> Response[str]:
        every, tabs = await _offered(visit), visit.actor.preferences.home_tabs
        tab = tab if 0 < tab <= len(tabs) else 0
        boxes = [every[key] for key in tabs[tab - 1].boxes if key in every] if tab else arranged(visit, every)
        keys = [box.key for box in boxes]
        rest = [box for box in every.values() if box.key not in keys]
        return await visit.page(
            "home/page.html",
            current="home",
            greeting=visit.text(f"home.good_{_part_of_day(visit)}", name=visit.actor.name),
            today=formats.format_date(visit.voice.today(), visit.voice.locale, visit.voice.catalogue, "long"),
            tab=tab,
            tab_name=tabs[tab - 1].name if tab else "",
            tabs_of=[
                (visit.text("home.first_tab"), "/", not tab, ""),
                *((one.name, f"/?tab={place}", place == tab, "") for place, one in enumerate(tabs, start=1)),
            ],
            more_tabs=len(tabs) < MOST_TABS,
            boxes=boxes,
            refresh=visit.actor.preferences.home_refresh,
            periods=[(minutes, _minutes(visit, minutes)) for minutes in REFRESHES],
            offered=[(box.key, box.title, box.key in keys) for box in (*boxes, *rest)],
        )

    @post("/home/tabs")
    async def add_tab(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        """A further page of boxes, empty at first."""
        tabs = visit.actor.preferences.home_tabs
        name = posted.get("name", "").strip()[:LONGEST_NAME]
        if not name or len(tabs) >= MOST_TABS:
            raise Invalid({"name": (FieldProblem("problems.required" if not name else "home.too_many_tabs"),)})
        await _keep_tabs(visit, [*tabs, HomeTab(name)])
        return visit.go(f"/?tab={len(tabs) + 1}")

    @get("/home/{key:str}")
    async def box(self, visit: Visit, key: str) -> Response[str]:
        """One box with its content: a part for the home page, a page of its own without scripts."""
        dashlet = (await _offered(visit)).get(key) or Dashlet(key, "", "w6")
        template, found = await content(visit, key)
        facts = {"href": "", "count": "", "create": "", "note": "", **found}
        if visit.fragment:
            return visit.part("home/box.html", box=dashlet, body=template, **facts)
        return await visit.page("home/alone.html", current="home", box=dashlet, body=template, **facts)

    @post("/home")
    async def arrange(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        """The user's own choice of boxes and their order; `reset` goes back to what everybody starts with."""
        every = await _offered(visit)
        chosen = [key for key in posted.getall("box", []) if key in every][:MOST]
        tabs, at = [*visit.actor.preferences.home_tabs], posted.get("tab", "")
        place = int(at) if at.isdigit() else 0
        if 0 < place <= len(tabs):
            former = tabs[place - 1]
            name = posted.get("name", "").strip()[:LONGEST_NAME] or former.name
            tabs[place - 1 : place] = [] if posted.get("remove") else [HomeTab(name, tuple(chosen))]
            await _keep_tabs(visit, tabs)
            return visit.go("/" if posted.get("remove") else f"/?tab={place}", visit.text("settings.saved"))
        keep = None if posted.get("reset") or not chosen else tuple(chosen)
        minutes = posted.get("refresh", "")
        every_minutes = int(minutes) if minutes.isdigit() and int(minutes) in REFRESHES[1:] else None
        choices = {"home": keep, "home_refresh": None if posted.get("reset") else every_minutes}
        await preferences.keep(visit.session, visit.access.user, choices)
        await visit.commit()
        return visit.go("/", visit.text("settings.saved"))


async def _keep_tabs(visit: Visit, tabs: Sequence[HomeTab]) -> None:
    kept = [msgspec.to_builtins(tab) for tab in tabs] or None
    await preferences.keep(visit.session, visit.access.user, {"home_tabs": kept})
    await visit.commit()


def _minutes(visit: Visit, minutes: int) -> str:
    if not minutes:
        return visit.text("home.refresh_never")
    return visit.text("home.refresh_minutes", number=numbers.format_number(minutes, visit.voice.locale))


async def _offered(visit: Visit) -> dict[str, Dashlet]:
    views = await visit.work.store.shelf.views()
    return offered(visit, [(str(view.id), view.name, view.module) for view in views])


def _part_of_day(visit: Visit) -> str:
    hour = visit.voice.now.astimezone(visit.voice.locale.zone).hour
    return next(name for until, name in GREETINGS if hour < until)
