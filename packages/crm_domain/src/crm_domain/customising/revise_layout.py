"""What an administrator makes of a module's pages: groups of fields in their order, the list's columns, related records."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from crm_domain.definition import Layout, Module, Panel
from crm_domain.definition.kinds import Kind
from crm_domain.problems import FieldProblem, Invalid
from crm_domain.text.normalise import stored

GROUP, FIELD, REST = "group:", "field:", "rest"
"""What stands in the order of a form: a group's heading, a field, and the line below which nothing is shown."""
TITLE_MAX = 100
MOST_HIGHLIGHTS = 8


class LayoutDraft(msgspec.Struct, frozen=True, kw_only=True):
    """A layout as the form has it: `places` in order, titles by group and language, what is ticked in its order."""

    places: Sequence[str]
    titles: Mapping[str, Mapping[str, str]] = {}
    folded: frozenset[str] = frozenset()
    columns: Sequence[str] = ()
    highlights: Sequence[str] = ()
    quick: Sequence[str] = ()
    """The short form; empty leaves it as it is, as for the two that follow."""
    picker: Sequence[str] = ()
    card: Sequence[str] = ()
    relations: Sequence[str] = ()
    """Relations in the order wanted; empty leaves it as it is."""
    offered_relations: Sequence[str] = ()
    """Those that could be ticked."""
    shown_relations: frozenset[str] = frozenset()


def places_of(module: Module[Any]) -> list[str]:
    """The module's form as a row of places: headings with their fields, then what is not shown."""
    layout = module.layout
    shown = [place for panel in layout.panels for place in (GROUP + panel.key, *map(FIELD.__add__, panel.fields))]
    return [*shown, REST, *(FIELD + field.key for field in module.fields if FIELD + field.key not in shown)]


def must_stay(field: Kind, usual: Layout) -> bool:
    """Whether a field must be on the form, for no record can be made without it."""
    return field.required and not field.readonly and (field.custom or any(field.key in p.fields for p in usual.panels))


def revised_layout(
    module: Module[Any], usual: Layout, draft: LayoutDraft, shipped: Mapping[str, Mapping[str, str]]
) -> Layout:
    """The layout the form wants; `usual` is the product's, `shipped` the titles it gives its groups. Raises Invalid."""
    panels = tuple(_panels(module, usual, draft, shipped))
    if not panels:
        raise Invalid({"places": (FieldProblem("studio.no_groups"),)})
    too_long = [key for key, words in draft.titles.items() if any(len(word) > TITLE_MAX for word in words.values())]
    if too_long:
        raise Invalid({"places": (FieldProblem("problems.too_long", {"most": TITLE_MAX}),)})
    there = {key for panel in panels for key in panel.fields}
    known = dict.fromkeys((*module.layout.columns, *module.layout.offered))
    columns = _ticked(draft.columns, known) or usual.columns
    columns = columns if "name" in columns or "name" not in known else ("name", *columns)
    relations = tuple(dict.fromkeys(draft.relations)) or module.layout.subpanels
    return msgspec.structs.replace(
        module.layout,
        panels=usual.panels if _alike(panels, usual.panels) else panels,
        left_out=tuple(field.key for field in module.fields if field.key not in there and _once_shown(field, usual)),
        columns=columns,
        offered=tuple(key for key in known if key not in columns),
        highlights=_ticked(draft.highlights, module.by_key)[:MOST_HIGHLIGHTS],
        quick=_short(module, usual, draft.quick) if draft.quick else module.layout.quick,
        picker=_besides_name(draft.picker, usual.picker, known) if draft.picker else module.layout.picker,
        card=_besides_name(draft.card, usual.card, known) if draft.card else module.layout.card,
        subpanels=relations,
        hidden=tuple(key for key in dict.fromkeys(draft.offered_relations) if key not in draft.shown_relations),
    )


def for_short_form(module: Module[Any]) -> list[Kind]:
    """The fields that a short form may ask."""
    layout = module.layout
    placed = {key for row in (*layout.quick, *(panel.fields for panel in layout.panels)) for key in row}
    return [field for field in module.writable() if field.key in placed]


def _short(module: Module[Any], usual: Layout, chosen: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Rows of the short form; what the product's asks because a record needs it is asked whatever is ticked."""
    offered = {field.key: field for field in for_short_form(module)}
    before = tuple(key for row in usual.quick for key in row if key in offered)
    keys = _ticked(chosen, offered)
    needed = (key for key in before if offered[key].required and offered[key].default is None and key not in keys)
    keys = (*keys, *needed)
    return usual.quick if keys == before else tuple(keys[place : place + 2] for place in range(0, len(keys), 2))


def _besides_name(chosen: Sequence[str], usual: tuple[str, ...], known: Mapping[str, Any]) -> tuple[str, ...]:
    """What stands beside a record's name."""
    ticked = _ticked(chosen, {**known, **dict.fromkeys(usual)})
    return usual if ticked == tuple(path for path in usual if path != "name") else ("name", *ticked)


def _panels(
    module: Module[Any], usual: Layout, draft: LayoutDraft, shipped: Mapping[str, Mapping[str, str]]
) -> Iterator[Panel]:
    """Each heading with the fields that follow it. A new heading without a title adds nothing: its fields go to the one before."""
    groups: list[tuple[str, list[str]]] = []
    rest: list[str] = []
    shown = True
    seen: set[str] = set()
    for place in dict.fromkeys(draft.places):
        key = place.partition(":")[2]
        if place == REST:
            shown = False
        elif place.startswith(GROUP) and (key in shipped or any(draft.titles.get(key, {}).values()) or not groups):
            groups.append((key, []))
        elif place.startswith(FIELD) and key in module.by_key and key not in seen:
            seen.add(key)
            (groups[-1][1] if shown and groups else rest).append(key)
    if groups:
        lost = [key for key in (*rest, *module.by_key) if key in rest or key not in seen]
        groups[-1][1].extend(key for key in dict.fromkeys(lost) if must_stay(module.field(key), usual))
    for key, fields in groups:
        if fields:
            yield Panel(key, tuple((field,) for field in fields), key in draft.folded, _titles(draft, shipped, key))


def _titles(draft: LayoutDraft, shipped: Mapping[str, Mapping[str, str]], key: str) -> dict[str, str]:
    typed = {language: stored(word) for language, word in draft.titles.get(key, {}).items()}
    some = next((word for word in typed.values() if word), "")
    usual = shipped.get(key, {})
    words = {language: word or usual.get(language) or some for language, word in typed.items()}
    return {language: word for language, word in words.items() if word != usual.get(language)}


def _alike(panels: tuple[Panel, ...], others: tuple[Panel, ...]) -> bool:
    """Whether they show the same: how fields are paired in rows makes no difference."""
    return [(p.key, p.fields, p.folded, dict(p.labels)) for p in panels] == [
        (p.key, p.fields, p.folded, dict(p.labels)) for p in others
    ]


def _once_shown(field: Kind, usual: Layout) -> bool:
    return field.custom or any(field.key in panel.fields for panel in usual.panels)


def _ticked(chosen: Sequence[str], known: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(key for key in dict.fromkeys(chosen) if key in known)
