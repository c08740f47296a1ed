"""Where the tracked links of a mailing lead, as the trackers are told and as they ask."""

from collections.abc import Mapping
from uuid import UUID

from crm_domain.tracking.links import location
from crm_domain.tracking.public import FIRST_LINK
from crm_storage.database import Session

TELL = "tracking.links"
"""The job that tells the trackers."""
OF_MAILING = "SELECT number, url FROM link WHERE marketing_id = %(marketing)s AND version_id = %(version)s"
ONE = "SELECT url FROM link WHERE number = %(number)s"
PUBLIC = f"""
SELECT url FROM tracker_urls WHERE link_number = %(number)s - {FIRST_LINK} AND NOT coalesce(is_opt_out, false) AND url IS NOT NULL
"""
"""Also of one in the trash: what is printed leads on."""
NUMBER = f"SELECT {FIRST_LINK} + link_number FROM tracker_urls WHERE id = %(id)s"


async def locations(session: Session, marketing: UUID, version: UUID) -> Mapping[int, bytes]:
    """Where a mailing's links lead, as headers carry it; addresses that lead nowhere are left out."""
    rows = await session.rows(OF_MAILING, {"marketing": marketing, "version": version})
    found = {number: _location(url) for number, url in rows}
    return {number: where for number, where in found.items() if where}


async def link_location(session: Session, number: int) -> bytes:
    """Where one link leads; nothing when there is no such link."""
    row = await session.one(PUBLIC if number >= FIRST_LINK else ONE, {"number": number})
    return _location(row[0]) if row else b""


async def public_number(session: Session, tracker_url: UUID) -> int | None:
    """By which number the trackers know a tracker URL outside a mail; None where it is gone for good."""
    row = await session.one(NUMBER, {"id": tracker_url})
    return row[0] if row else None


def _location(url: str) -> bytes:
    try:
        return location(url)
    except ValueError:
        return b""
