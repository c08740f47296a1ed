"""The tenant's roles: the matrix of rights by module and action, and the rights beside it."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.access.rights import ACTIONS, SCOPELESS, SPECIALS, Scope
from crm_domain.people.granting import EVERY, RoleDraft
from crm_domain.problems import Invalid, Refused
from crm_storage.people.administer import StoredRole, add_role, remove_role, role, roles
from crm_web.admin.frame import by, need, said
from crm_web.admin.role import changed, role_page
from crm_web.proof import prove
from crm_web.supported import CLOSED
from crm_web.visit import Visit

SCOPES = (Scope.NONE, Scope.OWN, Scope.TEAM, Scope.ALL)
NEW = RoleDraft(name="")


class AdminRolePages(Controller):
    """/admin/roles; only for those who may manage roles."""

    path = "/admin/roles"
    opt = CLOSED

    @get("/")
    async def roles(self, visit: Visit) -> Response[str]:
        need(visit, "manage_roles")
        return await visit.page("admin/roles.html", current="admin", tab="roles", roles=await roles(visit.session))

    @get("/new")
    async def new_role(self, visit: Visit) -> Response[str]:
        need(visit, "manage_roles")
        return await _page(visit, None, NEW, [])

    @post("/")
    async def add_role(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        need(visit, "manage_roles")
        await prove(visit, posted)
        draft = _draft(visit, posted)
        try:
            await add_role(visit.session, visit.work.registry, by(visit), draft)
        except (Invalid, Refused) as problem:
            return await _page(visit, None, draft, said(visit, problem))
        await visit.commit()
        return visit.go("/admin/roles", visit.text("settings.saved"))

    @get("/{role_id:uuid}")
    async def role(self, visit: Visit, role_id: UUID) -> Response[str]:
        need(visit, "manage_roles")
        stored = await role(visit.session, role_id)
        return await _page(visit, stored, stored.draft, [])

    @post("/{role_id:uuid}")
    async def change_role(self, visit: Visit, role_id: UUID, posted: FormMultiDict) -> Response[Any]:
        need(visit, "manage_roles")
        await prove(visit, posted)
        stored = await role(visit.session, role_id)
        draft = msgspec.structs.replace(_draft(visit, posted), fields=stored.draft.fields)
        if problems := await changed(visit, stored, draft, posted):
            return await _page(visit, stored, draft, problems)
        return visit.go("/admin/roles", visit.text("settings.saved"))

    @post("/{role_id:uuid}/delete")
    async def remove_role(self, visit: Visit, role_id: UUID, posted: FormMultiDict) -> Response[Any]:
        need(visit, "manage_roles")
        await prove(visit, posted)
        await remove_role(visit.session, visit.work.registry, by(visit), role_id)
        await visit.commit()
        return visit.go("/admin/roles", visit.text("admin.role_deleted"))


def _draft(visit: Visit, posted: FormMultiDict) -> RoleDraft:
    """The matrix as posted: one choice for each module and action; what is not named follows the row of every module."""
    grants: dict[str, dict[str, Scope]] = {}
    for name, value in posted.multi_items():
        module, _, action = name.removeprefix("grant.").partition(".")
        known = module == EVERY or module in visit.work.registry
        if name.startswith("grant.") and known and action in ACTIONS and value in _CODES:
            grants.setdefault(module, {})[action] = _CODES[value]
    specials = frozenset(right for right in posted.getall("special", []) if right in SPECIALS)
    return RoleDraft(name=posted.get("name", ""), grants=grants, specials=specials)


_CODES = {str(int(scope)): scope for scope in Scope}


async def _page(visit: Visit, stored: StoredRole | None, draft: RoleDraft, problems: list[str]) -> Response[str]:
    """The matrix as the draft has it, so that nothing chosen is lost when it cannot be kept."""
    every = (EVERY, visit.text("admin.every_module"))
    modules = [every, *[(m.key, visit.voice.module(m)) for m in visit.work.registry.modules.values()]]
    matrix = [
        {
            "key": key,
            "label": label,
            "cells": [
                (action, draft.grants.get(key, {}).get(action, -1), _scopes(visit, action)) for action in ACTIONS
            ],
        }
        for key, label in modules
    ]
    return await role_page(
        visit,
        "admin/role.html",
        stored,
        problems,
        name=draft.name,
        every=EVERY,
        matrix=matrix,
        actions=[visit.text(f"roles.action.{action}") for action in ACTIONS],
        specials=[(right, visit.text(f"roles.special.{right}"), right in draft.specials) for right in SPECIALS],
    )


def _scopes(visit: Visit, action: str) -> list[tuple[int, str]]:
    offered = (Scope.NONE, Scope.ALL) if action in SCOPELESS else SCOPES
    return [(int(scope), visit.text(f"roles.scope.{scope.name.lower()}")) for scope in offered]
