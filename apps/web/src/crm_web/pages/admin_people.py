"""The tenant's people: which roles each has, why somebody may or may not, letting in and ending sessions."""

from typing import Any, cast
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.access.rights import ACTIONS, Action
from crm_domain.problems import NotFound
from crm_storage.people import passwords, preferences, revoke
from crm_storage.people.administer import assign_roles, explain_right, roles, roles_of
from crm_storage.people.second_factor import forget_factor, second_factor
from crm_storage.people.sign_in import unlock
from crm_web.admin.frame import by, by_name, need, posted_id
from crm_web.admin.sign_ins import sign_ins
from crm_web.installation import vault_of
from crm_web.proof import prove
from crm_web.reach import one
from crm_web.supported import CLOSED
from crm_web.visit import Visit


class AdminPeoplePages(Controller):
    """/admin/people; only for those who may manage users."""

    path = "/admin/people"
    opt = CLOSED

    @get("/")
    async def index(self, visit: Visit, q: str = "") -> Response[str]:
        need(visit, "manage_users")
        found, more = await by_name(visit, "users", ("user_name", "status", "user_type"), q)
        names = {one.id: one.name for one in await roles(visit.session)}
        given = await roles_of(visit.session, [row.id for row in found])
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
            for row in found
        ]
        combination = await preferences.setting(visit.session, "role_combination") or "most_permissive"
        facts = {"rows": rows, "words": q, "more": more, "new": visit.text("users.new"), "combination": combination}
        return await visit.page("admin/people.html", current="admin", tab="people", **facts)

    @post("/combination")
    async def combine(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        """How several roles of one user combine (scenario 49)."""
        need(visit, "manage_roles")
        await prove(visit, posted)
        await preferences.keep_combination(
            visit.session, posted.get("combination", ""), by=visit.access.user, request=visit.request_id
        )
        await visit.commit()
        return visit.go("/admin/people", visit.text("settings.saved"))

    @get("/{user_id:uuid}")
    async def person(self, visit: Visit, user_id: UUID, module: str = "", action: str = "") -> Response[str]:
        """A user's roles, and why he may do what on which module."""
        need(visit, "manage_users")
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
            factor=await second_factor(visit.session, user_id),
        )

    @post("/{user_id:uuid}/roles")
    async def assign(self, visit: Visit, user_id: UUID, posted: FormMultiDict) -> Response[Any]:
        need(visit, "manage_users")
        await prove(visit, posted)
        ids = [posted_id(text) for text in posted.getall("role", [])]
        await assign_roles(visit.session, visit.work.registry, by(visit), user_id, ids, keep=visit.actor.session)
        return await _done(visit, user_id, "settings.saved")

    @post("/{user_id:uuid}/invite")
    async def invite(self, visit: Visit, user_id: UUID) -> Response[Any]:
        """Mails a link to set the first password."""
        need(visit, "manage_users")
        link = visit.installation.url(visit.tenant, "/invite?token=")
        await passwords.invite(visit.session, user_id, visit.tenant.name, link)
        return await _done(visit, user_id, "admin.invited")

    @post("/{user_id:uuid}/unlock")
    async def unlock(self, visit: Visit, user_id: UUID) -> Response[Any]:
        """Lets somebody who forgot his password too often try again at once."""
        need(visit, "manage_users")
        await one(visit, visit.module("users"), user_id)
        await unlock(visit.session, user_id)
        return await _done(visit, user_id, "admin.unlocked")

    @post("/{user_id:uuid}/end")
    async def end(self, visit: Visit, user_id: UUID) -> Response[Any]:
        """Ends every session and token of a user."""
        need(visit, "manage_users")
        await one(visit, visit.module("users"), user_id)
        await revoke.revoke(visit.session, user_id, keep=visit.actor.session)
        return await _done(visit, user_id, "admin.ended")

    @post("/{user_id:uuid}/forget_factor")
    async def forget_factor(self, visit: Visit, user_id: UUID, posted: FormMultiDict) -> Response[Any]:
        """For somebody who lost his phone and his codes: the next sign-in asks for the password alone."""
        need(visit, "manage_users")
        await one(visit, visit.module("users"), user_id)
        await prove(visit, posted)
        vault = vault_of(visit.installation, visit.tenant)
        await forget_factor(visit.session, vault, by(visit), user_id, keep=visit.actor.session)
        return await _done(visit, user_id, "factor.forgotten")


async def _done(visit: Visit, user: UUID, said: str) -> Response[Any]:
    await visit.commit()
    return visit.go(f"/admin/people/{user}", visit.text(said))


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
