"""What a user has read of the news."""

from collections.abc import Sequence
from uuid import UUID

from crm_domain.access.rights import Scope
from crm_storage.records.context import Context

UNREAD = """
SELECT i.feed, count(*) FROM feed_items i WHERE i.feed = ANY(%(feeds)s) AND i.deleted_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM feed_read r WHERE r.user_id = %(me)s AND r.item_id = i.id) GROUP BY i.feed
"""
READ = "SELECT item_id FROM feed_read WHERE user_id = %(me)s AND item_id = ANY(%(items)s)"
MARK = """
INSERT INTO feed_read (user_id, item_id) SELECT %(me)s, i.id FROM feed_items i WHERE i.id = ANY(%(items)s)
ON CONFLICT DO NOTHING
"""
MARK_ALL = """
INSERT INTO feed_read (user_id, item_id) SELECT %(me)s, i.id FROM feed_items i
WHERE i.feed = ANY(%(feeds)s) AND i.deleted_at IS NULL ON CONFLICT DO NOTHING
"""


class Reading:
    """The acting user's. Which feeds and entries he may see at all is asked of the store before."""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def unread(self, feeds: Sequence[UUID]) -> dict[UUID, int]:
        """How many entries of each feed are new to him; nothing where he may see only some of the entries."""
        if self._context.access.scope("feed_items", "list") != Scope.ALL:
            return {}
        found = await self._context.session.rows(UNREAD, {**self._me(), "feeds": list(feeds)})
        return {feed: number for feed, number in found}

    async def read(self, items: Sequence[UUID]) -> set[UUID]:
        """Those of the entries that he has read."""
        found = await self._context.session.rows(READ, {**self._me(), "items": list(items)})
        return {item for (item,) in found}

    async def mark(self, items: Sequence[UUID]) -> None:
        await self._context.session.execute(MARK, {**self._me(), "items": list(items)})

    async def mark_all(self, feeds: Sequence[UUID]) -> None:
        await self._context.session.execute(MARK_ALL, {**self._me(), "feeds": list(feeds)})

    def _me(self) -> dict[str, UUID]:
        return {"me": self._context.access.user}
