"""Who got no mail of a campaign, person by person, with the reason."""

from collections.abc import Mapping
from typing import Any, get_args
from uuid import UUID

from litestar import Controller, Response, get

from crm_domain.definition import Ref
from crm_domain.sending.audience import Reason
from crm_domain.text import format as formats
from crm_storage.marketing import left_out
from crm_storage.marketing.left_out import LeftOut
from crm_web.campaigns.frame import facts, frame
from crm_web.visit import Visit

PAGE = 50
REASONS: tuple[str, ...] = get_args(Reason)


class CampaignLeftOutPages(Controller):
    """/campaigns/<id>/left-out."""

    path = "/campaigns"

    @get("/{record_id:uuid}/left-out")
    async def show(
        self, visit: Visit, record_id: UUID, marketing: str = "", reason: str = "", before: int | None = None
    ) -> Response[str]:
        found = await frame(visit, record_id, marketing or "all")
        wanted = reason if reason in REASONS else ""
        lines = await left_out.page(
            visit.session, record_id, marketing=found.marketing, reason=wanted, before=before, limit=PAGE + 1
        )
        more, lines = len(lines) > PAGE, lines[:PAGE]
        lists = [Ref("target_lists", line.list_id) for line in lines if line.list_id]
        named = await visit.work.store.names([*(line.who for line in lines), *lists])
        shown = await facts(visit, found, "status")
        return await visit.page(
            "campaigns/left_out.html",
            current="campaigns",
            **shown,
            lines=[_line(visit, line, named) for line in lines],
            reasons=[(key, visit.text(f"skip_reason.{key}")) for key in REASONS],
            wanted=wanted,
            next=f"?marketing={shown['chosen']}&reason={wanted}&before={lines[-1].id}" if more else "",
        )


def _line(visit: Visit, line: LeftOut, named: Mapping[Ref, Ref]) -> dict[str, Any]:
    ref = named.get(line.who)
    known = ref is not None and bool(ref.name)
    list_ = named.get(Ref("target_lists", line.list_id)) if line.list_id else None
    return {
        "name": ref.name if ref and known else visit.text("record.hidden_name"),
        "href": f"/{ref.module}/{ref.id}" if ref and known and not ref.gone else "",
        "module": visit.voice.module(visit.module(line.who.module), "one"),
        "reason": visit.text(f"skip_reason.{line.reason}"),
        "list": list_.name if list_ else "",
        "at": formats.format_datetime(line.at, visit.voice.locale, visit.voice.catalogue),
    }
