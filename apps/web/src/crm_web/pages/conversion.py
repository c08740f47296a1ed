"""Converting a lead: what would come of it, side by side with what may be there already; and taking it back."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.definition import Module
from crm_domain.meaning.show import show
from crm_domain.modules.leads.convert import Conversion, Preview, Proposal, Section, convert_lead, preview
from crm_domain.modules.leads.undo import undo_conversion
from crm_domain.problems import FieldProblem, Invalid, Refused
from crm_domain.records.forms import Form, read_form
from crm_ui.inputs import Currencies, Draft
from crm_web.pages.forms import currencies, resolve_typed_links
from crm_web.visit import Visit

SECTIONS = {"contact": "contacts", "account": "accounts", "opportunity": "opportunities"}
FIELDS = {
    "contact": ("salutation", "first_name", "last_name", "title", "phone_work", "phone_mobile", "emails"),
    "account": ("name", "phone_office", "website", "industry"),
    "opportunity": ("name", "amount", "closes_on", "stage"),
}


class ConversionPages(Controller):
    """/leads/<id>/convert."""

    path = "/leads"

    @get("/{record_id:uuid}/convert")
    async def show(self, visit: Visit, record_id: UUID) -> Response[str]:
        found = await preview(visit.work, record_id)
        return await _page(visit, record_id, found, {}, {}, [])

    @post("/{record_id:uuid}/convert")
    async def convert(self, visit: Visit, record_id: UUID, posted: FormMultiDict) -> Response[Any]:
        forms = {name: await _read(visit, name, posted) for name in SECTIONS}
        problems = {
            f"{name}.{key}": found
            for name, form in forms.items()
            if _wanted(posted, name) == "new"
            for key, found in form.problems.items()
        }
        if not problems:
            try:
                done = await convert_lead(visit.work, record_id, _conversion(posted, forms))
                await visit.commit()
            except Invalid as invalid:
                problems = dict(invalid.fields)
            else:
                target = f"/opportunities/{done.opportunity}" if done.opportunity else f"/contacts/{done.contact}"
                return visit.go(target, visit.text("convert.done"), f"/leads/{record_id}/unconvert")
        found = await preview(visit.work, record_id)
        return await _page(visit, record_id, found, forms, problems, posted.multi_items())

    @post("/{record_id:uuid}/unconvert")
    async def undo(self, visit: Visit, record_id: UUID) -> Response[Any]:
        await undo_conversion(visit.work, record_id)
        await visit.commit()
        return visit.go(f"/leads/{record_id}", visit.text("convert.undone"))


def _wanted(posted: FormMultiDict, name: str) -> str:
    """`new`, `none`, or the id of an existing record."""
    return posted.get(f"{name}-choice", "none" if name == "opportunity" else "new")


def _conversion(posted: FormMultiDict, forms: dict[str, Form]) -> Conversion:
    sections: dict[str, Section | None] = {}
    for name, form in forms.items():
        wanted = _wanted(posted, name)
        if wanted == "none":
            sections[name] = None
        elif wanted == "new":
            sections[name] = Section(values=form.values)
        else:
            sections[name] = Section(existing=_id(wanted))
    contact = sections["contact"]
    if contact is None:
        raise Refused("leads.contact_needed")
    return Conversion(contact=contact, account=sections["account"], opportunity=sections["opportunity"])


async def _read(visit: Visit, name: str, posted: FormMultiDict) -> Form:
    module = visit.module(SECTIONS[name])
    prefix = f"{name}."
    pairs = [(key.removeprefix(prefix), value) for key, value in posted.multi_items() if key.startswith(prefix)]
    form = read_form(module, pairs, FIELDS[name], visit.voice)
    await resolve_typed_links(visit, module, form)
    return form


async def _page(
    visit: Visit,
    lead_id: UUID,
    found: Preview,
    forms: dict[str, Form],
    problems: dict[str, Any],
    typed: Iterable[tuple[str, Any]],
) -> Response[str]:
    chosen = {name.removesuffix("-choice"): value for name, value in typed if name.endswith("-choice")}
    offered = await currencies(visit)
    sections: list[dict[str, Any]] = []
    for name, proposal in (("contact", found.contact), ("account", found.account), ("opportunity", found.opportunity)):
        draft = _draft(visit, name, proposal, forms.get(name), problems, offered)
        sections.append(_section(visit, draft.module, name, proposal, draft, chosen.get(name, "")))
    loose = [
        visit.text(p.id, **p.facts)
        for key, ps in problems.items()
        for p in ps
        if key.partition(".")[2] not in FIELDS.get(key.partition(".")[0], ())
    ]
    lead = str(found.lead.values.get("name", ""))
    return await visit.page(
        "leads/convert.html",
        status=422 if problems else 200,
        current="leads",
        title=visit.text("convert.title", name=lead),
        lead_id=lead_id,
        lead=lead,
        modules_name=visit.voice.module(visit.module("leads")),
        sections=sections,
        errors=[("", text) for text in loose]
        + [(f"{f.id}-field", f"{f.label}: {e}") for s in sections for f in s["fields"] for e in f.errors],
    )


def _draft(
    visit: Visit, name: str, proposal: Proposal, form: Form | None, problems: dict[str, Any], offered: Currencies
) -> Draft:
    """What stands in the fields of one section: what was typed, else what the lead proposes."""
    module = visit.module(SECTIONS[name])
    own = {key.removeprefix(f"{name}."): value for key, value in problems.items() if key.startswith(f"{name}.")}
    defaults = {key: module.field(key).default for key in FIELDS[name]}
    values = {**defaults, **proposal.values, **(form.values if form else {})}
    raw = form.raw if form else {}
    return Draft(module, visit.voice, values, raw=raw, problems=own, currencies=offered, prefix=f"{name}.")


def _section(
    visit: Visit, module: Module[Any], name: str, proposal: Proposal, draft: Draft, chosen: str
) -> dict[str, Any]:
    known = {"contact": "last_name", "account": "name", "opportunity": "amount"}[name]
    default = "new" if proposal.allowed and proposal.values.get(known) else "none"
    return {
        "name": name,
        "title": visit.voice.module(module, "one"),
        "icon": module.icon,
        "allowed": proposal.allowed,
        "optional": name != "contact",
        "chosen": chosen or default,
        "fields": [draft.input(key) for key in FIELDS[name]],
        "candidates": [(str(row.id), str(row["name"]), _detail(visit, module, row)) for row in proposal.candidates],
    }


def _detail(visit: Visit, module: Module[Any], row: Any) -> str:
    shown = [
        show(module.field(key), row[key], visit.voice)
        for key in module.layout.picker
        if key in module.by_key and key != "name"
    ]
    return " · ".join(text for text in shown if text)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Invalid({"": (FieldProblem("problems.unknown_record"),)}) from None
