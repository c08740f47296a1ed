"""The pages of one web form: its fields beside its look, and the ways to publish it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.definition import Module
from crm_domain.meaning.voice import Voice
from crm_domain.messages.catalogue import catalogue
from crm_domain.modules.web_forms import WebForm
from crm_domain.problems import Invalid, NotFound
from crm_domain.query.page import Row
from crm_domain.tracking.tokens import Content, Kind, Tokens
from crm_domain.web_forms.markup import frame, markup, script
from crm_domain.web_forms.offered import Choice, asked, checked, must_ask, offered, usual_label
from crm_domain.web_forms.shown import Shown
from crm_storage.web_forms.arrange import keep_choices, read_choices
from crm_storage.web_forms.show import drafted, voice_of
from crm_web.reach import one
from crm_web.records.view import heading
from crm_web.visit import Visit
from crm_web.written import writable


class WebFormPages(Controller):
    """/web_forms/<id>/fields and /publish."""

    path = "/web_forms"

    @get("/{record_id:uuid}/fields")
    async def fields(self, visit: Visit, record_id: UUID) -> Response[str]:
        row = await writable(visit, visit.work.module(WebForm), record_id)
        return await _fields(visit, row, await read_choices(visit.session, record_id, _made(visit, row)))

    @post("/{record_id:uuid}/fields")
    async def arrange(self, visit: Visit, record_id: UUID, posted: FormMultiDict) -> Response[Any]:
        """Keeps which fields are asked, in order. What a form has to ask cannot be left out."""
        module = visit.work.module(WebForm)
        row = await writable(visit, module, record_id)
        given = _given(posted)
        try:
            choices = checked(_made(visit, row), given)
        except Invalid as wrong:
            return await _fields(visit, row, given, wrong)
        await keep_choices(visit.session, record_id, choices)
        await visit.work.store.note(module, record_id, "arrange", {"fields": len(choices)})
        await visit.commit()
        return visit.go(f"/web_forms/{record_id}/fields", visit.text("record.saved"))

    @post("/{record_id:uuid}/look")
    async def look(self, visit: Visit, record_id: UUID, posted: FormMultiDict) -> Response[str]:
        """How the form looks with these fields, saved or not."""
        row = await writable(visit, visit.work.module(WebForm), record_id)
        return visit.part("web_forms/look.html", **await _look(visit, row, _given(posted)))

    @get("/{record_id:uuid}/publish")
    async def publish(self, visit: Visit, record_id: UUID) -> Response[str]:
        module = visit.work.module(WebForm)
        row = await one(visit, module, record_id)
        form = await _draft(visit, record_id)
        url = address(visit, row)
        return await visit.page(
            "web_forms/publish.html",
            current=module.key,
            **await heading(visit, module, row),
            tab="publish",
            form=form,
            url=url,
            open=row["status"] == "active",
            frame=frame(url, form.heading) if form.sites else "",
            script=script(url) if form.sites else "",
            markup=markup(url, form, catalogue(form.language).text),
        )


def address(visit: Visit, row: Row) -> str:
    """Where people find the form."""
    tokens = Tokens(visit.installation.keys)
    key = tokens.sign(Kind.FORM, Content(visit.tenant.number, row["form_number"]))
    return f"{visit.installation.settings.tracker_url}/f/{key}"


def _made(visit: Visit, row: Row) -> Module[Any]:
    return visit.module(row["makes"] or "leads")


def _given(posted: FormMultiDict) -> tuple[Choice, ...]:
    """The ticked fields in the order they stand in."""
    needed = set(posted.getall("required", []))
    keys = [str(key) for key in posted.getall("field", [])]
    return tuple(Choice(key, str(posted.get(f"label.{key}", "")).strip(), key in needed) for key in keys)


async def _draft(visit: Visit, id_: UUID) -> Shown:
    form = await drafted(visit.session, visit.work.registry, visit.tenant, id_, visit.voice.now)
    if form is None:
        raise NotFound
    return form


async def _fields(visit: Visit, row: Row, choices: tuple[Choice, ...], wrong: Invalid | None = None) -> Response[str]:
    made = _made(visit, row)
    problems = [one for found in (wrong.fields if wrong else {}).values() for one in found]
    return await visit.page(
        "web_forms/fields.html",
        status=422 if wrong else 200,
        current="web_forms",
        **await heading(visit, visit.work.module(WebForm), row),
        tab="fields",
        lines=_lines(visit, row, choices),
        problems=[visit.text(one.id, **_named(visit, made, one.facts)) for one in problems],
        **await _look(visit, row, choices),
    )


def _named(visit: Visit, made: Module[Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a problem, with the field that it names as people call it."""
    field = made.by_key.get(str(facts.get("field", "")))
    return {**facts, "field": visit.voice.label(made, field)} if field else dict(facts)


def _lines(visit: Visit, row: Row, choices: tuple[Choice, ...]) -> list[dict[str, Any]]:
    """All fields that may be asked: those on the form first, in its order."""
    module = _made(visit, row)
    there, needed = offered(module), must_ask(module)
    voice = _spoken(visit, row)
    on = {choice.key: choice for choice in choices}
    keys = [*(key for key in on if key in there), *(key for key in there if key not in on)]
    return [
        {
            "key": key,
            "name": visit.voice.label(module, there[key]),
            "usual": usual_label(module, there[key], voice),
            "label": on[key].label if key in on else "",
            "on": key in on or key in needed,
            "required": (key in on and on[key].required) or key in needed,
            "forced": key in needed,
        }
        for key in keys
    ]


def _spoken(visit: Visit, row: Row) -> Voice:
    return voice_of(row["language"] or "fa", visit.voice.now)


async def _look(visit: Visit, row: Row, choices: tuple[Choice, ...]) -> dict[str, Any]:
    module = _made(visit, row)
    there = offered(module)
    shown = await _draft(visit, row.id)
    kept = [choice for choice in choices if choice.key in there]
    form = msgspec.structs.replace(shown, fields=asked(module, kept, _spoken(visit, row)))
    return {
        "form": form,
        "words": catalogue(form.language).text,
        "direction": "rtl" if form.language == "fa" else "ltr",
    }
