"""The public links of a campaign: where they are followed outside a mail, and how often that was done."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from crm_domain.modules.tracker_urls import TrackerUrl
from crm_domain.query.filter import Condition
from crm_domain.query.page import ListQuery, Row, Sort
from crm_domain.text import format as formats
from crm_domain.tracking.public import PublicLinks
from crm_storage.tracking.visits import Visited, visits
from crm_web.campaigns.frame import number
from crm_web.visit import Visit

MOST = 200
COLUMNS = ("name", "label", "url", "is_opt_out", "link_number")


class PublicLink(msgspec.Struct, frozen=True):
    """A tracker URL as it is used outside a mail."""

    id: UUID
    name: str
    label: str
    url: str
    address: str
    visits: int = 0
    visitors: int = 0
    machines: int = 0
    last_at: datetime | None = None


async def public_links(visit: Visit, campaign: UUID) -> Sequence[PublicLink]:
    """Those the reader may see, by name. One for opting out has no place outside a mail: it must know whom it means."""
    if not visit.access.can("tracker_urls", "list"):
        return ()
    query = ListQuery(filter=Condition("campaign", "eq", campaign), columns=COLUMNS, sort=(Sort("name"),), limit=MOST)
    page = await visit.work.store.page(visit.work.module(TrackerUrl), query)
    rows = [row for row in page.rows if is_public(row)]
    counted = await visits(visit.session, [row.id for row in rows])
    return [_link(visit, row, counted.get(row.id, Visited())) for row in rows]


def is_public(row: Row) -> bool:
    """Whether a tracker URL leads anywhere outside a mail."""
    return bool(row["url"]) and not row["is_opt_out"] and row["link_number"] is not None


def address(visit: Visit, row: Row) -> str:
    """Where a tracker URL is followed by whoever sees it."""
    tracker = visit.installation.settings.tracker_url
    return PublicLinks(visit.installation.keys).address(tracker, visit.tenant.number, row["link_number"])


def told(visit: Visit, link: PublicLink) -> dict[str, Any]:
    """The link in words, as pages show it."""
    locale, catalogue = visit.voice.locale, visit.voice.catalogue
    return {
        "id": link.id,
        "name": link.label or link.name,
        "key": link.name if link.label else "",
        "url": link.url,
        "address": link.address,
        "visits": number(visit, link.visits),
        "visitors": number(visit, link.visitors),
        "machines": number(visit, link.machines) if link.machines else "",
        "last": formats.relative_time(link.last_at, visit.voice.now, locale, catalogue) if link.last_at else "",
    }


def _link(visit: Visit, row: Row, counted: Visited) -> PublicLink:
    return PublicLink(
        row.id, row["name"], row["label"] or "", row["url"], address(visit, row), **msgspec.structs.asdict(counted)
    )
