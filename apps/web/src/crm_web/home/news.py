"""What a reader's news are made of: his feeds with what is new in each, and the entries worded for a page."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import msgspec

from crm_domain.query.filter import Condition, Filter, Group, Starred
from crm_domain.query.page import ListQuery, Row, Sort
from crm_domain.text import format as formats
from crm_domain.text.numbers import format_number
from crm_storage.feeds.reading import Reading
from crm_web.visit import Visit

MOST_FEEDS = 200
NEWEST = (Sort("published_at", descending=True),)
COLUMNS = ("name", "feed", "link", "author", "published_at", "summary")
MINE: Filter = Group((Condition("published", "eq", True), Starred()), any=True)
"""What administrators put before everybody, and what the reader has starred."""


class Source(msgspec.Struct, frozen=True):
    """A feed as the reader sees it beside his news."""

    id: UUID
    name: str
    folder: str
    paused: bool
    unread: int


async def sources(visit: Visit) -> list[Source]:
    """The reader's feeds, folder by folder."""
    query = ListQuery(
        filter=MINE, columns=("name", "folder", "active"), sort=(Sort("folder"), Sort("name")), limit=MOST_FEEDS
    )
    rows = (await visit.work.store.page(visit.module("feeds"), query)).rows
    unread = await Reading(visit.context).unread([row.id for row in rows])
    return [Source(row.id, row["name"], row["folder"] or "", not row["active"], unread.get(row.id, 0)) for row in rows]


async def entries(visit: Visit, feeds: Sequence[UUID], limit: int) -> list[dict[str, Any]]:
    """The newest entries of these feeds, within the reader's rights."""
    if not feeds:
        return []
    filter_ = Condition("feed", "in", tuple(feeds))
    query = ListQuery(filter=filter_, columns=COLUMNS, sort=NEWEST, limit=limit)
    rows = (await visit.work.store.page(visit.module("feed_items"), query)).rows
    read = await Reading(visit.context).read([row.id for row in rows])
    return [_line(visit, row, new=row.id not in read) for row in rows]


def counted(visit: Visit, found: Iterable[Source]) -> str:
    """How much is new, in the reader's digits; nothing for none."""
    number = sum(source.unread for source in found)
    return format_number(number, visit.voice.locale) if number else ""


def _line(visit: Visit, row: Row, *, new: bool) -> dict[str, Any]:
    at = row["published_at"]
    return {
        "id": str(row.id),
        "name": row["name"],
        "feed": row["feed"].name,
        "author": row["author"] or "",
        "link": row["link"] or "",
        "summary": row["summary"] or "",
        "new": new,
        "iso": at.isoformat(),
        "at": formats.format_datetime(at, visit.voice.locale, visit.voice.catalogue),
    }
