"""Whom the whole company mails nothing, whatever a campaign's own lists say: addresses and domains, with reason and end."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.modules.suppressions import BY_HAND, SPANS_DAYS, Pasted, read_mixed
from crm_domain.problems import Denied, NotFound
from crm_domain.text import format as formats
from crm_storage.marketing import spared
from crm_storage.marketing.spared import Ruling, Spared
from crm_web.campaigns.frame import number
from crm_web.visit import Visit

PATH = "/admin/suppressions"
PAGE = 50
MOST_LETTERS = 254
MOST_NOTE = 200
SHOWN_REJECTED = 5


class SuppressionPages(Controller):
    """/admin/suppressions; for those who decide who is spared."""

    path = PATH

    @get("/")
    async def show(self, visit: Visit, words: str = "", before: str = "") -> Response[str]:
        return await _page(visit, words=words.strip()[:MOST_LETTERS], before=before)

    @post("/")
    async def add(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        """What was pasted: what is understood is spared from now on, what is not is named."""
        _check(visit)
        addresses, domains = read_mixed(posted.get("values", ""))
        ruling, request = _ruling(posted), _request(visit)
        for kind, pasted in (("address", addresses), ("domain", domains)):
            await spared.add(visit.session, kind, pasted.values, ruling, by=visit.access.user, request=request)
        await visit.commit()
        read = Pasted((*addresses.values, *domains.values), (*addresses.rejected, *domains.rejected))
        if read.rejected or not read.values:
            return await _page(visit, read=read)
        return visit.go(PATH, _said(visit, read))

    @post("/{id_:uuid}/drop")
    async def drop(self, visit: Visit, id_: UUID) -> Response[Any]:
        _check(visit)
        value = await spared.drop(visit.session, id_, by=visit.access.user, request=_request(visit))
        if value is None:
            raise NotFound
        await visit.commit()
        return visit.go(PATH, visit.text("suppressions.dropped", value=value))


def _check(visit: Visit) -> None:
    if not visit.access.special("manage_suppression"):
        raise Denied


def _request(visit: Visit) -> str:
    return visit.request_id


def _ruling(posted: FormMultiDict) -> Ruling:
    """What the form says; what it cannot have said counts as nothing."""
    reason, days = posted.get("reason", ""), posted.get("days", "")
    until = datetime.now(UTC) + timedelta(days=int(days)) if days in map(str, SPANS_DAYS) else None
    return Ruling(
        reason=reason if reason in BY_HAND else BY_HAND[0],
        note=posted.get("note", "").strip()[:MOST_NOTE],
        until=until,
        wide=bool(posted.get("wide")),
    )


async def _page(visit: Visit, *, words: str = "", before: str = "", read: Pasted | None = None) -> Response[str]:
    _check(visit)
    rows = await spared.page(visit.session, words=words, before=_id(before), limit=PAGE + 1)
    more, rows = len(rows) > PAGE, rows[:PAGE]
    return await visit.page(
        "admin/suppressions.html",
        status=422 if read else 200,
        current="admin",
        tab="suppressions",
        words=words,
        count=number(visit, await spared.count(visit.session)),
        lines=[_line(visit, row) for row in rows],
        next=str(rows[-1].id) if more else "",
        reasons=[(key, visit.text(f"suppressions.reason.{key}")) for key in BY_HAND],
        spans=[(days, visit.text("suppressions.days", number=number(visit, days))) for days in SPANS_DAYS],
        most_note=MOST_NOTE,
        said=_said(visit, read) if read else "",
        rejected=list(read.rejected[:SHOWN_REJECTED]) if read else [],
        pasted="\n".join(read.rejected) if read else "",
    )


def _line(visit: Visit, row: Spared) -> dict[str, Any]:
    locale, words = visit.voice.locale, visit.voice.catalogue
    return {
        "id": row.id,
        "value": row.value,
        "domain": row.kind == "domain",
        "wide": row.wide,
        "reason": visit.text(f"suppressions.reason.{row.reason}"),
        "note": row.note,
        "until": formats.format_datetime(row.until, locale, words) if row.until else "",
        "since": formats.format_datetime(row.since, locale, words),
        "by": row.by,
        "own": row.reason not in BY_HAND,
    }


def _said(visit: Visit, read: Pasted) -> str:
    added, rejected = number(visit, len(read.values)), number(visit, len(read.rejected))
    return visit.text("target_lists.entries.added", added=added, rejected=rejected)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
