"""The tenant's teams: who is in which, and who leads it."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_storage.people.administer import members, set_members
from crm_web.admin.frame import by, by_name, need, posted_id
from crm_web.reach import one
from crm_web.visit import Visit


class AdminTeamPages(Controller):
    """/admin/teams; only for those who may manage users."""

    path = "/admin/teams"

    @get("/")
    async def teams(self, visit: Visit, q: str = "") -> Response[str]:
        need(visit, "manage_users")
        found, more = await by_name(visit, "teams", ("parent",), q)
        rows = [(row.id, row["name"], row["parent"].name if row["parent"] else "") for row in found]
        return await visit.page("admin/teams.html", current="admin", tab="teams", rows=rows, words=q, more=more)

    @get("/{team_id:uuid}")
    async def team(self, visit: Visit, team_id: UUID, q: str = "") -> Response[str]:
        """Every member, for saving makes those ticked the whole team; then whom the words find, or the first by name."""
        need(visit, "manage_users")
        row = await one(visit, visit.module("teams"), team_id)
        inside = await members(visit.session, team_id)
        known = {member.user for member in inside}
        found, more = await by_name(visit, "users", (), q)
        people = [(member.user, member.name, True, member.is_leader) for member in inside]
        people += [(user.id, user["name"], False, False) for user in found if user.id not in known]
        facts = {"row": row, "name": row["name"], "people": people, "words": q, "more": more}
        return await visit.page("admin/team.html", current="admin", tab="teams", **facts)

    @post("/{team_id:uuid}")
    async def set_team(self, visit: Visit, team_id: UUID, posted: FormMultiDict) -> Response[Any]:
        need(visit, "manage_users")
        leaders = {posted_id(text) for text in posted.getall("leader", [])}
        people = {id_: id_ in leaders for id_ in {posted_id(text) for text in posted.getall("member", [])} | leaders}
        await set_members(visit.session, by(visit), team_id, people)
        await visit.commit()
        return visit.go(f"/admin/teams/{team_id}", visit.text("settings.saved"))
