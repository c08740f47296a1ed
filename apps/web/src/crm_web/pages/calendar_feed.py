"""One's calendar for other programs, at a secret address: read only, ended with a click."""

from datetime import timedelta
from typing import Any

from litestar import Controller, Request, Response, get, post

from crm_domain.definition import Module
from crm_domain.problems import NotFound
from crm_domain.records.agenda import Entry, agenda, scheduled
from crm_domain.text.ics import Occasion, calendar_file
from crm_storage.people import feeds
from crm_storage.people.actor import load_user_actor
from crm_web.gate import tenant_of
from crm_web.installation import Installation
from crm_web.visit import Visit
from crm_web.wiring import visit_of

BACK, AHEAD = timedelta(days=31), timedelta(days=366)
TYPE = "text/calendar"


class CalendarFeedPages(Controller):
    """/calendar/subscribe for its owner, /calendar/feed/<secret> for his programs."""

    path = "/calendar"

    @get("/subscribe")
    async def show(self, visit: Visit) -> Response[str]:
        return await _page(visit, "")

    @post("/subscribe")
    async def make(self, visit: Visit) -> Response[str]:
        secret = await feeds.make_feed(visit.session, visit.access.user)
        await visit.commit()
        return await _page(visit, visit.installation.url(visit.tenant, f"/calendar/feed/{secret}.ics"))

    @post("/unsubscribe")
    async def end(self, visit: Visit) -> Response[Any]:
        await feeds.end_feed(visit.session, visit.access.user)
        await visit.commit()
        return visit.go("/calendar/subscribe", visit.text("agenda.feed_ended"))

    @get("/feed/{name:str}")
    async def feed(self, request: Request[Any, Any, Any], name: str) -> Response[bytes]:
        installation: Installation = request.app.state.installation
        tenant = tenant_of(request.scope)
        async with installation.database.tenant(tenant.number) as session:
            user = await feeds.feed_owner(session, name.removesuffix(".ics"))
            actor = await load_user_actor(session, user) if user else None
            if actor is None:
                raise NotFound
            visit = await visit_of(request, installation, session, actor, "feed")
            text = await _file(visit)
        return Response(text.encode(), media_type=TYPE, headers={"Cache-Control": "private, max-age=300"})


async def _page(visit: Visit, address: str) -> Response[str]:
    there = bool(address) or await feeds.has_feed(visit.session, visit.access.user)
    return await visit.page("calendar/subscribe.html", current="calendar", address=address, there=there)


async def _file(visit: Visit) -> str:
    today = visit.voice.today()
    modules = scheduled(visit.work)
    entries = await agenda(visit.work, today - BACK, today + AHEAD, [visit.access.user], modules)
    by_key = {module.key: module for module in modules}
    occasions = [_occasion(visit, by_key[entry.module], entry) for entry in entries]
    return calendar_file(occasions, name=visit.text("agenda.feed_name", tenant=visit.tenant.name))


def _occasion(visit: Visit, module: Module[Any], entry: Entry) -> Occasion:
    path = f"/{entry.module}/{entry.id}"
    return Occasion(
        uid=str(entry.id),
        start=entry.start,
        end=entry.end,
        name=entry.name,
        zone=visit.work.locale.zone,
        whole_day=entry.whole_day,
        url=visit.installation.url(visit.tenant, path),
        busy=bool(module.schedule and module.schedule.end) and not entry.closed,
        sequence=entry.version,
        stamp=visit.voice.now,
    )
