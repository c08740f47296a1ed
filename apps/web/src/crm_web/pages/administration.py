"""The tenant's administration: people and their roles, the matrix of rights, teams, why somebody may or may not."""

from typing import Any, cast
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.access.rights import ACTIONS, SCOPELESS, SPECIALS, Action, Combination, Scope
from crm_domain.people.granting import RoleDraft
from crm_domain.problems import Denied, FieldProblem, Invalid, NotFound, Refused
from crm_domain.query.page import ListQuery, Sort
from crm_storage.people import passwords, preferences, revoke
from crm_storage.people.administer import (
    By,
    StoredRole,
    add_role,
    assign_roles,
    change_role,
    explain_right,
    members,
    remove_role,
    role,
    roles,
    roles_of,
    set_members,
)
from crm_storage.people.sign_in import unlock
from crm_web.proof import prove
from crm_web.reach import one
from crm_web.sign_ins import sign_ins
from crm_web.visit import Visit

MOST_PEOPLE = 200
SCOPES = (Scope.NONE, Scope.OWN, Scope.TEAM, Scope.ALL)
EVERY = "*"


class AdministrationPages(Controller):
    """/admin; only for those who may manage users or roles."""

    path = "/admin"

    @get("/")
    async def index(self, visit: Visit) -> Response[str]:
        _may(visit, "manage_users")
        query = ListQuery(columns=("name", "user_name", "status", "user_type"), sort=(Sort("name"),), limit=MOST_PEOPLE)
        page = await visit.work.store.page(visit.module("users"), query)
        names = {one.id: one.name for one in await roles(visit.session)}
        given = await roles_of(visit.session, [row.id for row in page.rows])
        module = visit.module("users")
        administrator = visit.text("user_type.administrator")
        rows = [
            {
                "id": row.id,
                "name": row["name"],
                "user_name": row["user_name"],
                "active": row["status"] == "active",
                "admin": row["user_type"] == "administrator",
                "roles": [names[id_] for id_ in given[row.id] if names.get(id_, administrator) != administrator],
            }
            for row in page.rows
        ]
        combination = await preferences.setting(visit.session, "role_combination") or "most_permissive"
        return await visit.page(
            "admin/people.html",
            current="admin",
            tab="people",
            rows=rows,
            new=visit.text(f"{module.key}.new"),
            combination=combination,
        )

    @post("/combination")
    async def combine(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        """How several roles of one user combine (scenario 49)."""
        _may(visit, "manage_roles")
        await prove(visit, posted)
        await preferences.keep_combination(visit.session, cast(Combination, posted.get("combination", "")))
        await visit.commit()
        return visit.go("/admin", visit.text("settings.saved"))

    @get("/people/{user_id:uuid}")
    async def person(self, visit: Visit, user_id: UUID, module: str = "", action: str = "") -> Response[str]:
        """A user's roles, and why he may do what on which module."""
        _may(visit, "manage_users")
        row = await one(visit, visit.module("users"), user_id)
        mine = set((await roles_of(visit.session, [user_id]))[user_id])
        explained = await _explained(visit, user_id, module, action) if module else None
        return await visit.page(
            "admin/person.html",
            current="admin",
            tab="people",
            row=row,
            name=row["name"],
            roles=[(found.id, found.name, found.id in mine) for found in await roles(visit.session)],
            modules=[(found.key, visit.voice.module(found)) for found in visit.work.registry.modules.values()],
            actions=[(known, visit.text(f"roles.action.{known}")) for known in ACTIONS],
            asked=(module, action),
            explained=explained,
            tried=await sign_ins(visit, user_id),
        )

    @post("/people/{user_id:uuid}/roles")
    async def assign(self, visit: Visit, user_id: UUID, posted: FormMultiDict) -> Response[Any]:
        _may(visit, "manage_users")
        await prove(visit, posted)
        ids = [_id(text) for text in posted.getall("role", [])]
        await assign_roles(visit.session, visit.work.registry, by(visit), user_id, ids, keep=visit.actor.session)
        await visit.commit()
        return visit.go(f"/admin/people/{user_id}", visit.text("settings.saved"))

    @post("/people/{user_id:uuid}/invite")
    async def invite(self, visit: Visit, user_id: UUID) -> Response[Any]:
        """Mails a link to set the first password."""
        _may(visit, "manage_users")
        link = visit.installation.url(visit.tenant, "/invite?token=")
        await passwords.invite(visit.session, user_id, visit.tenant.name, link)
        await visit.commit()
        return visit.go(f"/admin/people/{user_id}", visit.text("admin.invited"))

    @post("/people/{user_id:uuid}/unlock")
    async def unlock(self, visit: Visit, user_id: UUID) -> Response[Any]:
        """Lets somebody who forgot his password too often try again at once."""
        _may(visit, "manage_users")
        await one(visit, visit.module("users"), user_id)
        await unlock(visit.session, user_id)
        await visit.commit()
        return visit.go(f"/admin/people/{user_id}", visit.text("admin.unlocked"))

    @post("/people/{user_id:uuid}/end")
    async def end(self, visit: Visit, user_id: UUID) -> Response[Any]:
        """Ends every session and token of a user."""
        _may(visit, "manage_users")
        await one(visit, visit.module("users"), user_id)
        await revoke.revoke(visit.session, user_id, keep=visit.actor.session)
        await visit.commit()
        return visit.go(f"/admin/people/{user_id}", visit.text("admin.ended"))

    @get("/roles")
    async def roles(self, visit: Visit) -> Response[str]:
        _may(visit, "manage_roles")
        return await visit.page("admin/roles.html", current="admin", tab="roles", roles=await roles(visit.session))

    @get("/roles/new")
    async def new_role(self, visit: Visit) -> Response[str]:
        _may(visit, "manage_roles")
        return await _role_page(visit, None, [])

    @post("/roles")
    async def add_role(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        _may(visit, "manage_roles")
        await prove(visit, posted)
        try:
            await add_role(visit.session, visit.work.registry, by(visit), _draft(visit, posted))
        except (Invalid, Refused) as problem:
            return await _role_page(visit, None, said(visit, problem))
        await visit.commit()
        return visit.go("/admin/roles", visit.text("settings.saved"))

    @get("/roles/{role_id:uuid}")
    async def role(self, visit: Visit, role_id: UUID) -> Response[str]:
        _may(visit, "manage_roles")
        return await _role_page(visit, await role(visit.session, role_id), [])

    @post("/roles/{role_id:uuid}")
    async def change_role(self, visit: Visit, role_id: UUID, posted: FormMultiDict) -> Response[Any]:
        _may(visit, "manage_roles")
        await prove(visit, posted)
        version = int(posted.get("version", "0") or 0)
        stored = await role(visit.session, role_id)
        draft = msgspec.structs.replace(_draft(visit, posted), fields=stored.draft.fields)
        try:
            await change_role(visit.session, visit.work.registry, by(visit), role_id, version=version, draft=draft)
        except (Invalid, Refused) as problem:
            return await _role_page(visit, stored, said(visit, problem))
        await visit.commit()
        return visit.go("/admin/roles", visit.text("settings.saved"))

    @post("/roles/{role_id:uuid}/delete")
    async def remove_role(self, visit: Visit, role_id: UUID, posted: FormMultiDict) -> Response[Any]:
        _may(visit, "manage_roles")
        await prove(visit, posted)
        await remove_role(visit.session, visit.work.registry, by(visit), role_id)
        await visit.commit()
        return visit.go("/admin/roles", visit.text("admin.role_deleted"))

    @get("/teams/{team_id:uuid}")
    async def team(self, visit: Visit, team_id: UUID) -> Response[str]:
        _may(visit, "manage_users")
        row = await one(visit, visit.module("teams"), team_id)
        inside = {found.user: found.is_leader for found in await members(visit.session, team_id)}
        query = ListQuery(columns=("name",), sort=(Sort("name"),), limit=MOST_PEOPLE)
        page = await visit.work.store.page(visit.module("users"), query)
        people = [(found.id, found["name"], found.id in inside, inside.get(found.id, False)) for found in page.rows]
        return await visit.page(
            "admin/team.html", current="admin", tab="teams", row=row, name=row["name"], people=people
        )

    @get("/teams")
    async def teams(self, visit: Visit) -> Response[str]:
        _may(visit, "manage_users")
        query = ListQuery(columns=("name", "parent"), sort=(Sort("name"),), limit=MOST_PEOPLE)
        page = await visit.work.store.page(visit.module("teams"), query)
        rows = [(row.id, row["name"], row["parent"].name if row["parent"] else "") for row in page.rows]
        return await visit.page("admin/teams.html", current="admin", tab="teams", rows=rows)

    @post("/teams/{team_id:uuid}")
    async def set_team(self, visit: Visit, team_id: UUID, posted: FormMultiDict) -> Response[Any]:
        _may(visit, "manage_users")
        leaders = {_id(text) for text in posted.getall("leader", [])}
        people = {id_: id_ in leaders for id_ in {_id(text) for text in posted.getall("member", [])} | leaders}
        await set_members(visit.session, by(visit), team_id, people)
        await visit.commit()
        return visit.go(f"/admin/teams/{team_id}", visit.text("settings.saved"))


def _may(visit: Visit, right: Any) -> None:
    if not visit.access.special(right):
        raise Denied


def by(visit: Visit) -> By:
    return By(visit.access, "web", str(visit.request.scope["state"]["request_id"]))


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Invalid({"id": (FieldProblem("problems.unknown_record"),)}) from None


def said(visit: Visit, problem: Invalid | Refused) -> list[str]:
    if isinstance(problem, Refused):
        return [visit.text(problem.id, **problem.facts)]
    return [visit.text(one.id, **one.facts) for found in problem.fields.values() for one in found]


def _draft(visit: Visit, posted: FormMultiDict) -> RoleDraft:
    """The matrix as posted: one choice for each module and action; what is not named follows the row of every module."""
    grants: dict[str, dict[str, Scope]] = {}
    for name, value in posted.multi_items():
        module, _, action = name.removeprefix("grant.").partition(".")
        known = module == EVERY or module in visit.work.registry
        if name.startswith("grant.") and known and action in ACTIONS and value.isdigit() and int(value) in list(Scope):
            grants.setdefault(module, {})[action] = Scope(int(value))
    specials = frozenset(right for right in posted.getall("special", []) if right in SPECIALS)
    return RoleDraft(name=posted.get("name", ""), grants=grants, specials=specials)


async def _role_page(visit: Visit, stored: StoredRole | None, problems: list[str]) -> Response[str]:
    grants = stored.grants if stored else {}
    modules = [
        (EVERY, visit.text("admin.every_module")),
        *[(m.key, visit.voice.module(m)) for m in visit.work.registry.modules.values()],
    ]
    matrix = [
        {
            "key": key,
            "label": label,
            "cells": [
                (action, grants[key][action] if action in grants.get(key, {}) else -1, _scopes(visit, action))
                for action in ACTIONS
            ],
        }
        for key, label in modules
    ]
    return await visit.page(
        "admin/role.html",
        status=422 if problems else 200,
        current="admin",
        tab="roles",
        role=stored,
        every=EVERY,
        matrix=matrix,
        actions=[visit.text(f"roles.action.{action}") for action in ACTIONS],
        specials=[
            (right, visit.text(f"roles.special.{right}"), bool(stored and right in stored.specials))
            for right in SPECIALS
        ],
        problems=problems,
    )


def _scopes(visit: Visit, action: str) -> list[tuple[int, str]]:
    offered = (Scope.NONE, Scope.ALL) if action in SCOPELESS else SCOPES
    return [(int(scope), visit.text(f"roles.scope.{scope.name.lower()}")) for scope in offered]


async def _explained(visit: Visit, user: UUID, module: str, action: str) -> dict[str, Any]:
    if module not in visit.work.registry or action not in ACTIONS:
        raise NotFound
    scope, reasons = await explain_right(visit.session, user, module, cast(Action, action))
    return {
        "scope": visit.text(f"roles.scope.{scope.name.lower()}"),
        "reasons": [
            (reason.role, visit.text(f"roles.scope.{reason.scope.name.lower()}"), reason.decided) for reason in reasons
        ],
    }
