"""The pages of a campaign's steps: what each shows, between the steps above it and the ways back and on below."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from litestar import Response

from crm_domain.modules.campaigns import Campaign
from crm_domain.modules.email_marketing import EmailMarketing
from crm_domain.query.page import Row
from crm_ui.inputs import Draft, Input
from crm_web.campaigns.frame import number
from crm_web.campaigns.steps import KINDS, MONEY, Progress, header_keys, stepper, steps_of
from crm_web.campaigns.wizard_mailing import MAILING, beginning
from crm_web.pages.mailings import sending_facts
from crm_web.records.form import span_of
from crm_web.records.mistakes import errors
from crm_web.records.part_forms import drafted, inputs
from crm_web.records.starting import given_ref
from crm_web.visit import Visit


async def page(visit: Visit, name: str, step: str, found: Progress, status: int = 200, **facts: Any) -> Response[str]:
    """A step, with all steps above it and the ways back and on below."""
    row, steps = found.row, steps_of(found.kind)
    place, base = steps.index(step), f"/campaigns/{row.id}/wizard" if row else "/campaigns/wizard"
    return await visit.page(
        f"campaigns/wizard/{name}.html",
        status=status,
        current="campaigns",
        modules_name=visit.voice.module(visit.work.module(Campaign)),
        row=row,
        kind=found.kind,
        step=step,
        steps=stepper(visit, found, step),
        back=f"{base}/{steps[place - 1]}" if row and place else "",
        next=f"{base}/{steps[place + 1]}" if row and place + 1 < len(steps) else "",
        url=f"{base}/{step if row else found.kind}",
        **facts,
    )


async def form_page(visit: Visit, step: str, found: Progress, draft: Draft) -> Response[str]:
    """A step that is some of the campaign's own fields."""
    shown = inputs(visit, draft, header_keys(found.kind) if step == "header" else MONEY)
    fields = [_only(field, KINDS[found.kind]) if field.name == "campaign_type" else field for field in shown]
    return await _fields(visit, "form", step, found, draft, fields, version=found.row["version"] if found.row else "")


async def _fields(
    visit: Visit, name: str, step: str, found: Progress, draft: Draft, fields: Sequence[Input], **facts: Any
) -> Response[str]:
    status, told = 422 if draft.problems else 200, errors(visit, draft, fields)
    shown = [(field, span_of(field) or ("x6" if field.name == "name" else "")) for field in fields]
    return await page(visit, name, step, found, status, fields=shown, errors=told, **facts)


def _only(field: Input, keys: Sequence[str]) -> Input:
    return msgspec.structs.replace(field, options=tuple(option for option in field.options if option[0] in keys))


async def template_page(visit: Visit, found: Progress, wrong: Mapping[str, Sequence[str]]) -> Response[str]:
    """Which letter goes: an existing one, a copy, a new one."""
    letter = found.mailing["template"] if found.mailing else None
    picker = Input(
        kind="link",
        name="template",
        id="wizard-template",
        label=visit.text("email_templates.one"),
        value={"": str(letter.id), "label": letter.name} if letter else {"": "", "label": ""},
        extra={"url": "/email_templates/pick"},
        errors=tuple(wrong.get("template", ())),
    )
    return await page(
        visit,
        "template",
        "template",
        found,
        422 if wrong else 200,
        mailing=found.mailing,
        editable=found.editable,
        letter=letter,
        picker=picker,
        wrong=wrong,
        may_create=visit.access.can("email_templates", "create"),
    )


async def mailing_page(visit: Visit, row: Row, found: Progress, draft: Draft | None) -> Response[str]:
    """Who sends it, when, and to which lists."""
    mailing = found.draft
    if draft is None:
        values = mailing.values if mailing else {**await beginning(visit, row), **await _letter(visit)}
        draft = await drafted(visit, visit.work.module(EmailMarketing), values)
    facts = {
        "mailing": found.mailing,
        "editable": found.editable,
        "version": mailing["version"] if mailing else "",
        "choose_lists": mailing is not None and not mailing["all_lists"],
    }
    return await _fields(visit, "mailing", "mailing", found, draft, inputs(visit, draft, MAILING), **facts)


async def summary_page(visit: Visit, row: Row, found: Progress) -> Response[str]:
    """What there is, and the word to go: for a mailing with all that its own page says."""
    may_send = visit.access.special("send_campaigns")
    sending = await sending_facts(visit, found.mailing) if found.mailing and may_send and found.kind != "other" else {}
    return await page(
        visit,
        "summary",
        "summary",
        found,
        may_send=may_send,
        active=row["status"] == "active",
        lists=number(visit, found.lists),
        links=number(visit, found.links),
        **{"mailing": found.mailing, "run": None, **sending},
    )


async def _letter(visit: Visit) -> dict[str, Any]:
    """The letter that was written for a mailing which is not there yet."""
    given = given_ref(
        visit.work.module(EmailMarketing).field("template"), visit.request.query_params.get("template", "")
    )
    return {"template": (await visit.work.store.names([given])).get(given)} if given else {}
