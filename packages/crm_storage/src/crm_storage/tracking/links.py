"""Where the tracked links of a mailing lead, as the trackers are told and as they ask."""

from collections.abc import Mapping
from uuid import UUID

from crm_domain.tracking.links import location
from crm_storage.database import Session

TELL = "tracking.links"
"""The job that tells the trackers."""
OF_MAILING = "SELECT number, url FROM link WHERE marketing_id = %(marketing)s AND version_id = %(version)s"
ONE = "SELECT url FROM link WHERE number = %(number)s"


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
