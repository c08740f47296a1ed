"""/campaigns/<id>/links: the campaign's links for posters, text messages and other places, each with its QR code."""

import io
from uuid import UUID

import segno
from litestar import Controller, Response, get

from crm_domain.modules.tracker_urls import TrackerUrl
from crm_domain.problems import NotFound
from crm_web.campaigns.frame import facts, frame
from crm_web.campaigns.links import address, is_public, public_links, told
from crm_web.reach import one
from crm_web.visit import Visit

QUIET_MODULES = 4
"""White around a code, without which cameras miss it."""
PIXELS = 24
"""Of one module: enough for a page of A4."""
MEDIA_TYPES = {"svg": "image/svg+xml", "png": "image/png"}


class CampaignLinkPages(Controller):
    """The page of a campaign's public links."""

    path = "/campaigns"

    @get("/{record_id:uuid}/links")
    async def links(self, visit: Visit, record_id: UUID) -> Response[str]:
        found = await frame(visit, record_id, "all")
        return await visit.page(
            "campaigns/links.html",
            current="campaigns",
            **await facts(visit, found, "links"),
            links=[told(visit, link) for link in await public_links(visit, record_id)],
            may_create=visit.access.can("tracker_urls", "create"),
        )


class QrCodePages(Controller):
    """/tracker_urls/<id>/qr.svg and qr.png."""

    path = "/tracker_urls"

    @get(["/{record_id:uuid}/qr.svg", "/{record_id:uuid}/qr.png"])
    async def qr(self, visit: Visit, record_id: UUID) -> Response[bytes]:
        """The link's code, to look at or, with `?save=1`, to keep under its name."""
        row = await one(visit, visit.work.module(TrackerUrl), record_id)
        if not is_public(row):
            raise NotFound
        kind = visit.request.url.path.rpartition(".")[2]
        headers = {"cache-control": "private, max-age=3600"}
        if visit.request.query_params.get("save"):
            headers["content-disposition"] = f'attachment; filename="qr-{row["link_number"]}.{kind}"'
        return Response(drawn(address(visit, row), kind), media_type=MEDIA_TYPES[kind], headers=headers)


def drawn(text: str, kind: str) -> bytes:
    """The code as a picture, dark on white whatever stands around it; a quarter of it may be dirty or torn."""
    out = io.BytesIO()
    segno.make(text, error="q", micro=False).save(out, kind=kind, scale=PIXELS, border=QUIET_MODULES, light="white")
    return out.getvalue()
