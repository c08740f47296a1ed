"""Support of the host: the way in and out, and where the company's administrators let it in, look after it and end it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.datastructures import FormMultiDict
from litestar.response import Redirect

from crm_domain.problems import Denied, Refused
from crm_domain.text.format import format_datetime
from crm_domain.text.numbers import format_number
from crm_storage.people import support
from crm_storage.people.preferences import setting, settle
from crm_web.admin.frame import need_administrator
from crm_web.bare import bare_page
from crm_web.cookies import clear_session, set_session
from crm_web.gate import tenant_of
from crm_web.installation import Installation
from crm_web.origin import address_of
from crm_web.proof import prove
from crm_web.supported import CLOSED, LEAVING
from crm_web.visit import Visit

HUES = {"asked": "amber", "granted": "blue", "entered": "blue", "refused": "gray", "ended": "gray"}


class SupportEntryPages(Controller):
    """/support/enter: opened from the host's console, in a browser that need not be signed in."""

    path = "/support"

    @get("/enter")
    async def look(self, request: Request[Any, Any, Any], token: str = "") -> Response[str]:
        """Opening the link uses nothing up (SEC-42)."""
        installation: Installation = request.app.state.installation
        async with installation.database.tenant(tenant_of(request.scope).number) as session:
            good = await support.look(session, token)
        return bare_page(request, "account/support.html", status=200 if good else 404, good=good, token=token)

    @post("/enter")
    async def enter(self, request: Request[Any, Any, Any], posted: FormMultiDict) -> Response[Any]:
        installation: Installation = request.app.state.installation
        number = tenant_of(request.scope).number
        agent, address = request.headers.get("user-agent", ""), address_of(request)
        try:
            async with installation.database.tenant(number, address=address) as session:
                secret = await support.enter(session, posted.get("token", ""), agent=agent, address=address)
                await session.commit()
        except Refused:
            return bare_page(request, "account/support.html", status=404, good=False, token="")
        response = Redirect("/", status_code=303)
        set_session(response, secret, secure=installation.secure)
        return response

    @post("/leave", opt=LEAVING)
    async def leave(self, visit: Visit) -> Response[Any]:
        """Ends the visit at once."""
        if visit.actor.support is None:
            raise Denied
        await support.end_visit(visit.session, visit.actor.support.id, by=visit.access.user, request=_request(visit))
        await visit.commit()
        response = Redirect("/login", status_code=303)
        clear_session(response, secure=visit.installation.secure)
        return response


class AdminSupportPages(Controller):
    """/admin/support; only for administrators, and never for support itself."""

    path = "/admin/support"
    opt = CLOSED

    @get("/")
    async def index(self, visit: Visit) -> Response[str]:
        _need(visit)
        rows = [
            {
                "id": one.id,
                "operator": one.operator,
                "reason": one.reason,
                "user": one.user_name,
                "writes": one.writes,
                "minutes": format_number(one.minutes, visit.voice.locale),
                "state": one.state,
                "said": visit.text(f"support.state.{one.state}"),
                "hue": HUES[one.state],
                "asked": _moment(visit, one.asked_at),
                "until": _moment(visit, one.until) if one.until else "",
            }
            for one in await support.accesses(visit.session)
        ]
        open_ = bool(await setting(visit.session, support.OPEN_DOOR))
        return await visit.page("admin/support.html", current="admin", tab="support", rows=rows, open_door=open_)

    @post("/")
    async def keep(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        """Whether support may come and look without being let in each time."""
        _need(visit)
        await prove(visit, posted)
        given = "open" in posted
        await settle(visit.session, support.OPEN_DOOR, given, by=visit.access.user, request=_request(visit))
        await visit.commit()
        return visit.go("/admin/support", visit.text("settings.saved"))

    @post("/{access_id:uuid}/grant")
    async def grant(self, visit: Visit, access_id: UUID, posted: FormMultiDict) -> Response[Any]:
        _need(visit)
        await prove(visit, posted)
        return await _decided(visit, access_id, grant=True)

    @post("/{access_id:uuid}/refuse")
    async def refuse(self, visit: Visit, access_id: UUID) -> Response[Any]:
        _need(visit)
        return await _decided(visit, access_id, grant=False)

    @post("/{access_id:uuid}/end")
    async def end(self, visit: Visit, access_id: UUID) -> Response[Any]:
        """Ends a visit under way, or takes back the word for one that has not begun."""
        _need(visit)
        await support.end_visit(visit.session, access_id, by=visit.access.user, request=_request(visit))
        await visit.commit()
        return visit.go("/admin/support", visit.text("support.ended"))


def _need(visit: Visit) -> None:
    need_administrator(visit)
    if visit.actor.support:
        raise Denied


async def _decided(visit: Visit, id_: UUID, *, grant: bool) -> Response[Any]:
    await support.decide(visit.session, id_, grant=grant, by=visit.access.user, request=_request(visit))
    await visit.commit()
    return visit.go("/admin/support", visit.text("support.state.granted" if grant else "support.state.refused"))


def _moment(visit: Visit, at: datetime) -> str:
    return format_datetime(at, visit.voice.locale, visit.voice.catalogue)


def _request(visit: Visit) -> str:
    return visit.request_id
