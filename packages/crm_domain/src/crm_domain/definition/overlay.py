"""A tenant's own changes to a module, laid over the definition. Fields, options, labels and layouts; and the
menu of all modules."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import msgspec

from crm_domain.definition.kinds import (
    Bill,
    Boolean,
    Choice,
    Date,
    DateTime,
    DecimalNumber,
    DependentChoice,
    Integer,
    Kind,
    Link,
    LongText,
    Money,
    MultiChoice,
    Percent,
    Phone,
    Text,
    Url,
    UserLink,
)
from crm_domain.definition.layout import Layout, Panel
from crm_domain.definition.module import Module
from crm_domain.definition.options import Option, Options
from crm_domain.definition.relation import RelationTable

CustomKind = Literal[
    "text", "long_text", "integer", "decimal", "percent", "money", "boolean", "date", "datetime", "choice", "multi_choice", "link",
    "user", "phone", "url",
]  # fmt: skip


class CustomField(msgspec.Struct, frozen=True, kw_only=True):
    """A field the tenant added. Its column is `x_<number>`; the server allots the number (SEC-09)."""

    number: int
    kind: CustomKind
    labels: Mapping[str, str]
    required: bool = False
    options: tuple[Option, ...] = ()
    target: str = ""
    column: bool = False
    """Whether lists offer it as a column by default."""
    active: bool = True
    """Otherwise it stands nowhere, while records keep what they have in it."""

    @property
    def key(self) -> str:
        return f"x_{self.number}"


class Menu(msgspec.Struct, frozen=True):
    """The tenant's own menu: modules in their order, and those that stand nowhere in it. Others follow in the usual order."""

    order: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()


class Overlay(msgspec.Struct, frozen=True, kw_only=True):
    """All of a tenant's changes to one module."""

    fields: tuple[CustomField, ...] = ()
    labels: Mapping[str, Mapping[str, str]] = {}
    """Field key -> language -> label; the key "" is the module itself, with `<language>.one` and `<language>.many`."""
    options: Mapping[str, tuple[Option, ...]] = {}
    """Option list name -> its options in order."""
    layout: Layout | None = None
    menu: Menu | None = None
    """What belongs to no single module is said where the option lists are."""


NO_OVERLAY = Overlay()
CUSTOM_PANEL = "custom"
"""Where the tenant's own fields stand until it says otherwise; its label is `record.panel.custom`."""

_MAKERS: Mapping[CustomKind, Callable[..., Kind]] = {
    "text": Text, "long_text": LongText, "integer": Integer, "decimal": DecimalNumber, "percent": Percent, "money": Money,
    "boolean": Boolean, "date": Date, "datetime": DateTime, "user": UserLink, "phone": Phone, "url": Url,
}  # fmt: skip


def effective(module: Module[Any], overlay: Overlay) -> Module[Any]:
    """The tenant's module: the same type in and out. Never fails: a layout that names a vanished field loses it."""
    if overlay == NO_OVERLAY:
        return module
    static = tuple(_relabelled(field, overlay) for field in module.fields)
    active = tuple(field for field in overlay.fields if field.active)
    fields = (*(_custom(field, module) for field in active), *static)
    keys = {field.key for field in fields}
    layout = _extended(module.layout, active)
    layout = _known(_completed(overlay.layout, layout, fields) if overlay.layout else layout, keys)
    return msgspec.structs.replace(module, fields=fields, layout=layout, labels=overlay.labels.get("", module.labels))


def in_menu(modules: Sequence[Module[Any]], menu: Menu | None) -> list[Module[Any]]:
    """The modules in the order of the tenant's menu; those it hides belong to no group of it."""
    if menu is None:
        return list(modules)
    places = {key: place for place, key in enumerate(menu.order)}
    ordered = sorted(modules, key=lambda module: places.get(module.key, len(places)))
    return [msgspec.structs.replace(one, group="") if one.key in menu.hidden else one for one in ordered]


def effective_table(table: RelationTable, overlay: Overlay) -> RelationTable:
    """A relation with the tenant's option lists among what its links say of themselves."""
    static = table.kinds()
    fields = tuple(_relabelled(field, overlay) for field in static)
    if all(one is other for one, other in zip(fields, static, strict=True)):
        return table
    own = type(table.fields.__name__, (table.fields,), {field.key: field for field in fields})
    return msgspec.structs.replace(table, fields=own)


