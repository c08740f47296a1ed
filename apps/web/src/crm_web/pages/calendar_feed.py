"""One's calendar for other programs, at a secret address: read only, ended with a click."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from litestar import Controller, Request, Response, get, post

from crm_domain.definition import Module
from crm_domain.modules.activities.invite import organizer
from crm_domain.problems import NotFound
from crm_domain.records.agenda import Entry, agenda, midnight, scheduled
from crm_domain.text.ics import Occasion, busy_file, calendar_file
from crm_storage.people import feeds
from crm_storage.people.actor import load_user_actor
from crm_web.gate import tenant_of
from crm_web.installation import Installation
from crm_web.supported import CLOSED
from crm_web.visit import Visit
from crm_web.wiring import visit_of

BACK, AHEAD = timedelta(days=31), timedelta(days=366)
BUSY_BACK, BUSY_AHEAD = timedelta(days=1), timedelta(days=62)
TYPE = "text/calendar"


class CalendarFeedPages(Controller):
    """/calendar/subscribe for its owner, /calendar/feed/<secret> and /calendar/busy/<secret> for programs."""

    path = "/calendar"

    @get("/subscribe", opt=CLOSED)
    async def show(self, visit: Visit) -> Response[str]:
        return await _page(visit)

    @post("/subscribe", status_code=200, opt=CLOSED)
    async def make(self, visit: Visit) -> Response[str]:
        made = await feeds.make_feed(visit.session, visit.access.user)
        await visit.commit()
        paths = (f"/calendar/feed/{made['calendar']}.ics", f"/calendar/busy/{made['busy']}.ifb")
        return await _page(visit, *(visit.installation.url(visit.tenant, path) for path in paths))

    @post("/unsubscribe", opt=CLOSED)
    async def end(self, visit: Visit) -> Response[Any]:
        await feeds.end_feed(visit.session, visit.access.user)
        await visit.commit()
        return visit.go("/calendar/subscribe", visit.text("agenda.feed_ended"))

    @get("/feed/{name:str}")
    async def feed(self, request: Request[Any, Any, Any], name: str) -> Response[bytes]:
        return await _answer(request, name.removesuffix(".ics"), "calendar", _file)

    @get("/busy/{name:str}")
    async def busy(self, request: Request[Any, Any, Any], name: str) -> Response[bytes]:
        """When its owner is busy and nothing else, for whoever was given the address."""
        return await _answer(request, name.removesuffix(".ifb"), "busy", _busy_file)


async def _page(visit: Visit, address: str = "", busy: str = "") -> Response[str]:
    there = bool(address) or await feeds.has_feed(visit.session, visit.access.user)
    return await visit.page("calendar/subscribe.html", current="calendar", address=address, busy=busy, there=there)


async def _answer(
    request: Request[Any, Any, Any], secret: str, what: feeds.What, make: Callable[[Visit], Awaitable[str]]
) -> Response[bytes]:
    """What the owner of a secret sees, made for programs. Raises NotFound."""
    installation: Installation = request.app.state.installation
    tenant = tenant_of(request.scope)
    async with installation.database.tenant(tenant.number) as session:
        user = await feeds.feed_owner(session, secret, what)
        actor = await load_user_actor(session, user) if user else None
        if actor is None:
            raise NotFound
        text = await make(await visit_of(request, installation, session, actor, "feed"))
    return Response(text.encode(), media_type=TYPE, headers={"Cache-Control": "private, max-age=300"})


async def _file(visit: Visit) -> str:
    today = visit.voice.today()
    modules = scheduled(visit.work)
    entries = await agenda(visit.work, today - BACK, today + AHEAD, [visit.access.user], modules)
    by_key = {module.key: module for module in modules}
    occasions = [_occasion(visit, by_key[entry.module], entry) for entry in entries]
    return calendar_file(occasions, name=visit.text("agenda.feed_name", tenant=visit.tenant.name))


async def _busy_file(visit: Visit) -> str:
    user = visit.access.user
    begin = midnight(visit.work, visit.voice.today() - BUSY_BACK)
    end = midnight(visit.work, visit.voice.today() + BUSY_AHEAD)
    times = (await visit.work.store.busy([user], begin, end)).get(user, [])
    return busy_file(times, begin, end, owner=await organizer(visit.work), stamp=visit.voice.now, uid=str(user))


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
