"""Who stands behind the figures of a campaign: the people of a bar, and the links they followed."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.definition import ManyToAny
from crm_domain.modules.campaigns.figures import ACTIVITIES
from crm_domain.problems import FieldProblem, Invalid, NotFound
from crm_domain.records.gather import gathering, note_gathered
from crm_domain.text import format as formats
from crm_storage.marketing import followed as follows
from crm_storage.marketing import responses
from crm_storage.marketing.followed import addresses, numbers_of
from crm_storage.marketing.responses import Response as Line
from crm_ui.inputs import Input
from crm_web.campaigns.frame import Frame, facts, frame, number
from crm_web.pages.campaign_status import MODULES
from crm_web.visit import Visit

PAGE = 50
MOST_LINKS = 100


class CampaignBehindPages(Controller):
    """/campaigns/<id>/status/<activity> and /campaigns/<id>/followed."""

    path = "/campaigns"

    @get("/{record_id:uuid}/followed")
    async def followed(self, visit: Visit, record_id: UUID, marketing: str = "") -> Response[str]:
        """Which links of the mails people followed; a part of View Status that comes when it is looked at."""
        found = await frame(visit, record_id, marketing or "all")
        lines = await follows.followed(visit.session, record_id, found.marketing, limit=MOST_LINKS)
        url = f"/campaigns/{record_id}/status/link?marketing={_chosen(found)}&followed="
        shown = [
            {
                "name": line.tracker,
                "url": line.url,
                "href": url + quote(line.url, safe=""),
                "people": number(visit, line.people),
                "hits": number(visit, line.hits),
            }
            for line in lines
        ]
        return visit.part("campaigns/followed.html", lines=shown)

    @get("/{record_id:uuid}/status/{activity:str}")
    async def behind(
        self,
        visit: Visit,
        record_id: UUID,
        activity: str,
        marketing: str = "",
        followed: str = "",
        before: int | None = None,
    ) -> Response[str]:
        """The people of one bar, newest first; of clicks also those on one address."""
        found = await frame(visit, record_id, marketing or "all")
        if activity not in ACTIVITIES:
            raise NotFound
        links = await numbers_of(visit.session, followed) if followed else None
        lines = await responses.behind(
            visit.session, record_id, activity, marketing=found.marketing, before=before, limit=PAGE + 1, links=links
        )
        more = len(lines) > PAGE
        lines = lines[:PAGE]
        named = await visit.work.store.names([line.who for line in lines])
        urls = await addresses(visit.session, [line.link for line in lines if line.link])
        relation = gathering(visit.work, "contacts")
        may_gather = relation is not None and visit.access.can(relation.module, "edit")
        return await visit.page(
            "campaigns/behind.html",
            current="campaigns",
            **await facts(visit, found, "status"),
            activity=activity,
            label=visit.voice.option(ACTIVITIES, activity),
            lines=[_line(visit, line, named, urls) for line in lines],
            clicked=followed,
            next=_next(found, followed, lines[-1].id) if more else "",
            gather_url=f"/campaigns/{record_id}/status/{activity}/gather" if may_gather else "",
            picker=Input(
                kind="link",
                name="list",
                id="behind-list",
                label=visit.voice.module(visit.module("target_lists"), "one"),
                value={"": "", "label": ""},
                extra={"url": "/target_lists/pick"},
            ),
        )

    @post("/{record_id:uuid}/status/{activity:str}/gather")
    async def gather(self, visit: Visit, record_id: UUID, activity: str, posted: FormMultiDict) -> Response[Any]:
        """Puts the people behind a bar into a target list."""
        found = await frame(visit, record_id, posted.get("marketing", "") or "all")
        relation = gathering(visit.work, "contacts")
        if activity not in ACTIVITIES or relation is None:
            raise NotFound
        assert isinstance(relation.table, ManyToAny)
        owner = _id(posted.get("list", ""))
        if not await visit.work.store.fetch(visit.module(relation.module), [owner], action="edit", columns=("name",)):
            raise Invalid({"list": (FieldProblem("problems.unknown_record"),)})
        followed = posted.get("followed", "")
        links = await numbers_of(visit.session, followed) if followed else None
        added = await responses.gather_behind(
            visit.context, relation.table, owner, record_id, activity, found.marketing, links
        )
        await note_gathered(visit.work, relation, owner, added)
        await visit.commit()
        return visit.go(f"/target_lists/{owner}", visit.text("campaigns.gathered", number=number(visit, added)))


def _next(found: Frame, followed: str, last: int) -> str:
    narrowed = f"&followed={quote(followed, safe='')}" if followed else ""
    return f"?marketing={_chosen(found)}{narrowed}&before={last}"


def _chosen(found: Frame) -> str:
    return str(found.chosen.id) if found.chosen else "all"


def _line(visit: Visit, line: Line, named: Any, urls: Mapping[int, str]) -> dict[str, Any]:
    ref = named.get(line.who)
    locale, catalogue = visit.voice.locale, visit.voice.catalogue
    return {
        "name": ref.name if ref and ref.name else visit.text("record.hidden_name"),
        "href": f"/{ref.module}/{ref.id}" if ref and ref.name and not ref.gone else "",
        "module": visit.voice.module(visit.module(line.who.module), "one") if line.who.module in MODULES else "",
        "first": formats.format_datetime(line.first_at, locale, catalogue),
        "last": formats.relative_time(line.last_at, visit.voice.now, locale, catalogue),
        "hits": number(visit, line.hits),
        "machine": line.via not in ("human", "image_proxy", "implied"),
        "reason": line.reason,
        "url": urls.get(line.link, ""),
    }


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Invalid({"list": (FieldProblem("problems.unknown_record"),)}) from None
