"""The first page of the tenant's administration: all its places, in groups, found by a word."""

from litestar import Controller, Response, get

from crm_domain.problems import Denied
from crm_domain.text.normalise import search_key
from crm_web.admin import places
from crm_web.navigation import Navigation
from crm_web.visit import Visit

Card = tuple[str, str, str, str]
"""Label, what it is about, address, icon."""


class AdminIndexPages(Controller):
    """/admin; for those who may open at least one place of it."""

    path = "/admin"

    @get("/")
    async def index(self, visit: Visit, q: str = "") -> Response[str]:
        if not places.open_to(visit.access):
            raise Denied
        words = search_key(q).split()
        groups = [(heading, [card for card in cards if _holds(card, words)]) for heading, cards in _groups(visit)]
        shown = [(heading, cards) for heading, cards in groups if cards]
        return await visit.page("admin/index.html", current="admin", groups=shown, words=q)


def _groups(visit: Visit) -> list[tuple[str, list[Card]]]:
    """The places, then the modules whose records are the company's own settings: currencies, taxes, accounts that send."""
    groups = [
        (
            visit.text(f"admin.group.{group}"),
            [
                (visit.text(f"admin.tab.{one.key}"), visit.text(f"admin.about.{one.key}"), one.path, one.icon)
                for one in found
            ],
        )
        for group, found in places.open_to(visit.access)
    ]
    tables = [
        (visit.voice.module(module), visit.text(f"{module.key}.help"), f"/{module.key}", module.icon)
        for module in Navigation(visit.work, visit.voice).modules_of("admin")
    ]
    return [*groups, (visit.text("admin.group.tables"), tables)]


def _holds(card: Card, words: list[str]) -> bool:
    folded = search_key(f"{card[0]} {card[1]}")
    return all(word in folded for word in words)
