"""Setting a campaign up step by step: every step is kept, and each does what the campaign's own pages do."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.modules.campaigns import Campaign
from crm_domain.modules.email_marketing import EmailMarketing
from crm_domain.problems import Invalid, NotFound
from crm_domain.query.page import Row
from crm_domain.records import save
from crm_ui.inputs import Draft
from crm_web.campaigns.steps import KINDS, MONEY, PANELS, Progress, header_keys, next_step, progress, steps_of
from crm_web.campaigns.wizard_mailing import MAILING, asks_for_lists, beginning, chosen_template, put_template
from crm_web.campaigns.wizard_pages import form_page, mailing_page, page, summary_page, template_page
from crm_web.records.part_forms import drafted, written
from crm_web.records.starting import starting_values
from crm_web.visit import Visit
from crm_web.written import writable


class CampaignWizardPages(Controller):
    """/campaigns/wizard and /campaigns/<id>/wizard/<step>."""

    path = "/campaigns"

    @get("/wizard")
    async def choose(self, visit: Visit) -> Response[str]:
        """Which kind of campaign it will be."""
        module = visit.work.module(Campaign)
        visit.allow(module, "create")
        return await visit.page(
            "campaigns/wizard/choose.html", current=module.key, modules_name=visit.voice.module(module), kinds=KINDS
        )

    @get("/wizard/{kind:str}")
    async def new(self, visit: Visit, kind: str) -> Response[str]:
        module = _allowed(visit, kind)
        values = {**starting_values(visit, module), "campaign_type": KINDS[kind][0]}
        return await form_page(visit, "header", Progress(kind), await drafted(visit, module, values))

    @post("/wizard/{kind:str}")
    async def begin(self, visit: Visit, kind: str, posted: FormMultiDict) -> Response[Any]:
        """The first step makes the campaign; from then on there is something to come back to."""
        module = _allowed(visit, kind)
        fixed = {**starting_values(visit, module), "campaign_type": KINDS[kind][0]}
        kept = await written(visit, module, None, _of_kind(posted, kind), header_keys(kind), fixed)
        if isinstance(kept, Draft):
            return await form_page(visit, "header", Progress(kind), kept)
        await visit.commit()
        return visit.go(f"/campaigns/{kept}/wizard/money", visit.text("campaign_wizard.begun"))

    @get("/{record_id:uuid}/wizard")
    async def go_on(self, visit: Visit, record_id: UUID) -> Response[Any]:
        row = await writable(visit, visit.work.module(Campaign), record_id)
        return visit.go(f"/campaigns/{record_id}/wizard/{next_step(await progress(visit, row))}")

    @get("/{record_id:uuid}/wizard/{step:str}")
    async def step(self, visit: Visit, record_id: UUID, step: str) -> Response[str]:
        row = await writable(visit, visit.work.module(Campaign), record_id)
        found = await progress(visit, row)
        if step not in steps_of(found.kind):
            raise NotFound
        match step:
            case "header" | "money":
                draft = await drafted(visit, visit.work.module(Campaign), row.values)
                return await form_page(visit, step, found, draft)
            case "mailing":
                return await mailing_page(visit, row, found, None)
            case "template":
                return await template_page(visit, found, {})
            case "summary":
                return await summary_page(visit, row, found)
            case _:
                url = f"/campaigns/{record_id}/related/{PANELS[step]}"
                return await page(visit, "panel", step, found, panel=PANELS[step], panel_url=url)

    @post("/{record_id:uuid}/wizard/{step:str}")
    async def keep(self, visit: Visit, record_id: UUID, step: str, posted: FormMultiDict) -> Response[Any]:
        """Keeps what the step says and goes on to the next."""
        module = visit.work.module(Campaign)
        row = await writable(visit, module, record_id)
        found = await progress(visit, row)
        match step:
            case "header" | "money":
                keys = header_keys(found.kind) if step == "header" else MONEY
                kept = await written(visit, module, row, _of_kind(posted, found.kind), keys, {})
                if isinstance(kept, Draft):
                    return await form_page(visit, step, found, kept)
            case "template" if found.kind != "other":
                return await _keep_template(visit, row, found, posted)
            case "mailing" if found.kind != "other":
                module = visit.work.module(EmailMarketing)
                kept = await written(visit, module, found.draft, posted, MAILING, await beginning(visit, row))
                if isinstance(kept, Draft):
                    return await mailing_page(visit, row, found, kept)
                if await asks_for_lists(visit, kept):
                    await visit.commit()
                    return visit.go(
                        f"/campaigns/{record_id}/wizard/mailing", visit.text("campaign_wizard.hint.chosen_lists")
                    )
            case "summary":
                await save.update(visit.work, module, record_id, {"status": "active"})
            case _:
                raise NotFound
        await visit.commit()
        return visit.go(f"/campaigns/{record_id}/wizard/{_after(found.kind, step)}", visit.text("record.saved"))


def _allowed(visit: Visit, kind: str) -> Any:
    """The module, for somebody who may begin a campaign of a kind there is. Raises NotFound, Denied."""
    if kind not in KINDS:
        raise NotFound
    module = visit.work.module(Campaign)
    visit.allow(module, "create")
    return module


def _of_kind(posted: FormMultiDict, kind: str) -> FormMultiDict:
    """What was posted, without a type that is not of the kind chosen at first."""
    wrong = posted.get("campaign_type", KINDS[kind][0]) not in KINDS[kind]
    return FormMultiDict([pair for pair in posted.multi_items() if not (wrong and pair[0] == "campaign_type")])


def _after(kind: str, step: str) -> str:
    steps = steps_of(kind)
    return steps[min(steps.index(step) + 1, len(steps) - 1)]


async def _keep_template(visit: Visit, row: Row, found: Progress, posted: FormMultiDict) -> Response[Any]:
    """Keeps which letter it is; a new one and a copy are written next."""
    try:
        template = await chosen_template(visit, posted)
    except Invalid as invalid:
        told = {key: [visit.text(one.id, **one.facts) for one in found_] for key, found_ in invalid.fields.items()}
        return await template_page(visit, found, told)
    kept = await put_template(visit, row, found.draft, template)
    await visit.commit()
    on = f"/campaigns/{row.id}/wizard/mailing" + ("" if kept else f"?template={template}")
    if posted.get("way") in ("new", "copy"):
        return visit.go(f"/email_templates/{template}/editor?campaign={row.id}", visit.text("campaign_wizard.write"))
    return visit.go(on, visit.text("record.saved"))
