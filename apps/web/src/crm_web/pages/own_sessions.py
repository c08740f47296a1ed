"""Where one is signed in, and who tried to: one's own sessions, and their end."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.definition import Ref
from crm_domain.text.format import format_datetime
from crm_storage.people import sessions
from crm_storage.people.log import log
from crm_storage.people.single_sign_on import is_linked, single_sign_on, unlink
from crm_web.admin.frame import by
from crm_web.admin.sign_ins import device_name, sign_ins
from crm_web.proof import prove
from crm_web.supported import CLOSED
from crm_web.visit import Visit


class OwnSessionPages(Controller):
    """/settings/sessions."""

    path = "/settings/sessions"
    opt = CLOSED

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
        tried, settings = await sign_ins(visit, visit.access.user), await single_sign_on(visit.session)
        return await visit.page(
            "account/sessions.html",
            current="settings",
            tab="sessions",
            rows=rows,
            tried=tried,
            elsewhere=settings.enabled,
            provider=settings.label or visit.text("sso.account"),
            linked=settings.enabled and await is_linked(visit.session, settings.issuer, visit.access.user),
        )

    @post("/unlink")
    async def unlink(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        """One's account elsewhere opens nothing here any more."""
        await prove(visit, posted)
        await unlink(visit.session, visit.access.user)
        await log(visit.session, by(visit), "sso_unlinked", of=Ref("users", visit.access.user), changes={})
        await visit.commit()
        return visit.go("/settings/sessions", visit.text("sso.unlinked"))

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
