"""What people filled in: read, and where it looked odd let through or set aside."""

from collections.abc import Mapping, Sequence
from typing import Any, get_args
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.definition import Module, Ref
from crm_domain.modules.marketing_options import SUBMISSION_STATES
from crm_domain.modules.web_forms import WebForm
from crm_domain.problems import Denied
from crm_domain.query.page import Row
from crm_domain.text import format as formats
from crm_domain.web_forms.offered import offered
from crm_domain.web_forms.read import Odd
from crm_storage.web_forms import submissions
from crm_storage.web_forms.submissions import Submission
from crm_web.campaigns.frame import number
from crm_web.reach import one
from crm_web.records.view import heading
from crm_web.visit import Visit
from crm_web.written import writable

PAGE = 25
STATES = tuple(item.key for item in SUBMISSION_STATES.items)
ODD: tuple[str, ...] = get_args(Odd)


class WebFormSubmissionPages(Controller):
    """/web_forms/<id>/submissions."""

    path = "/web_forms"

    @get("/{record_id:uuid}/submissions")
    async def show(self, visit: Visit, record_id: UUID, only: str = "", before: UUID | None = None) -> Response[str]:
        module = visit.work.module(WebForm)
        row = await one(visit, module, record_id)
        made = visit.module(row["makes"] or "leads")
        visit.allow(made, "list")
        wanted = only if only in STATES else ""
        found = await submissions.page(visit.session, record_id, state=wanted, before=before, limit=PAGE + 1)
        more, found = len(found) > PAGE, found[:PAGE]
        refs = [one.record for one in found if one.record]
        named = await visit.work.store.names(refs)
        url = f"/web_forms/{record_id}/submissions"
        decides = await _may_decide(visit, module, record_id)
        return await visit.page(
            "web_forms/submissions.html",
            current=module.key,
            **await heading(visit, module, row),
            tab="submissions",
            url=url,
            lines=[_line(visit, made, line, named, decides=decides) for line in found],
            states=_states(visit),
            wanted=wanted,
            waiting=number(visit, held) if (held := await submissions.waiting(visit.session, record_id)) else "",
            may_decide=decides,
            next=f"{url}?only={wanted}&before={found[-1].id}" if more else "",
        )

    @post("/{record_id:uuid}/submissions/release")
    async def release(self, visit: Visit, record_id: UUID, posted: FormMultiDict) -> Response[Any]:
        """Lets a held one become a record, by the ordinary way."""
        row = await writable(visit, visit.work.module(WebForm), record_id)
        done = await submissions.release(visit.session, record_id, _id(posted), visit.access.user)
        return await _decided(visit, row, "release", done=done)

    @post("/{record_id:uuid}/submissions/discard")
    async def discard(self, visit: Visit, record_id: UUID, posted: FormMultiDict) -> Response[Any]:
        """Sets a held one aside for good."""
        row = await writable(visit, visit.work.module(WebForm), record_id)
        done = await submissions.discard(visit.session, record_id, _id(posted), visit.access.user)
        return await _decided(visit, row, "discard", done=done)


def _id(posted: FormMultiDict) -> UUID:
    """Raises Denied for what no page offers."""
    try:
        return UUID(posted.get("submission", ""))
    except ValueError:
        raise Denied from None


async def _decided(visit: Visit, row: Row, action: str, *, done: bool) -> Response[Any]:
    if done:
        await visit.work.store.note(visit.work.module(WebForm), row.id, action, {})
        await visit.commit()
    said = visit.text(f"web_forms.{action}d" if done else "web_forms.decided_before")
    return visit.go(f"/web_forms/{row.id}/submissions?only=held", said)


async def _may_decide(visit: Visit, module: Module[Any], id_: UUID) -> bool:
    return bool(await visit.work.store.fetch(module, [id_], action="edit", columns=("name",)))


def _states(visit: Visit) -> list[tuple[str, str]]:
    return [(item.key, visit.voice.option_label(SUBMISSION_STATES, item)) for item in SUBMISSION_STATES.items]


def _line(
    visit: Visit, made: Module[Any], found: Submission, named: Mapping[Ref, Ref], *, decides: bool
) -> dict[str, Any]:
    """What was filled in is read by who may see the record it became, or decides about it as long as it is none."""
    record = named.get(found.record) if found.record else None
    record = record if record and record.name else None
    state, open_ = SUBMISSION_STATES[found.state], bool(record) if found.record else decides
    return {
        "id": found.id,
        "at": formats.format_datetime(found.at, visit.voice.locale, visit.voice.catalogue),
        "state": visit.voice.option_label(SUBMISSION_STATES, state),
        "hue": state.hue or "gray",
        "held": found.state == "held",
        "open": open_,
        "said": _said(visit, made, found.said.values) if open_ else [],
        "consent": found.said.consent if open_ else "",
        "edition": number(visit, found.said.consent_version),
        "record": record.name if record else "",
        "href": f"/{record.module}/{record.id}" if record and not record.gone else "",
        "why": [
            *(visit.text(f"web_forms.odd.{word}") for word in found.said.odd if word in ODD),
            *(visit.text(id_, **facts) for id_, facts in found.problems),
        ],
    }


def _said(visit: Visit, made: Module[Any], values: Mapping[str, str | Sequence[str]]) -> list[tuple[str, str]]:
    """Label and words of everything filled in that no role hides; options by their labels."""
    there, hidden = offered(made), visit.access.hidden(made.key)
    found: list[tuple[str, str]] = []
    for key in [*(key for key in there if key in values), *(key for key in values if key not in there)]:
        if key in hidden:
            continue
        field, value = there.get(key), values[key]
        label = visit.voice.label(made, field) if field else key
        given = [value] if isinstance(value, str) else list(value)
        options = getattr(field, "options", None)
        if options is not None:
            given = [visit.voice.option_label(options, options[one]) if one in options else one for one in given]
        found.append((label, "، ".join(given) if visit.voice.locale.rtl else ", ".join(given)))
    return found
