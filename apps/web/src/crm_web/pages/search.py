"""Global search and the command palette."""

from collections.abc import Iterable
from typing import Any

import msgspec
from litestar import Controller, Response, get

from crm_domain.definition import Module, Ref
from crm_domain.ports import Hit
from crm_domain.query.resolve import quick_words
from crm_domain.text.normalise import search_key
from crm_ui.cells import hue_of
from crm_ui.templates import initials
from crm_web.admin.places import open_to
from crm_web.visit import Visit

PER_MODULE = 5
FULL_PAGE = 20
LEAST_WORDS = 2


class SearchPages(Controller):
    """Pages of no module."""

    path = "/"

    @get("/search")
    async def search(self, visit: Visit, q: str = "", module: str = "") -> Response[str]:
        modules = _searched(visit)
        chosen = [found for found in modules if found.key == module] or modules
        hits = (
            await visit.work.store.search(chosen, quick_words(q), limit=FULL_PAGE)
            if len(q.strip()) >= LEAST_WORDS
            else {}
        )
        groups = [
            (visit.voice.module(found), found.icon, found.key, [_hit(visit, hit) for hit in hits[found.key]])
            for found in sorted(modules, key=lambda module: not _named(hits.get(module.key, ())))
            if found.key in hits
        ]
        return await visit.page("search.html", current="search", q=q, groups=groups, module=module)

    @get("/palette")
    async def palette(self, visit: Visit, q: str = "") -> Response[str]:
        """Grouped results for the command window: records, places, things to create, tools."""
        groups: list[tuple[str, list[Any]]] = []
        words = quick_words(q)
        if len(words) >= LEAST_WORDS:
            modules = _searched(visit)
            hits = await visit.work.store.search(modules, words, limit=PER_MODULE)
            groups += [
                (visit.voice.module(found), [_option(visit, hit) for hit in hits[found.key]])
                for found in sorted(modules, key=lambda module: not _named(hits.get(module.key, ())))
                if found.key in hits
            ]
        else:
            recent = await visit.named(await visit.work.store.shelf.recent(PER_MODULE))
            groups.append((visit.text("shell.recent"), [_recent(visit, ref) for ref in recent]))
        groups += _commands(visit, search_key(q))
        return visit.part("palette.html", groups=[(heading, items) for heading, items in groups if items])


def _searched(visit: Visit) -> list[Module[Any]]:
    """Where the company lets the search box look, within the reader's rights."""
    return [visit.module(key) for key in visit.actor.searched.among(module.key for module in _listed(visit))]


def _listed(visit: Visit) -> list[Module[Any]]:
    return [module for module in visit.work.registry.modules.values() if visit.access.can(module.key, "list")]


def _named(hits: Iterable[Any]) -> bool:
    """Whether something is found by its name: such kinds stand before those that only mention the words."""
    return any(hit.reason == "name" for hit in hits)


class Found(msgspec.Struct, frozen=True):
    """A hit as the page shows it: where it leads, what tells it from its like, which field held the words; people by an avatar."""

    name: str
    href: str
    detail: str
    reason: str
    monogram: str
    hue: str


def _hit(visit: Visit, hit: Hit) -> Found:
    module = visit.module(hit.ref.module)
    field = module.by_key.get(hit.reason) if hit.reason != "name" else None
    reason = visit.text("search.matched", field=visit.voice.label(module, field)) if field else ""
    return Found(
        name=hit.ref.name,
        href=f"/{hit.ref.module}/{hit.ref.id}",
        detail=hit.detail,
        reason=reason,
        monogram=initials(hit.ref.name) if module.person else "",
        hue=hue_of(hit.ref.id.int),
    )


def _option(visit: Visit, hit: Any) -> tuple[str, str, str, tuple[str, ...], str]:
    return hit.ref.name, f"/{hit.ref.module}/{hit.ref.id}", visit.module(hit.ref.module).icon, (), hit.detail


def _recent(visit: Visit, ref: Ref) -> tuple[str, str, str, tuple[str, ...], str]:
    module = visit.module(ref.module)
    return ref.name, f"/{ref.module}/{ref.id}", module.icon, (), visit.voice.module(module, "one")


def _commands(visit: Visit, words: str) -> list[tuple[str, list[Any]]]:
    """Places and things to create whose label, in either language, holds the words."""
    places: list[Any] = []
    creations: list[Any] = []
    for module in _listed(visit):
        if _matches(f"{module.key} {visit.voice.module(module)}", words):
            places.append((visit.voice.module(module), f"/{module.key}", module.icon, (), ""))
        label = visit.text(f"{module.key}.new")
        if (
            visit.access.can(module.key, "create")
            and module.group
            and not module.closed_to(admin=visit.access.admin)
            and _matches(f"new {module.key} {label}", words)
        ):
            creations.append((label, f"/{module.key}/new", "plus", (), ""))
    tools = [
        ("nav.calendar", "/calendar", "calendar"),
        ("nav.mail", "/mail", "mail"),
        ("nav.settings", "/settings", "settings"),
        ("nav.help", "/help", "circle-question-mark"),
    ]
    administered = [place for _, found in open_to(visit.access) for place in found]
    if administered:
        tools.append(("nav.admin_area", "/admin", "shield"))
    tools += [(f"admin.tab.{place.key}", place.path, place.icon) for place in administered]
    found = [
        (visit.text(id_), href, icon, (), "")
        for id_, href, icon in tools
        if _matches(f"{id_} {visit.text(id_)}", words)
    ]
    return [
        (visit.text("palette.go"), places),
        (visit.text("palette.create"), creations),
        (visit.text("palette.tools"), found),
    ]


def _matches(text: str, words: str) -> bool:
    folded = search_key(text)
    return all(word in folded for word in words.split())
