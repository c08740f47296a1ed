"""What a feed brought becomes entries, each once."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from crm_domain.definition import Ref
from crm_domain.modules.feeds.fields import Feed, FeedItem
from crm_domain.query.filter import Condition, both
from crm_domain.query.page import ListQuery
from crm_domain.records.save import cleaned
from crm_domain.text.rich import to_plain, without_pictures

if TYPE_CHECKING:
    from crm_domain.records.work import Work

MOST = 100
"""Entries taken at once: the first ones, as feeds put the newest first."""
LONGEST = {"name": 255, "author": 255, "guid": 500, "link": 2000, "summary": 20_000}


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry as its feed gives it: markup in title and summary is not to be trusted, `at` may be missing."""

    guid: str
    title: str = ""
    link: str = ""
    author: str = ""
    summary: str = ""
    at: datetime | None = None


async def take_in(work: "Work", feed: UUID, entries: Sequence[Entry]) -> int:
    """Keeps the entries that are new; how many. The feed stays locked until the work ends, so none comes twice."""
    module, given = work.module(FeedItem), {entry.guid[: LONGEST["guid"]]: entry for entry in reversed(entries[:MOST])}
    if not given or not await work.store.fetch(work.module(Feed), [feed], columns=("name",), lock=True):
        return 0
    same = both(Condition("feed", "eq", feed), Condition("guid", "in", tuple(given)))
    known = await work.store.page(module, ListQuery(filter=same, columns=("guid",), limit=MOST))
    for row in known.rows:
        given.pop(row["guid"], None)
    said = ({**_worded(entry, work.now()), "guid": guid, "feed": Ref("feeds", feed)} for guid, entry in given.items())
    await work.store.insert(module, [(work.new_id(), cleaned(module, values)) for values in said])
    return len(given)


def _worded(entry: Entry, now: datetime) -> dict[str, object]:
    """Cut to size and cleaned; without a date the entry is as old as its coming, and none lies ahead."""
    name = " ".join(to_plain(entry.title).split()) or entry.link or entry.guid
    link = entry.link if entry.link.lower().startswith(("http://", "https://")) else ""
    return {
        "name": name[: LONGEST["name"]],
        "link": link if len(link) <= LONGEST["link"] else "",
        "author": " ".join(to_plain(entry.author).split())[: LONGEST["author"]],
        "summary": without_pictures(entry.summary[: LONGEST["summary"]]),
        "published_at": min(entry.at, now) if entry.at else now,
    }
