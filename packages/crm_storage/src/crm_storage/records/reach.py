"""Rights as WHERE: which rows a reader reaches (SEC-10, SEC-39)."""

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Table, and_, bindparam, exists, false, func, literal, not_, or_, true
from sqlalchemy import Text as SqlText
from sqlalchemy import Uuid as SqlUuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.selectable import Alias, NamedFromClause

from crm_domain.access.rights import Access, Scope
from crm_domain.definition import ManyToAny, Module, Registry, kinds
from crm_domain.definition.kinds import Kind

Clause = ColumnElement[bool]
From = Table | Alias | NamedFromClause[Any]
ME = bindparam("me", type_=SqlUuid())
MY_TEAMS = bindparam("my_teams", type_=ARRAY(SqlUuid()))
CHANGING = ("edit", "delete", "mass_update", "merge")


def access_params(access: Access) -> dict[str, Any]:
    """The parameters that rights predicates use."""
    return {"me": access.user, "my_teams": list(access.teams)}


def reach(scope: Scope, table: From) -> Clause:
    """The rows within a scope. The owner is who is assigned, else who created."""
    own = or_(table.c.assigned_to == ME, and_(table.c.assigned_to.is_(None), table.c.created_by == ME))
    match scope:
        case Scope.ALL:
            return true()
        case Scope.TEAM:
            return or_(own, table.c.team == MY_TEAMS.any_())
        case Scope.OWN:
            return own
        case Scope.NONE:
            return false()


class Around(msgspec.Struct, frozen=True):
    """How far the actor sees what the reach of these records hangs on besides themselves.

    `whole`: the records they are parts of; `links`: by module, those that open what is private. `closed`: what is private and
    not opened so is out of reach, for who acts in the place of the one whose it is (scenario 58).
    """

    whole: Scope = Scope.ALL
    links: tuple[tuple[str, Scope], ...] = ()
    closed: bool = False


def around(access: Access, registry: Registry, module: Module[Any], action: str) -> Around:
    """What surrounds a module's records, as the actor sees it. What opens private ones opens them for reading."""
    whole = access.scope(link_target(module.field(module.part_of)), "view") if module.part_of else Scope.ALL
    closed = access.support and module.privacy is not None
    if module.privacy is None or not module.privacy.links or action in CHANGING:
        return Around(whole, closed=closed)
    table = registry.tables[module.privacy.links]
    assert isinstance(table, ManyToAny)
    seen = ((key, access.scope(key, "view")) for key in table.rights)
    return Around(whole, tuple((key, scope) for key, scope in seen if scope is not Scope.NONE), closed)


def allowed(tables: Mapping[str, Table], module: Module[Any], table: From, scope: Scope, near: Around) -> Clause:
    """The rows within the actor's reach: by scope, by what they are linked to, and by their whole."""
    return and_(_by_privacy(tables, module, table, scope, near), _within_whole(tables, module, table, near.whole))


def _by_privacy(tables: Mapping[str, Table], module: Module[Any], table: From, scope: Scope, near: Around) -> Clause:
    """Private rows are their owner's and his teams', unless a linked record within reach opens them."""
    if module.privacy is None:
        return reach(scope, table)
    opened = _opened(tables, module, table, near.links) if module.privacy.links else []
    public = not_(func.coalesce(table.c[module.privacy.field], false()))
    unless = or_(public, *opened) if near.closed else true()
    if scope in (Scope.NONE, Scope.OWN):
        return and_(reach(scope, table), unless)
    return and_(or_(reach(Scope.TEAM, table), *opened, *([public] if scope is Scope.ALL else [])), unless)


def _opened(
    tables: Mapping[str, Table], module: Module[Any], table: From, links: tuple[tuple[str, Scope], ...]
) -> list[Clause]:
    """Linked to any record within reach."""
    assert module.privacy is not None
    link = tables[module.privacy.links].alias("opening")
    mine = link.c.left_id == table.c.id
    whole = literal([key for key, seen in links if seen is Scope.ALL], ARRAY(SqlText()))
    opened: list[Clause] = [exists().where(mine, link.c.module == whole.any_())]
    for key, seen in links:
        if seen is not Scope.ALL:
            partner = tables[key].alias(f"opening_{key}")
            opened.append(
                exists().where(
                    mine, link.c.right_id == partner.c.id, partner.c.deleted_at.is_(None), reach(seen, partner)
                )
            )
    return opened


def _within_whole(tables: Mapping[str, Table], module: Module[Any], table: From, scope: Scope) -> Clause:
    """The rows whose whole is within a scope."""
    if scope is Scope.ALL:
        return true()
    whole = tables[link_target(module.field(module.part_of))].alias("whole")
    return exists().where(whole.c.id == table.c[module.part_of], reach(scope, whole))


def link_target(kind: Kind) -> str:
    """The module a link field points at; empty for other kinds."""
    match kind:
        case kinds.Link():
            return kind.target
        case kinds.UserLink():
            return "users"
        case _:
            return ""
