"""The news: what my feeds brought, newest first, and what of it I have read."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.problems import NotFound
from crm_storage.feeds.reading import Reading
from crm_web.home.news import counted, entries, sources
from crm_web.visit import Visit

SHOWN = 50


class NewsPages(Controller):
    """/news."""

    path = "/news"

    @get("/")
    async def index(self, visit: Visit, feed: UUID | None = None) -> Response[str]:
        """All of my feeds, or one of them."""
        visit.allow(visit.module("feed_items"), "list")
        mine = await sources(visit)
        chosen = [source for source in mine if feed in (None, source.id)]
        if feed and not chosen:
            raise NotFound
        lines = await entries(visit, [source.id for source in chosen], SHOWN)
        note = visit.access.can("notes", "create")
        return await visit.page(
            "news/page.html",
            current="news",
            sources=[(source, counted(visit, [source])) for source in mine],
            total=counted(visit, mine),
            chosen=str(feed) if feed else "",
            lines=[{**line, "note": _as_note(line) if note else ""} for line in lines],
            may_add=visit.access.can("feeds", "create"),
            older=f"/feed_items?feed={feed}" if feed else "/feed_items",
        )

    @post("/read")
    async def read(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        """Marks one entry as read, or everything in one feed or in all of mine."""
        visit.allow(visit.module("feed_items"), "list")
        feed, item = _id(posted, "feed"), _id(posted, "item")
        reading = Reading(visit.context)
        if item:
            found = await visit.work.store.fetch(visit.module("feed_items"), [item], columns=("name",))
            await reading.mark([row.id for row in found])
        else:
            await reading.mark_all([source.id for source in await sources(visit) if feed in (None, source.id)])
        await visit.commit()
        return visit.go(f"/news?feed={feed}" if feed else "/news")


def _as_note(line: dict[str, Any]) -> str:
    """A note about it, to be related to a record."""
    return "/notes/new?" + urlencode({"name": line["name"][:200], "description": line["link"]})


def _id(posted: FormMultiDict, name: str) -> UUID | None:
    """Raises NotFound for what is no id."""
    text = posted.get(name)
    try:
        return UUID(str(text)) if text else None
    except ValueError:
        raise NotFound from None
