"""The home page: a greeting, and the user's boxes, each fetched by itself so that a slow or failing one harms no other."""

from collections.abc import Sequence
from typing import Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.people.home_tabs import LONGEST_NAME, MOST_BOXES, MOST_TABS, REFRESHES, ROWS, Box, Tab
from crm_domain.problems import FieldProblem, Invalid, NotFound
from crm_domain.text import format as formats
from crm_domain.text.digits import plain_number
from crm_domain.text.numbers import format_number
from crm_storage.people import preferences
from crm_web.home.dashlets import Dashlet, arranged, content, offered
from crm_web.home.report_box import reports_offered
from crm_web.visit import Visit

GREETINGS = ((5, "night"), (12, "morning"), (17, "afternoon"), (21, "evening"), (24, "night"))
"""Until which hour of the day which greeting is said."""
LISTS = ("mine", "view")
"""Kinds of boxes whose rows are a matter of choice."""


class HomePages(Controller):
    """/ and the boxes under /home."""

    path = "/"

    @get("/")
    async def home(self, visit: Visit, tab: int = 1) -> Response[str]:
        every = await _offered(visit)
        tabs = arranged(visit, every)
        at = _place(tabs, tab)
        keys = [box.key for box in tabs[at].boxes]
        rest = [key for key in every if key not in keys]
        return await visit.page(
            "home/page.html",
            current="home",
            greeting=visit.text(f"home.good_{_part_of_day(visit)}", name=visit.actor.name),
            today=formats.format_date(visit.voice.today(), visit.voice.locale, visit.voice.catalogue, "long"),
            tabs_of=[
                (_name(visit, tabs, place), f"/?tab={place + 1}" if place else "/", place == at, "")
                for place in range(len(tabs))
            ],
            at=at + 1,
            name=tabs[at].name,
            most_letters=LONGEST_NAME,
            more_tabs=len(tabs) < MOST_TABS,
            boxes=[(every[box.key], box.refresh) for box in tabs[at].boxes],
            offered=[(key, every[key].title, key in keys) for key in (*keys, *rest)],
        )

    @get("/home/{key:str}")
    async def box(self, visit: Visit, key: str, tab: int = 1) -> Response[str]:
        """One box with its content: a part for the home page, a page of its own without scripts."""
        every = await _offered(visit)
        dashlet = every.get(key) or Dashlet(key, "", "w6")
        tabs = arranged(visit, every)
        at = _place(tabs, tab)
        box = next((box for box in tabs[at].boxes if box.key == key), Box(key))
        template, found = await content(visit, box)
        facts = {"href": "", "count": "", "create": "", "note": "", **found, "body": template}
        if not visit.fragment:
            return await visit.page("home/alone.html", current="home", box=dashlet, at=0, **facts)
        choices = {
            "at": at + 1,
            "chosen": box,
            "row_choices": [(n, format_number(n, visit.voice.locale)) for n in ROWS]
            if key.partition(":")[0] in LISTS
            else [],
            "refreshes": [(n, _refresh(visit, n)) for n in REFRESHES],
        }
        return visit.part("home/box.html", box=dashlet, **choices, **facts)

    @post("/home")
    async def arrange(self, visit: Visit, posted: FormMultiDict, tab: int = 1) -> Response[Any]:
        """The boxes of a tab and their order; `reset` goes back to what everybody starts with, `remove` drops the tab."""
        every = await _offered(visit)
        tabs = arranged(visit, every)
        at = _place(tabs, tab)
        if posted.get("reset"):
            return await _kept(visit, (), 0)
        if posted.get("remove") and len(tabs) > 1:
            return await _kept(visit, (*tabs[:at], *tabs[at + 1 :]), 0)
        before = {box.key: box for box in tabs[at].boxes}
        keys = [key for key in dict.fromkeys(posted.getall("box", [])) if key in every][:MOST_BOXES]
        boxes = tuple(before.get(key) or Box(key) for key in keys)
        name = posted.get("name", "").strip()[:LONGEST_NAME]
        return await _kept(visit, (*tabs[:at], Tab(name, boxes), *tabs[at + 1 :]), at)

    @post("/home/tabs")
    async def add(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        """One more tab, empty at first."""
        tabs = arranged(visit, await _offered(visit))
        name = posted.get("name", "").strip()[:LONGEST_NAME]
        if not name or len(tabs) >= MOST_TABS:
            raise Invalid({"name": (FieldProblem("problems.required" if not name else "home.too_many_tabs"),)})
        await _keep(visit, (*tabs, Tab(name)))
        return visit.go(f"/?tab={len(tabs) + 1}")

    @post("/home/{key:str}")
    async def choose(self, visit: Visit, key: str, posted: FormMultiDict, tab: int = 1) -> Response[Any]:
        """A box's own choices: how many rows, how often it is asked anew, or that it goes."""
        tabs = arranged(visit, await _offered(visit))
        at = _place(tabs, tab)
        if key not in {box.key for box in tabs[at].boxes}:
            raise NotFound
        boxes = tuple(
            _chosen(box, posted) if box.key == key else box
            for box in tabs[at].boxes
            if box.key != key or not posted.get("remove")
        )
        return await _kept(visit, (*tabs[:at], msgspec.structs.replace(tabs[at], boxes=boxes), *tabs[at + 1 :]), at)


async def _offered(visit: Visit) -> dict[str, Dashlet]:
    views = await visit.work.store.shelf.views()
    kept = [(str(view.id), view.name, view.module) for view in views]
    return offered(visit, kept, await reports_offered(visit))


async def _keep(visit: Visit, tabs: tuple[Tab, ...]) -> None:
    await preferences.keep(visit.session, visit.access.user, {"home": tabs or None})
    await visit.commit()


async def _kept(visit: Visit, tabs: tuple[Tab, ...], at: int) -> Response[Any]:
    await _keep(visit, tabs)
    return visit.go(f"/?tab={at + 1}" if at else "/", visit.text("settings.saved"))


def _chosen(box: Box, posted: FormMultiDict) -> Box:
    """The box with the choices of its menu; what it does not offer changes nothing."""
    rows, refresh = (plain_number(posted.get(name, "")) for name in ("rows", "refresh"))
    return Box(box.key, rows if rows in ROWS else box.rows, refresh if refresh in REFRESHES else box.refresh)


def _place(tabs: Sequence[Tab], tab: int) -> int:
    """Which tab an address means, counted from 0; the first for one that is not there."""
    return tab - 1 if 0 < tab <= len(tabs) else 0


def _name(visit: Visit, tabs: Sequence[Tab], at: int) -> str:
    return tabs[at].name or (
        visit.text("home.first_tab")
        if at == 0
        else visit.text("home.tab", number=format_number(at + 1, visit.voice.locale))
    )


def _refresh(visit: Visit, minutes: int) -> str:
    if not minutes:
        return visit.text("home.refresh_never")
    return visit.text("home.refresh_every", number=format_number(minutes, visit.voice.locale))


def _part_of_day(visit: Visit) -> str:
    hour = visit.voice.now.astimezone(visit.voice.locale.zone).hour
    return next(name for until, name in GREETINGS if hour < until)
