"""What its reader keeps at hand: the records seen last, and all favourites."""

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from litestar import Controller, Response, get

from crm_domain.definition import Module, Ref
from crm_domain.text import format as formats
from crm_domain.text.numbers import format_number
from crm_storage.shelf import MAX_FAVOURITES
from crm_web.visit import Visit

MOST = 100
"""Visits shown."""


class AtHandPages(Controller):
    """/recent and /favourites."""

    path = "/"

    @get("/recent")
    async def recent(self, visit: Visit, module: str = "") -> Response[str]:
        """The records seen last that the reader still may see, of all modules or of one."""
        shelf = visit.work.store.shelf
        every = await shelf.visits(limit=MOST)
        seen = await shelf.visits(module, MOST) if module else every
        named = {ref: ref for ref in await visit.named([ref for ref, _ in (*every, *seen)])}
        locale, words = visit.voice.locale, visit.voice.catalogue
        lines = [
            (named[ref], visit.module(ref.module), formats.relative_time(at, visit.voice.now, locale, words))
            for ref, at in seen
            if ref in named
        ]
        return await visit.page(
            "at_hand/recent.html",
            current="recent",
            tabs_of=_tabs(visit, "/recent", module, (ref for ref, _ in every if ref in named)),
            lines=[
                (ref.name, f"/{ref.module}/{ref.id}", of.icon, visit.voice.module(of, "one"), at)
                for ref, of, at in lines
            ],
        )

    @get("/favourites")
    async def favourites(self, visit: Visit, module: str = "") -> Response[str]:
        """All stars, by module, the newest first; each can be taken away."""
        starred = await visit.named(await visit.work.store.shelf.starred(MAX_FAVOURITES))
        found = [(of, [ref for ref in starred if ref.module == of.key]) for of in _modules(visit, starred)]
        return await visit.page(
            "at_hand/favourites.html",
            current="favourites",
            tabs_of=_tabs(visit, "/favourites", module, starred),
            groups=[
                (visit.voice.module(of), of, [_starred(visit, ref) for ref in refs])
                for of, refs in found
                if module in ("", of.key)
            ],
        )


def _starred(visit: Visit, ref: Ref) -> tuple[str, str, str]:
    """Name, address, and what the star's button says."""
    return ref.name, f"/{ref.module}/{ref.id}", visit.text("list.star", name=ref.name)


def _modules(visit: Visit, refs: Iterable[Ref]) -> list[Module[Any]]:
    """The modules of these records in the order of the menu."""
    there = {ref.module for ref in refs}
    return [module for module in visit.work.registry.modules.values() if module.key in there]


def _tabs(visit: Visit, path: str, chosen: str, refs: Iterable[Ref]) -> Sequence[tuple[str, str, bool, str]]:
    """One for everything and one for each module: label, address, whether it is open, how many there are."""
    refs = list(refs)
    numbers = [(module, sum(ref.module == module.key for ref in refs)) for module in _modules(visit, refs)]
    return [
        (visit.text("list.all"), path, not chosen, format_number(len(refs), visit.voice.locale)),
        *(
            (
                visit.voice.module(module),
                f"{path}?{urlencode({'module': module.key})}",
                chosen == module.key,
                format_number(number, visit.voice.locale),
            )
            for module, number in numbers
        ),
    ]
