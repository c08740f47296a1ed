"""The tracked links of a mailing: numbered for the whole tenant, kept before the first mail goes, told to the trackers."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from crm_domain.tracking.links import location
from crm_storage.database import Session
from crm_storage.outbox import put

TELL = "tracking.links"
"""The job that tells the trackers."""
ALONE = "LOCK TABLE link IN SHARE ROW EXCLUSIVE MODE"
BASE = "SELECT min(number - position) FROM link WHERE marketing_id = %(marketing)s AND version_id = %(version)s"
LAST = "SELECT coalesce(max(number), 0) FROM link"
KEEP = """
INSERT INTO link (number, marketing_id, version_id, position, url, tracker)
SELECT %(base)s + l.position, %(marketing)s, %(version)s, l.position, l.url, l.tracker
FROM unnest(%(positions)s::int[], %(urls)s::text[], %(trackers)s::text[]) AS l (position, url, tracker)
"""
OF_MAILING = "SELECT number, url FROM link WHERE marketing_id = %(marketing)s AND version_id = %(version)s"
ONE = "SELECT url FROM link WHERE number = %(number)s"


async def keep_links(session: Session, marketing: UUID, version: UUID, links: Iterable[tuple[int, str, str]]) -> int:
    """Keeps the links of a frozen template as (position from 1, address, tracker's name), once.

    A click's token carries the returned number plus the link's position. The caller commits.
    """
    listed = list(links)
    await session.execute(ALONE)
    row = await session.one(BASE, {"marketing": marketing, "version": version})
    if row and row[0] is not None:
        return row[0]
    last = await session.one(LAST)
    base: int = last[0] if last else 0
    if listed:
        facts = {
            "base": base,
            "marketing": marketing,
            "version": version,
            "positions": [position for position, _, _ in listed],
            "urls": [url for _, url, _ in listed],
            "trackers": [tracker for _, _, tracker in listed],
        }
        await session.execute(KEEP, facts)
        await put(session, TELL, {"marketing": str(marketing), "version": str(version)})
    return base


async def locations(session: Session, marketing: UUID, version: UUID) -> Mapping[int, bytes]:
    """Where a mailing's links lead, as headers carry it; addresses that lead nowhere are left out."""
    rows = await session.rows(OF_MAILING, {"marketing": marketing, "version": version})
    found = {number: _location(url) for number, url in rows}
    return {number: where for number, where in found.items() if where}


async def link_location(session: Session, number: int) -> bytes:
    """Where one link leads; nothing when there is no such link."""
    row = await session.one(ONE, {"number": number})
    return _location(row[0]) if row else b""


def _location(url: str) -> bytes:
    try:
        return location(url)
    except ValueError:
        return b""
