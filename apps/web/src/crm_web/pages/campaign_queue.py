"""The message queue of a campaign: states, reasons, next tries, and what a person can do about a message."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.definition import Ref
from crm_domain.modules.marketing_options import QUEUE_STATES
from crm_domain.problems import Denied, FieldProblem, Invalid, NotFound
from crm_domain.text import format as formats
from crm_domain.text.digits import plain_number
from crm_storage.marketing import queue
from crm_storage.marketing.queue import Queued
from crm_storage.sending.uncertain import decide, undecided
from crm_web.campaigns.frame import Frame, facts, frame, number
from crm_web.visit import Visit

PAGE = 50
MOST = 1000
MOST_LETTERS = 254


class CampaignQueuePages(Controller):
    """/campaigns/<id>/queue."""

    path = "/campaigns"

    @get("/{record_id:uuid}/queue")
    async def show(
        self, visit: Visit, record_id: UUID, marketing: str = "", status: str = "", address: str = "", after: int = 0
    ) -> Response[str]:
        found = await frame(visit, record_id, marketing or "all")
        chosen = status if status in QUEUE_STATES else ""
        words = address.strip()[:MOST_LETTERS]
        rows = await queue.page(
            visit.session,
            record_id,
            marketing=found.marketing,
            state=chosen,
            address=words,
            after=after,
            limit=PAGE + 1,
        )
        more, rows = len(rows) > PAGE, rows[:PAGE]
        counts = await queue.counts(visit.session, record_id, found.marketing)
        named = await names_of(visit, rows)
        mailings = {mailing.id: mailing.name for mailing in found.mailings}
        shown = await facts(visit, found, "queue")
        told = ("waiting", "sent", "failed", "skipped", "uncertain", "cancelled")
        return await visit.page(
            "campaigns/queue.html",
            current="campaigns",
            **shown,
            lines=[line_of(visit, row, named, mailings) for row in rows],
            counts=[(visit.text(f"message_queue.{key}"), number(visit, getattr(counts, key))) for key in told],
            states=[(item.key, visit.voice.option_label(QUEUE_STATES, item)) for item in QUEUE_STATES.items],
            wanted=chosen,
            words=words,
            undecided=await _overdue(visit, found),
            next="?" + _query(shown["chosen"], chosen, words, rows[-1].id) if more else "",
            export=f"/campaigns/{record_id}/queue/export?{_query(shown['chosen'], chosen, words)}",
            may_export=visit.access.can("campaigns", "export"),
            may_act=visit.access.special("send_campaigns"),
            may_decide=visit.access.special("decide_uncertain"),
        )

    @post("/{record_id:uuid}/queue")
    async def act(self, visit: Visit, record_id: UUID, posted: FormMultiDict) -> Response[Any]:
        """Cancels, retries at once, or decides what became of the ticked messages."""
        await frame(visit, record_id, "all")
        if not (visit.access.special("send_campaigns") or visit.access.special("decide_uncertain")):
            raise Denied
        ids = [id_ for text in posted.getall("id", [])[:MOST] if (id_ := plain_number(text, 18))]
        if not ids:
            raise Invalid({"id": (FieldProblem("list.nothing_selected"),)})
        done = await _done(visit, record_id, posted.get("action", ""), ids)
        await visit.commit()
        query = _query(posted.get("marketing", "all"), posted.get("status", ""), posted.get("address", ""))
        return visit.go(
            f"/campaigns/{record_id}/queue?{query}", visit.text("message_queue.done", number=number(visit, done))
        )


def _query(marketing: str, status: str, address: str, after: int = 0) -> str:
    asked = {"marketing": marketing, "status": status, "address": address, "after": str(after or "")}
    return urlencode({name: value for name, value in asked.items() if value})


async def _overdue(visit: Visit, found: Frame) -> str:
    """What a person should decide by now, in words; empty when there is nothing."""
    waiting = await undecided(visit.session, found.campaign.id, found.marketing)
    return visit.text("message_queue.undecided", number=number(visit, waiting)) if waiting else ""


async def _done(visit: Visit, campaign: UUID, action: str, ids: list[int]) -> int:
    if not visit.access.special("decide_uncertain" if action in ("sent", "again") else "send_campaigns"):
        raise Denied
    match action:
        case "cancel":
            return await queue.cancel(visit.session, campaign, ids)
        case "retry":
            return await queue.retry(visit.session, campaign, ids)
        case "sent" | "again":
            unknown = await queue.uncertain(visit.session, campaign, ids)
            if unknown:
                await decide(visit.session, unknown, action, by=visit.access.user)
            return len(unknown)
        case _:
            raise NotFound


async def names_of(visit: Visit, rows: Sequence[Queued]) -> Mapping[Ref, Ref]:
    """The people and lists of these messages, as far as the reader may see them."""
    lists = [Ref("target_lists", row.list_id) for row in rows if row.list_id]
    return await visit.work.store.names([*(row.who for row in rows), *lists])


def line_of(visit: Visit, row: Queued, named: Mapping[Ref, Ref], mailings: Mapping[UUID, str]) -> dict[str, Any]:
    """A message in words; without the right to see whom it is for, without name and address."""
    ref = named.get(row.who)
    state = QUEUE_STATES.get(row.state)
    moment = row.ended_at or row.begun_at or row.not_before
    list_ = named.get(Ref("target_lists", row.list_id)) if row.list_id else None
    return {
        "id": row.id,
        "name": ref.name if ref and ref.name else visit.text("record.hidden_name"),
        "href": f"/{ref.module}/{ref.id}" if ref and ref.name and not ref.gone else "",
        "address": row.address if ref and ref.name else "",
        "mailing": mailings.get(row.marketing, ""),
        "state": visit.voice.option(QUEUE_STATES, row.state),
        "hue": state.hue if state else "gray",
        "test": row.is_test,
        "when": formats.format_datetime(moment, visit.voice.locale, visit.voice.catalogue),
        "attempts": number(visit, row.attempts),
        "reason": _reason(visit, row.reason),
        "reply": f"{row.reply_code or ''} {row.reply}".strip(),
        "list": list_.name if list_ else "",
    }


def _reason(visit: Visit, reason: str) -> str:
    for room in ("skip_reason", "fail_reason"):
        if visit.voice.catalogue.has(f"{room}.{reason}"):
            return visit.text(f"{room}.{reason}")
    return reason
