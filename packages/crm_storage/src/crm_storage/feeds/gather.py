"""Fetching a tenant's feeds: the due ones, through the outbound door, and only what has changed since."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
import structlog

from crm_domain.definition import Ref
from crm_domain.modules.feeds.take_in import Entry, take_in
from crm_domain.problems import BadValue, Refused
from crm_domain.records.work import Work
from crm_storage.database import Database, Session
from crm_storage.limited import in_child
from crm_storage.notices import tell
from crm_storage.outbound import Answer, Door, fetch

SECONDS = 10.0
BYTES = 2 * 1024**2
FAILURES = 10
"""After so many in a row a feed is paused."""
AT_ONCE = 40
UNCHANGED = 304
WANTED = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
)
DUE = """
SELECT f.id, f.url, coalesce(m.etag, ''), coalesce(m.modified, '') FROM feeds f
LEFT JOIN feed_mark m ON m.feed_id = f.id AND m.url = f.url
WHERE f.active AND f.deleted_at IS NULL AND (f.fetched_at IS NULL OR f.fetched_at <= %(now)s - interval '30 minutes')
ORDER BY f.fetched_at NULLS FIRST, f.id LIMIT %(limit)s
"""
MARK = """
INSERT INTO feed_mark (feed_id, url, etag, modified) VALUES (%(id)s, %(url)s, %(etag)s, %(modified)s)
ON CONFLICT (feed_id) DO UPDATE SET url = excluded.url, etag = excluded.etag, modified = excluded.modified
"""
FETCHED = "UPDATE feeds SET fetched_at = %(now)s, failures = 0 WHERE id = %(id)s AND url = %(url)s"
FAILED = """
UPDATE feeds SET fetched_at = %(now)s, failures = coalesce(failures, 0) + 1,
  active = coalesce(failures, 0) + 1 < %(most)s
WHERE id = %(id)s AND url = %(url)s RETURNING active, name, assigned_to
"""


class Due(msgspec.Struct, frozen=True):
    """A feed to be looked at, with what its server said last about this very address."""

    id: UUID
    url: str
    etag: str
    modified: str


class Feeds:
    """One tenant's. `work` makes the unit of work in which the house acts."""

    def __init__(self, database: Database, door: Door, tenant: int, work: Callable[[Session], Awaitable[Work]]) -> None:
        self._database, self._door, self._tenant, self._work = database, door, tenant, work

    async def gather(self, now: datetime) -> int:
        """Looks at every feed that is due; how many entries are new. One feed's trouble is nobody else's."""
        async with self._database.tenant(self._tenant) as session:
            found = await session.rows(DUE, {"now": now, "limit": AT_ONCE})
        return sum([await self._look(Due(*row), now) for row in found])

    async def _look(self, due: Due, now: datetime) -> int:
        try:
            answer = await self._ask(due)
            entries = [] if answer.status == UNCHANGED else await _entries(answer)
        except (Refused, BadValue):
            await self._failed(due, now)
            return 0
        return await self._keep(due, answer, entries, now)

    async def _ask(self, due: Due) -> Answer:
        """Raises Refused also for an answer that is none."""
        marks = {"if-none-match": due.etag, "if-modified-since": due.modified}
        headers = {"accept": WANTED, **{name: mark for name, mark in marks.items() if mark}}
        answer = await fetch(self._door, self._tenant, due.url, headers=headers, seconds=SECONDS, most_bytes=BYTES)
        if answer.status not in (200, UNCHANGED):
            raise Refused("outbound.unreachable")
        return answer

    async def _keep(self, due: Due, answer: Answer, entries: list[Entry], now: datetime) -> int:
        async with self._database.tenant(self._tenant) as session:
            number = await take_in(await self._work(session), due.id, entries)
            await session.execute(FETCHED, {"id": due.id, "url": due.url, "now": now})
            if answer.status != UNCHANGED:
                etag, modified = answer.headers.get("etag", ""), answer.headers.get("last-modified", "")
                facts = {"id": due.id, "url": due.url, "etag": etag[:500], "modified": modified[:100]}
                await session.execute(MARK, facts)
            await session.commit()
        return number

    async def _failed(self, due: Due, now: datetime) -> None:
        """Counts it; the last one pauses the feed and tells its owner."""
        async with self._database.tenant(self._tenant) as session:
            rows = await session.rows(FAILED, {"id": due.id, "url": due.url, "now": now, "most": FAILURES})
            for active, name, owner in rows:
                if not active and owner:
                    await tell(
                        session, "feed_paused", [owner], f"/feeds/{due.id}", {"name": name}, about=Ref("feeds", due.id)
                    )
            await session.commit()
        structlog.get_logger().info("feed.failed", tenant=self._tenant, feed=str(due.id))


async def _entries(answer: Answer) -> list[Entry]:
    """Raises BadValue for what is no feed."""
    found: list[dict[str, Any]] = await in_child("feed", answer.body, answer.headers.get("content-type", "")[:200])
    return [msgspec.convert({**entry, "at": _moment(entry["at"])}, Entry) for entry in found]


def _moment(seconds: int | None) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC) if seconds is not None and seconds >= 0 else None
    except (ValueError, OverflowError, OSError):
        return None
