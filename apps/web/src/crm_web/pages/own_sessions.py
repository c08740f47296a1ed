"""Where one is signed in, and who tried to: one's own sessions, and their end."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post

from crm_domain.text.format import format_datetime
from crm_storage.people import sessions
from crm_web.admin.sign_ins import device_name, sign_ins
from crm_web.visit import Visit


class OwnSessionPages(Controller):
    """/settings/sessions."""

    path = "/settings/sessions"

    @get("/")
    async def show(self, visit: Visit) -> Response[str]:
        locale, words = visit.voice.locale, visit.voice.catalogue
        rows = [
            {
                "id": one.id,
                "device": device_name(visit, one.agent),
                "agent": one.agent,
                "address": one.address,
                "since": format_datetime(one.opened_at, locale, words),
                "seen": format_datetime(one.last_seen_at, locale, words),
                "here": one.id == visit.actor.session,
            }
            for one in await sessions.sessions_of(visit.session, visit.access.user)
        ]
        tried = await sign_ins(visit, visit.access.user)
        return await visit.page("account/sessions.html", current="settings", tab="sessions", rows=rows, tried=tried)

    @post("/{session_id:uuid}/end")
    async def end(self, visit: Visit, session_id: UUID) -> Response[Any]:
        await sessions.end_session(visit.session, visit.access.user, session_id)
        await visit.commit()
        return visit.go("/settings/sessions", visit.text("settings.session_ended"))

    @post("/end_others")
    async def end_others(self, visit: Visit) -> Response[Any]:
        await sessions.end_other_sessions(visit.session, visit.access.user, keep=visit.actor.session)
        await visit.commit()
        return visit.go("/settings/sessions", visit.text("settings.others_ended"))
