"""Saved views over a list: which stand as tabs, which wait in the menu, and with whom one may be shared."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from crm_domain.definition import Module
from crm_domain.problems import Denied, NotFound
from crm_domain.query.page import ListQuery, Sort
from crm_domain.records.shelf import ListState, SavedView
from crm_storage.people.administer import roles
from crm_web.visit import Visit

EVERYBODY = "all"
TEAMS = 200
Audiences = list[tuple[str, str, list[tuple[str, str]]]]
"""Key and label of each kind, with the ids and names of that kind."""


class Arranged(msgspec.Struct, frozen=True):
    """The views as their reader wants them."""

    tabs: tuple[SavedView, ...]
    waiting: tuple[SavedView, ...]
    offered: tuple[tuple[str, str, bool], ...]
    """All of them to choose from: id, label, whether it is a tab."""


def arranged(visit: Visit, views: Sequence[SavedView], state: ListState, here: SavedView | None) -> Arranged:
    """In the reader's order; the view that is open stands as a tab in any case."""
    places = {id_: place for place, id_ in enumerate(state.tabs)}
    inorder = sorted(views, key=lambda view: places.get(str(view.id), len(places)))
    pinned = [view for view in inorder if str(view.id) not in state.aside]
    rest = [view for view in inorder if view not in pinned]
    return Arranged(
        tabs=tuple(view for view in inorder if view in pinned or view is here),
        waiting=tuple(view for view in rest if view is not here),
        offered=tuple((str(view.id), _label(visit, view), view in pinned) for view in (*pinned, *rest)),
    )


def _label(visit: Visit, view: SavedView) -> str:
    return view.name if view.owner == visit.access.user else visit.text("list.view_of_another", name=view.name)


async def audiences(visit: Visit) -> Audiences:
    """With which teams and roles the reader may share: his own, an administrator with all. Nobody without that right."""
    access = visit.access
    if not access.special("shared_views"):
        return []
    query = ListQuery(columns=("name",), sort=(Sort("name"),), limit=TEAMS)
    teams = (await visit.work.store.page(visit.module("teams"), query)).rows if access.can("teams", "list") else ()
    own = access.roles if not access.admin else await roles(visit.session)
    found: Audiences = [
        ("team", visit.text("list.share_team"), [(str(row.id), row["name"]) for row in teams if _mine(visit, row.id)]),
        ("role", visit.text("list.share_role"), [(str(role.id), role.name) for role in own]),
    ]
    return [kind for kind in found if kind[2]]


def _mine(visit: Visit, team: UUID) -> bool:
    return visit.access.admin or team in visit.access.teams


async def audience_of(
    visit: Visit, module: Module[Any], view: SavedView | None, wanted: str
) -> tuple[bool, UUID | None]:
    """Whether a view is shared, and with whom alone. Raises Denied without the right, NotFound for nobody one may choose."""
    if not wanted:
        return False, None
    if not visit.access.special("shared_views"):
        raise Denied
    if wanted == EVERYBODY:
        return True, None
    kept = view is not None and str(view.audience) == wanted
    if not kept and all(wanted != id_ for _, _, offered in await audiences(visit) for id_, _ in offered):
        raise NotFound
    return True, UUID(wanted)


def audience_text(view: SavedView) -> str:
    """The same as a form carries it along."""
    return (str(view.audience) if view.audience else EVERYBODY) if view.shared else ""
