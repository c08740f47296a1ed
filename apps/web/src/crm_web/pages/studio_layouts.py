"""The studio's layouts: how a module's form and page are grouped, which columns its list begins with, what stands beside a record."""

from collections.abc import Mapping
from typing import Any

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.customising.revise_layout import (
    FIELD,
    GROUP,
    REST,
    LayoutDraft,
    for_short_form,
    must_stay,
    places_of,
    revised_layout,
)
from crm_domain.definition import Layout, Module, Registry, Relation
from crm_domain.definition.kinds import Bill, Emails, File, Files, Image, LongText, RichText, Secret
from crm_domain.messages.catalogue import LANGUAGES, catalogue
from crm_domain.modules import REGISTRY
from crm_domain.problems import Invalid, Refused
from crm_domain.records.stream import is_activity
from crm_storage.customising import Part, current, edition, keep
from crm_storage.overlays import usual_layout
from crm_web.admin.frame import by
from crm_web.admin.studio import languages, latest, publish
from crm_web.lists.tables import field_label
from crm_web.pages.studio_modules import module_of
from crm_web.records.panels import special_panels
from crm_web.visit import Visit

NO_FIGURES = (Bill, Emails, File, Files, Image, LongText, RichText, Secret)
"""Kinds too large for the head of a page."""
NEW_GROUP = "new"


class StudioLayoutPages(Controller):
    """/admin/studio/modules/<module>/layout."""

    path = "/admin/studio/modules/{key:str}/layout"

    @get("/")
    async def show(self, visit: Visit, key: str) -> Response[str]:
        registry = await latest(visit)
        module = module_of(registry, key)
        own = await current(visit.session, Part("layout", key))
        return await _page(visit, registry, module, seen=edition(own), changed=own is not None)

    @post("/")
    async def save(self, visit: Visit, key: str, posted: FormMultiDict) -> Response[Any]:
        """Keeps the layout as the form has it; a button may move a place up or down, or go back to the product's layout."""
        registry = await latest(visit)
        module = module_of(registry, key)
        usual = await usual_layout(visit.session, REGISTRY[key])
        seen = str(posted.get("seen", ""))
        try:
            layout = (
                None
                if posted.get("reset")
                else revised_layout(module, usual, _draft(registry, module, posted), titles(module))
            )
            value = None if layout is not None and _same(layout, usual) else layout
            part = Part("layout", key)
            changed = await keep(visit.session, by(visit), visit.tenant.number, part, value, seen=seen)
        except (Invalid, Refused) as problem:
            found = [one for ones in problem.fields.values() for one in ones] if isinstance(problem, Invalid) else []
            said = [visit.text(one.id, **one.facts) for one in found] or [visit.text(problem.id, **problem.facts)]
            return await _page(visit, registry, module, seen=seen, changed=True, said=said)
        if changed:
            await publish(visit)
        return visit.go(f"/admin/studio/modules/{key}/layout", visit.text("settings.saved"))


def titles(module: Module[Any]) -> dict[str, dict[str, str]]:
    """The titles the product gives a module's groups, by group and language."""
    return {
        panel.key: {
            language: words.text(own if words.has(own) else "record.panel.custom")
            for language in LANGUAGES
            for words in [catalogue(language)]
            for own in [f"{module.key}.panel.{panel.key}"]
        }
        for panel in module.layout.panels
        if panel.key in {shipped.key for shipped in REGISTRY[module.key].layout.panels} or not panel.labels
    }


def _same(layout: Layout, usual: Layout) -> bool:
    """Whether a layout shows what the product's shows."""
    parts = ("panels", "columns", "highlights", "quick", "picker", "card", "subpanels")
    same = all(getattr(layout, part) == getattr(usual, part) for part in parts)
    return same and not (layout.left_out or layout.hidden)


def _relations(registry: Registry, module: Module[Any]) -> list[Relation]:
    """What stands beside a record as a list of its own."""
    apart = {panel.instead_of for panel in special_panels(module)} | set(
        module.schedule.guests if module.schedule else ()
    )
    found = registry.relations(module.key).values()
    return [relation for relation in found if relation.key not in apart and not is_activity(registry, relation)]