def options_of(field: Kind) -> Options | None:
    """The list a field's values come from; None for kinds without one."""
    match field:
        case Choice() | DependentChoice() | MultiChoice():
            return field.options
        case Bill():
            return field.units
        case _:
            return None


def custom_field(field: CustomField, module: str) -> Kind:
    """The typed field a tenant's row stands for."""
    common: dict[str, Any] = {"key": field.key, "required": field.required, "custom": True, "labels": field.labels}
    if field.kind == "link":
        return Link(target=field.target, inverse=f"{module}_{field.key}", **common)
    if field.kind in ("choice", "multi_choice"):
        options = Options(f"{module}_{field.key}", field.options)
        return (Choice if field.kind == "choice" else MultiChoice)(options=options, **common)
    return _MAKERS[field.kind](**common)


def _custom(field: CustomField, module: Module[Any]) -> Kind:
    return custom_field(field, module.key)


def _relabelled(field: Kind, overlay: Overlay) -> Kind:
    changes: dict[str, Any] = {}
    if field.key in overlay.labels:
        changes["labels"] = overlay.labels[field.key]
    options = options_of(field)
    if options is not None and options.name in overlay.options:
        changes["units" if isinstance(field, Bill) else "options"] = _options(options, overlay.options[options.name])
    return msgspec.structs.replace(field, **changes) if changes else field


def _options(static: Options, own: tuple[Option, ...]) -> Options:
    """The tenant's list. Options of a fixed list that it left out are kept, for behaviour hangs on them."""
    kept = (
        tuple(item for item in static.items if item.key not in {option.key for option in own}) if static.fixed else ()
    )
    return Options(static.name, (*own, *kept), static.fixed, static.grows)


def _extended(layout: Layout, fields: tuple[CustomField, ...]) -> Layout:
    """Without a layout of its own a tenant finds new fields in a panel of their own and among the offered columns."""
    if not fields:
        return layout
    keys = tuple(field.key for field in fields)
    rows = tuple(keys[i : i + 2] for i in range(0, len(keys), 2))
    shown = tuple(field.key for field in fields if field.column)
    return msgspec.structs.replace(
        layout,
        columns=(*layout.columns, *shown),
        offered=(*layout.offered, *(key for key in keys if key not in shown)),
        panels=(*layout.panels, Panel(CUSTOM_PANEL, rows)),
        advanced=(*layout.advanced, *keys),
        quick=(*layout.quick, *((field.key,) for field in fields if field.required)) if layout.quick else (),
    )


def _completed(own: Layout, usual: Layout, fields: tuple[Kind, ...]) -> Layout:
    """The tenant's layout with what came after it was made: new columns are offered, new fields of its own stand in a panel,
    and what must be filled in is on the form whatever the layout says."""
    offered = dict.fromkeys((*own.offered, *usual.columns, *usual.offered))
    there = {key for panel in own.panels for key in panel.fields}
    later = tuple((f.key,) for f in fields if f.custom and f.key not in there and f.key not in own.left_out)
    needed = tuple(
        (f.key,)
        for f in fields
        if f.required and not (f.readonly or f.custom or f.key in there) and f.key in _placed(usual)
    )
    panels = own.panels
    if needed and panels:
        panels = (*panels[:-1], msgspec.structs.replace(panels[-1], rows=(*panels[-1].rows, *needed)))
    if later:
        panels = (*panels, Panel(CUSTOM_PANEL, later))
    asked = {key for row in own.quick for key in row}
    short = tuple((f.key,) for f in fields if f.custom and f.required and f.key not in asked)
    return msgspec.structs.replace(
        own,
        offered=tuple(key for key in offered if key not in own.columns),
        panels=panels,
        quick=(*own.quick, *short) if own.quick else usual.quick,
    )


def _placed(layout: Layout) -> set[str]:
    return {key for panel in layout.panels for key in panel.fields}


def _known(layout: Layout, keys: set[str]) -> Layout:
    def known(places: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(place for place in places if place.split(".")[0] in keys)

    panels = tuple(
        msgspec.structs.replace(panel, rows=tuple(row for row in map(known, panel.rows) if row))
        for panel in layout.panels
    )
    return msgspec.structs.replace(
        layout,
        columns=known(layout.columns),
        offered=known(layout.offered),
        panels=panels,
        quick=tuple(row for row in map(known, layout.quick) if row),
        picker=known(layout.picker),
        basic=known(layout.basic),
        advanced=known(layout.advanced),
        highlights=known(layout.highlights),
        card=known(layout.card),
        board=layout.board if layout.board in keys else "",
    )
