"""The home page: a greeting, and the user's boxes, each fetched by itself so that a slow or failing one harms no other."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.people.preferences import REFRESHES
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
    async def home(self, visit: Visit) -> Response[str]:
        every = await _offered(visit)
        boxes = arranged(visit, every)
        keys = [box.key for box in boxes]
        rest = [box for box in every.values() if box.key not in keys]
        return await visit.page(
            "home/page.html",
            current="home",
            greeting=visit.text(f"home.good_{_part_of_day(visit)}", name=visit.actor.name),
            today=formats.format_date(visit.voice.today(), visit.voice.locale, visit.voice.catalogue, "long"),
            boxes=boxes,
            refresh=visit.actor.preferences.home_refresh,
            periods=[(minutes, _minutes(visit, minutes)) for minutes in REFRESHES],
            offered=[(box.key, box.title, box.key in keys) for box in (*boxes, *rest)],
        )

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
        keep = None if posted.get("reset") or not chosen else tuple(chosen)
        minutes = posted.get("refresh", "")
        every_minutes = int(minutes) if minutes.isdigit() and int(minutes) in REFRESHES[1:] else None
        choices = {"home": keep, "home_refresh": None if posted.get("reset") else every_minutes}
        await preferences.keep(visit.session, visit.access.user, choices)
        await visit.commit()
        return visit.go("/", visit.text("settings.saved"))


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