def _draft(registry: Registry, module: Module[Any], posted: FormMultiDict) -> LayoutDraft:
    places = [str(place) for place in posted.getall("place", [])]
    way, _, moved = str(posted.get("move", "")).partition(" ")
    if moved in places:
        at = places.index(moved)
        to = at + (-1 if way == "up" else 1)
        if 0 <= to < len(places):
            places[at], places[to] = places[to], places[at]
    ordered = [str(key) for key in posted.getall("relation_order", [])]
    named = {place: _key(module, place.removeprefix(GROUP)) for place in places if place.startswith(GROUP)}
    return LayoutDraft(
        places=[GROUP + named[place] if place in named else place for place in places],
        titles={
            key: {language: str(posted.get(f"{place}:{language}", "")) for language in LANGUAGES}
            for place, key in named.items()
        },
        folded=frozenset(key for place, key in named.items() if posted.get(f"{place}:folded")),
        columns=[str(path) for path in posted.getall("column", [])],
        highlights=[str(path) for path in posted.getall("highlight", [])],
        quick=[str(key) for key in posted.getall("quick", [])],
        picker=[str(path) for path in posted.getall("picker", [])],
        card=[str(path) for path in posted.getall("card", [])],
        relations=ordered if ordered != [relation.key for relation in _relations(registry, module)] else [],
        offered_relations=ordered,
        shown_relations=frozenset(str(key) for key in posted.getall("relation", [])),
    )


def _key(module: Module[Any], group: str) -> str:
    """A key that no other group has for one that is to be added."""
    taken = {panel.key for panel in module.layout.panels}
    own = (f"own_{number}" for number in range(1, len(taken) + 2))
    return group if group != NEW_GROUP else next(key for key in own if key not in taken)


async def _page(
    visit: Visit,
    registry: Registry,
    module: Module[Any],
    *,
    seen: str,
    changed: bool,
    said: list[str] | None = None,
) -> Response[str]:
    layout = module.layout
    usual = await usual_layout(visit.session, REGISTRY[module.key])
    columns = dict.fromkeys((*layout.columns, *layout.offered))
    figures = dict.fromkeys((*layout.highlights, *(f.key for f in module.fields if not isinstance(f, NO_FIGURES))))
    relations = _relations(registry, module)
    return await visit.page(
        "studio/layout.html",
        status=422 if said else 200,
        current="admin",
        tab="studio",
        room="modules",
        module=module,
        title=visit.voice.module(module),
        seen=seen,
        changed=changed,
        said=said or [],
        places=[_place(visit, module, usual, place) for place in _with_new(places_of(module))],
        columns=[(path, field_label(visit, module, path), path in layout.columns) for path in columns],
        highlights=[
            (key, visit.voice.label(module, module.field(key)), key in layout.highlights)
            for key in figures
            if key != "name"
        ],
        quick=_short_form(visit, module),
        picker=_shown(visit, module, layout.picker),
        card=_shown(visit, module, layout.card) if layout.board else [],
        relations=[(found.key, visit.voice.relation(found), found.key not in layout.hidden) for found in relations],
    )


def _short_form(visit: Visit, module: Module[Any]) -> list[tuple[str, str, bool]]:
    """The fields that the short form may ask, those it asks first; none for what has no short form."""
    asked = [key for row in module.layout.quick for key in row]
    fields = {field.key: field for field in for_short_form(module)} if asked else {}
    order = dict.fromkeys((*(key for key in asked if key in fields), *fields))
    return [(key, visit.voice.label(module, fields[key]), key in asked) for key in order]


def _shown(visit: Visit, module: Module[Any], paths: tuple[str, ...]) -> list[tuple[str, str, bool]]:
    """The values that may stand on a card or in a list to choose from, those that do first."""
    every = dict.fromkeys((*paths, *module.layout.columns, *module.layout.offered))
    return [(path, field_label(visit, module, path), path in paths) for path in every if path != "name"]


def _with_new(places: list[str]) -> list[str]:
    """The form with an empty heading at its end, for one more group."""
    at = places.index(REST)
    return [*places[:at], GROUP + NEW_GROUP, *places[at:]]


def _place(visit: Visit, module: Module[Any], usual: Layout, place: str) -> dict[str, Any]:
    key = place.partition(":")[2]
    if place == REST:
        return {"kind": "rest", "place": place}
    if place.startswith(FIELD):
        field = module.field(key)
        return {
            "kind": "field",
            "place": place,
            "label": visit.voice.label(module, field),
            "type": visit.text(f"kind.{type(field).__name__}"),
            "stays": must_stay(field, usual),
        }
    panel = next((panel for panel in module.layout.panels if panel.key == key), None)
    usual_titles: Mapping[str, str] = titles(module).get(key, {})
    return {
        "kind": "group",
        "place": place,
        "new": panel is None,
        "label": visit.voice.panel(module, panel) if panel else visit.text("studio.new_group"),
        "folded": panel is not None and panel.folded,
        "words": [
            {
                "language": language,
                "name": name,
                "dir": direction,
                "typed": (panel.labels.get(language, "") if panel else "") or usual_titles.get(language, ""),
            }
            for language, name, direction in languages(visit)
        ],
    }
