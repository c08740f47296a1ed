"""The studio's modules: what each has of the company's own, and what it and its fields are called."""

from collections.abc import Mapping, Sequence
from typing import Any

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.customising.revise_labels import NUMBERS, revised_labels, shipped_labels
from crm_domain.definition import Module, Registry
from crm_domain.modules import REGISTRY
from crm_domain.problems import Invalid, NotFound, Refused
from crm_storage.customising import Part, current, edition, keep
from crm_web.admin.frame import by
from crm_web.admin.studio import languages, latest, publish
from crm_web.visit import Visit


class StudioModulePages(Controller):
    """/admin/studio and /admin/studio/modules/<module>/labels."""

    path = "/admin/studio"

    @get("/")
    async def index(self, visit: Visit) -> Response[str]:
        registry = await latest(visit)
        rows = [_line(visit, module) for module in registry.modules.values() if REGISTRY[module.key].group]
        return await visit.page("studio/modules.html", current="admin", tab="studio", room="modules", rows=rows)

    @get("/modules/{key:str}/labels")
    async def labels(self, visit: Visit, key: str) -> Response[str]:
        registry = await latest(visit)
        module = module_of(registry, key)
        own = await current(visit.session, Part("labels", key)) or {}
        return await _page(visit, module, own, seen=edition(own or None))

    @post("/modules/{key:str}/labels")
    async def save_labels(self, visit: Visit, key: str, posted: FormMultiDict) -> Response[Any]:
        """Keeps what is worded otherwise than the product words it, or goes back to the product's words."""
        module = module_of(await latest(visit), key)
        typed = {} if posted.get("reset") else _typed(module, posted)
        seen = str(posted.get("seen", ""))
        try:
            own = revised_labels(module, typed)
            changed = await keep(
                visit.session, by(visit), visit.tenant.number, Part("labels", key), own or None, seen=seen
            )
        except Invalid as problem:
            wrong = {place: [visit.text(one.id, **one.facts) for one in ones] for place, ones in problem.fields.items()}
            return await _page(visit, module, typed, seen=seen, wrong=wrong)
        except Refused as problem:
            return await _page(visit, module, typed, seen=seen, said=visit.text(problem.id))
        if changed:
            await publish(visit)
        return visit.go(f"/admin/studio/modules/{key}/labels", visit.text("settings.saved"))


def module_of(registry: Registry, key: str) -> Module[Any]:
    """Raises NotFound."""
    if key not in registry:
        raise NotFound
    return registry[key]


def _line(visit: Visit, module: Module[Any]) -> dict[str, Any]:
    reworded = module.labels or any(field.labels and not field.custom for field in module.fields)
    return {
        "key": module.key,
        "icon": module.icon,
        "name": visit.voice.module(module),
        "group": visit.text(f"nav.{REGISTRY[module.key].group}"),
        "fields": len(module.own_fields()),
        "reworded": bool(reworded),
    }


def _typed(module: Module[Any], posted: FormMultiDict) -> dict[str, dict[str, str]]:
    return {
        key: {name: str(posted.get(f"{key or 'module'}:{name}", "")) for name in words}
        for key, words in shipped_labels(module).items()
    }


async def _page(
    visit: Visit,
    module: Module[Any],
    typed: Mapping[str, Mapping[str, str]],
    *,
    seen: str,
    wrong: Mapping[str, Sequence[str]] | None = None,
    said: str = "",
) -> Response[str]:
    wrong, spoken = wrong or {}, languages(visit)
    names = [
        {
            "title": visit.text(f"studio.name.{number}"),
            "words": [
                _word(module, typed, wrong, "", f"{language}.{number}", (language, label, direction))
                for language, label, direction in spoken
            ],
        }
        for number in NUMBERS
    ]
    fields = [
        {
            "title": visit.voice.label(module, module.field(key)),
            "words": [
                _word(module, typed, wrong, key, language, (language, label, direction))
                for language, label, direction in spoken
            ],
        }
        for key in shipped_labels(module)
        if key
    ]
    return await visit.page(
        "studio/labels.html",
        status=422 if wrong or said else 200,
        current="admin",
        tab="studio",
        room="modules",
        module=module,
        title=visit.voice.module(module),
        seen=seen,
        languages=spoken,
        names=names,
        fields=fields,
        changed=any(word["own"] for row in (*names, *fields) for word in row["words"]),
        said=said,
    )


def _word(
    module: Module[Any],
    typed: Mapping[str, Mapping[str, str]],
    wrong: Mapping[str, Sequence[str]],
    key: str,
    name: str,
    spoken: tuple[str, str, str],
) -> dict[str, Any]:
    """One input: what is called so now, or was typed."""
    language, label, direction = spoken
    usual = shipped_labels(module)[key][name]
    value = typed.get(key, {}).get(name) or usual
    return {
        "name": f"{key or 'module'}:{name}",
        "label": label,
        "language": language,
        "dir": direction,
        "typed": value,
        "shipped": usual,
        "own": value != usual,
        "wrong": wrong.get(f"{key}.{name}", ()),
    }
