"""Global search and the command palette."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import Controller, Response, get

from crm_domain.definition import Module, Ref
from crm_domain.ports import Hit
from crm_domain.query.filter import Filter, Mine, Quick, Starred, both
from crm_domain.query.resolve import quick_words
from crm_domain.text.marked import Piece, marked
from crm_ui.cells import hue_of
from crm_ui.templates import initials
from crm_web.home.commands import Option, commands, creatable, named
from crm_web.lists.board import count_text
from crm_web.visit import Visit

PER_MODULE = 5
FULL_PAGE = 20
LEAST_WORDS = 2
MOST_OFFERS = 4


class SearchPages(Controller):
    """Pages of no module."""

    path = "/"

    @get("/search")
    async def search(
        self, visit: Visit, q: str = "", module: str = "", mine: str = "", starred: str = ""
    ) -> Response[str]:
        modules = _searched(visit)
        words = quick_words(q)
        within = both(*(filter_ for filter_, asked in ((Mine(), mine), (Starred(), starred)) if asked))
        enough = len(q.strip()) >= LEAST_WORDS
        hits = await visit.work.store.search(modules, words, limit=FULL_PAGE, within=within) if enough else {}
        found = sorted((one for one in modules if one.key in hits), key=lambda one: not _named(hits[one.key]))
        numbers = await _counted(visit, found, hits, both(Quick(words), within))
        asked = {name: value for name, value in (("q", q), ("mine", mine), ("starred", starred)) if value}
        shown = [one for one in found if module in ("", one.key)]
        return await visit.page(
            "search.html",
            current="search",
            q=q,
            asked=asked,
            module=module,
            tabs_of=_tabs(visit, found, numbers, module, asked),
            groups=[
                (visit.voice.module(one), one, numbers[one.key], [_hit(visit, hit, words) for hit in hits[one.key]])
                for one in shown
            ],
            wider=_address(asked) if module and not shown and found else "",
            tried=words if words != q.strip() else "",
            create=_offers(visit, q.strip()) if enough else [],
            least=0 if enough else LEAST_WORDS,
        )

    @get("/palette")
    async def palette(self, visit: Visit, q: str = "", here: str = "") -> Response[str]:
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
        groups += await commands(visit, _listed(visit), q.strip(), here)
        found = [(heading, items) for heading, items in groups if items]
        return visit.part("palette.html", groups=found, here=here or "/")


async def _counted(
    visit: Visit, modules: Sequence[Module[Any]], hits: Mapping[str, Sequence[Hit]], asked: Filter
) -> dict[str, str]:
    """How many there are of each module, in the reader's digits; those that the page does not hold are counted."""
    longer = [one for one in modules if len(hits[one.key]) >= FULL_PAGE]
    counts = dict(zip(longer, await visit.work.store.counts([(one, asked) for one in longer]), strict=True))
    return {
        one.key: count_text(visit, found.number, capped=found.capped)
        if (found := counts.get(one))
        else count_text(visit, len(hits[one.key]), capped=False)
        for one in modules
    }


def _tabs(
    visit: Visit, modules: Sequence[Module[Any]], numbers: Mapping[str, str], chosen: str, asked: Mapping[str, str]
) -> list[tuple[str, str, bool, str]]:
    """Everything, and each module with its number."""
    return [
        (visit.text("list.all"), _address(asked), not chosen, ""),
        *(
            (visit.voice.module(one), _address({**asked, "module": one.key}), chosen == one.key, numbers[one.key])
            for one in modules
        ),
    ]


def _address(asked: Mapping[str, str]) -> str:
    return f"/search?{urlencode(asked)}"


def _offers(visit: Visit, name: str) -> list[tuple[str, str, str]]:
    """New records of that name, of the kinds with which work begins: what it says, its address, icon."""
    first = creatable(visit, _listed(visit))[:MOST_OFFERS]
    return [(visit.text(f"{one.key}.new"), named(one, name), one.icon) for one in first]


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

    name: list[Piece]
    href: str
    detail: list[Piece]
    reason: str
    monogram: str
    hue: str


def _hit(visit: Visit, hit: Hit, words: str) -> Found:
    module = visit.module(hit.ref.module)
    field = module.by_key.get(hit.reason) if hit.reason != "name" else None
    reason = visit.text("search.matched", field=visit.voice.label(module, field)) if field else ""
    return Found(
        name=marked(hit.ref.name, words),
        href=f"/{hit.ref.module}/{hit.ref.id}",
        detail=marked(hit.detail, words),
        reason=reason,
        monogram=initials(hit.ref.name) if module.person else "",
        hue=hue_of(hit.ref.id.int),
    )


def _option(visit: Visit, hit: Any) -> Option:
    return hit.ref.name, f"/{hit.ref.module}/{hit.ref.id}", visit.module(hit.ref.module).icon, (), hit.detail, False


def _recent(visit: Visit, ref: Ref) -> Option:
    module = visit.module(ref.module)
    return ref.name, f"/{ref.module}/{ref.id}", module.icon, (), visit.voice.module(module, "one"), False
