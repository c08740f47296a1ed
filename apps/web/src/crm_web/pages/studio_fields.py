"""The studio's fields: those the company adds to a module, changes, puts out of use and, in the end, removes."""

from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.customising.draft_field import KINDS, WITH_OPTIONS, FieldDraft, changed_field, new_field
from crm_domain.definition import Module, Registry
from crm_domain.definition.overlay import CustomField, Overlay, custom_field
from crm_domain.messages.catalogue import LANGUAGES
from crm_domain.modules import REGISTRY
from crm_domain.problems import FieldProblem, Invalid, NotFound, Refused
from crm_storage.customising import Part, add, keep, remove
from crm_storage.option_use import filled
from crm_storage.overlays import load_overlay
from crm_web.admin.frame import by
from crm_web.admin.studio import languages, latest, publish
from crm_web.pages.studio_modules import module_of
from crm_web.proof import prove
from crm_web.visit import Visit


class StudioFieldPages(Controller):
    """/admin/studio/modules/<module>/fields."""

    path = "/admin/studio/modules/{key:str}/fields"

    @get("/")
    async def index(self, visit: Visit, key: str) -> Response[str]:
        registry = await latest(visit)
        module = module_of(registry, key)
        overlay = await load_overlay(visit.session, key)
        rows = [_row(visit, registry, module, field) for field in overlay.fields]
        return await _page(visit, "studio/fields.html", module, rows=rows)

    @get("/new")
    async def new(self, visit: Visit, key: str) -> Response[str]:
        registry = await latest(visit)
        return await _form(visit, registry, module_of(registry, key), None, FieldDraft())

    @post("/")
    async def add(self, visit: Visit, key: str, posted: FormMultiDict) -> Response[Any]:
        registry = await latest(visit)
        module, draft = module_of(registry, key), _draft(posted)
        try:
            field = new_field(registry, module, await load_overlay(visit.session, key), draft)
            await add(visit.session, by(visit), visit.tenant.number, module, field)
        except (Invalid, Refused) as problem:
            return await _form(visit, registry, module, None, draft, problem)
        return await _done(visit, key, "studio.field_added")

    @get("/{name:str}")
    async def show(self, visit: Visit, key: str, name: str) -> Response[str]:
        registry = await latest(visit)
        module = module_of(registry, key)
        field = _field(await load_overlay(visit.session, key), name)
        draft = FieldDraft(labels=field.labels, required=field.required, column=field.column, kind=field.kind)
        return await _form(visit, registry, module, field, draft)

    @post("/{name:str}")
    async def change(self, visit: Visit, key: str, name: str, posted: FormMultiDict) -> Response[Any]:
        """Calls it otherwise, or puts it out of use and back."""
        registry = await latest(visit)
        module, overlay, draft = module_of(registry, key), await load_overlay(visit.session, key), _draft(posted)
        field = _field(overlay, name)
        try:
            if active := str(posted.get("active", "")):
                changed = msgspec.structs.replace(field, active=active == "1")
            else:
                changed = changed_field(module, overlay, field, draft)
            await keep(visit.session, by(visit), visit.tenant.number, Part("field", key, name), changed)
        except (Invalid, Refused) as problem:
            return await _form(visit, registry, module, field, draft, problem)
        return await _done(visit, key, "settings.saved")

    @post("/{name:str}/delete")
    async def delete(self, visit: Visit, key: str, name: str, posted: FormMultiDict) -> Response[Any]:
        """Removes a field that is out of use with all it holds, which does not come back: the password is asked for."""
        registry = await latest(visit)
        module = module_of(registry, key)
        field = _field(await load_overlay(visit.session, key), name)
        await prove(visit, posted)
        try:
            await remove(visit.session, by(visit), visit.tenant.number, module, name)
        except Refused as problem:
            draft = FieldDraft(labels=field.labels, required=field.required, column=field.column, kind=field.kind)
            return await _form(visit, registry, module, field, draft, problem)
        return await _done(visit, key, "studio.field_deleted")


def _field(overlay: Overlay, name: str) -> CustomField:
    """Raises NotFound."""
    found = next((field for field in overlay.fields if field.key == name), None)
    if found is None:
        raise NotFound
    return found


def _draft(posted: FormMultiDict) -> FieldDraft:
    return FieldDraft(
        labels={language: str(posted.get(language, "")) for language in LANGUAGES},
        required=bool(posted.get("required")),
        column=bool(posted.get("column")),
        kind=str(posted.get("kind", "text")),
        target=str(posted.get("target", "")),
        values=str(posted.get("values", "")),
    )


def _kind(visit: Visit, module: Module[Any], field: CustomField) -> str:
    return visit.text(f"kind.{type(custom_field(field, module.key)).__name__}")


def _row(visit: Visit, registry: Registry, module: Module[Any], field: CustomField) -> dict[str, Any]:
    target = registry.get(field.target)
    return {
        "href": f"/admin/studio/modules/{module.key}/fields/{field.key}",
        "label": field.labels.get(visit.voice.language) or field.key,
        "key": field.key,
        "kind": _kind(visit, module, field) + (f" · {visit.voice.module(target)}" if target else ""),
        "required": field.required,
        "active": field.active,
    }


async def _done(visit: Visit, key: str, said: str) -> Response[Any]:
    await publish(visit)
    return visit.go(f"/admin/studio/modules/{key}/fields", visit.text(said))


async def _page(visit: Visit, template: str, module: Module[Any], *, status: int = 200, **facts: Any) -> Response[str]:
    return await visit.page(
        template,
        status=status,
        current="admin",
        tab="studio",
        room="modules",
        module=module,
        title=visit.voice.module(module),
        **facts,
    )


async def _form(
    visit: Visit,
    registry: Registry,
    module: Module[Any],
    field: CustomField | None,
    draft: FieldDraft,
    problem: Invalid | Refused | None = None,
) -> Response[str]:
    wrong: Mapping[str, tuple[FieldProblem, ...]] = problem.fields if isinstance(problem, Invalid) else {}
    said = {place: [visit.text(one.id, **one.facts) for one in ones] for place, ones in wrong.items()}
    return await _page(
        visit,
        "studio/field.html",
        module,
        status=422 if problem else 200,
        field=field,
        draft=draft,
        refused=visit.text(problem.id, **problem.facts) if isinstance(problem, Refused) else "",
        words=[
            (language, name, direction, draft.labels.get(language, ""), said.get(language, []))
            for language, name, direction in languages(visit)
        ],
        wrong={place: said.get(place, []) for place in ("labels", "kind", "target", "values")},
        kinds=[(kind, _kind(visit, module, CustomField(number=0, kind=kind, labels={}))) for kind in KINDS],
        kind=_kind(visit, module, field) if field else "",
        targets=[
            (one.key, visit.voice.module(one))
            for one in registry.modules.values()
            if REGISTRY[one.key].group and not one.kept
        ],
        options_href=f"/admin/studio/lists/{module.key}_{field.key}"
        if field and field.active and field.kind in WITH_OPTIONS
        else "",
        held=await filled(visit.session, module.key, field.key) if field and not field.active else 0,
    )
