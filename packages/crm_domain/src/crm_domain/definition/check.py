"""The start-up check of all definitions: every fault as one sentence that names `module.field`."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from crm_domain.definition import kinds
from crm_domain.definition.kinds import Kind
from crm_domain.definition.layout import Layout
from crm_domain.definition.module import Module
from crm_domain.definition.registry import Registry, inverse_at
from crm_domain.definition.relation import ManyToAny, RelationTable
from crm_domain.definition.values import ADDRESS_PARTS
from crm_domain.definition.words import option_lists

ROW = 2
BOARD_LANES = 20
"""A board with more lanes is no board."""
SEARCHED = (kinds.Text, kinds.LongText, kinds.Url, kinds.Phone, kinds.Computed, kinds.AutoNumber)
"""The kinds whose column can be part of a search key."""


def faults(registry: Registry) -> tuple[str, ...]:
    """What is wrong with the definitions; empty when the product may start."""
    modules, tables = registry.modules.values(), registry.tables.values()
    of_modules = (fault for module in modules for check in _MODULE_CHECKS for fault in check(module, registry))
    of_tables = (fault for table in tables for fault in _table(table, registry))
    return (*of_modules, *of_tables, *_option_lists(registry))


def _identity(module: Module[Any], registry: Registry) -> Iterator[str]:
    if not module.icon:
        yield f"{module.key} has no icon"
    if "name" not in module.by_key:
        yield f"{module.key}.name is missing: every record has a name"
    for key, number in Counter(field.key for field in module.fields).items():
        if number > 1:
            yield f"{module.key}.{key} stands for {number} fields"
    sort_field = module.by_key.get(module.sort_field)
    if not isinstance(sort_field, kinds.Text | kinds.Computed):
        yield f"{module.key}.{module.sort_field} is the sort field but no text"
    if module.open_field:
        open_field = module.by_key.get(module.open_field)
        if not isinstance(open_field, kinds.Choice | kinds.DependentChoice) or not open_field.options.closed_keys():
            yield f"{module.key}.{module.open_field} is the open field but has no closed options"
    for key, option in (*module.sent.items(), *module.drafted.items()):
        if option not in getattr(module.by_key.get(key), "options", ()):
            yield f"{module.key}.{key} should have the option {option}"
    if module.number_field and not isinstance(module.by_key.get(module.number_field), kinds.Text | kinds.AutoNumber):
        yield f"{module.key}.{module.number_field} is the number but neither text nor a given number"
    if module.part_of and not isinstance(module.by_key.get(module.part_of), kinds.Link):
        yield f"{module.key}.{module.part_of} leads to the whole but is no link"
    yield from _repeated(module, registry)
    for rule in module.duplicates:
        for place in (*rule.same, *rule.starts):
            if not _known(place, module, registry):
                yield f"{module.key}.{place} is in a duplicate rule but is no field"


def _repeated(module: Module[Any], registry: Registry) -> Iterator[str]:
    whole = module.by_key.get(module.part_of)
    for key in module.repeats:
        there = isinstance(whole, kinds.Link) and whole.target in registry and key in registry[whole.target].by_key
        if not there or key not in module.by_key:
            yield f"{module.key}.{key} repeats what the whole does not have"


def _fields(module: Module[Any], registry: Registry) -> Iterator[str]:
    for field in module.fields:
        name = f"{module.key}.{field.key}"
        yield from (f"{name} {fault}" for fault in _field(field, module, registry))
        if isinstance(field, kinds.Computed) and not (field.of and set(field.of) <= set(module.by_key)):
            yield f"{name} does not say of which fields it is made"
        if isinstance(field, kinds.Money) and field.of and not _is_share(field, module):
            yield f"{name} is no share: its parts are an amount and a percentage, and nobody writes it"
        if field.search and not isinstance(field, SEARCHED):
            yield f"{name} cannot be part of the search key"
        if field.unique and not isinstance(
            field, kinds.Text | kinds.Url | kinds.Integer | kinds.AutoNumber | kinds.Link
        ):
            yield f"{name} cannot be unique"


def _is_share(field: kinds.Money, module: Module[Any]) -> bool:
    whole, percent = (module.by_key.get(key) for key in field.of)
    return (
        isinstance(whole, kinds.Money) and isinstance(percent, kinds.Percent) and field.readonly and not field.audited
    )


def _field(field: Kind, module: Module[Any], registry: Registry) -> Iterator[str]:
    match field:
        case kinds.Link():
            if field.target not in registry:
                yield f"links to {field.target}, which is no module"
            else:
                yield from _shared(field.target, field.inverse, registry)
        case kinds.UserLink():
            if "users" not in registry:
                yield "links to users, which is no module"
        case kinds.AnyLink():
            for target in field.targets:
                if target not in registry:
                    yield f"links to {target}, which is no module"
                else:
                    yield from _shared(target, field.inverse, registry)
        case kinds.Choice() | kinds.DependentChoice():
            if field.default is not None and field.options.get(field.default) is None:
                yield f"has the default {field.default}, which is no option"
            if isinstance(field, kinds.DependentChoice) and not isinstance(
                module.by_key.get(field.leader), kinds.Choice
            ):
                yield f"depends on {field.leader}, which is no choice"
        case kinds.Address():
            twin = module.by_key.get(field.twin) if field.twin else field
            if not isinstance(twin, kinds.Address):
                yield f"has the twin {field.twin}, which is no address"
        case _:
            return


def _shared(target: str, relation: str, registry: Registry) -> Iterator[str]:
    if relation and _carriers(target, relation, registry) > 1:
        yield f"shares the relation {target}.{relation} with another link"


def _carriers(module: str, relation: str, registry: Registry) -> int:
    """How many declarations give a module this relation; one is right."""
    fields = (field for other in registry.modules.values() for field in other.fields)
    by_link = sum(inverse_at(field, module) == relation for field in fields)
    return by_link + sum(end == (module, relation) for table in registry.tables.values() for end in _ends(table))


def _ends(table: RelationTable) -> list[tuple[str, str]]:
    """The modules at a table's ends, each with the key it shows the relation under."""
    if isinstance(table, ManyToAny):
        return [
            (module, key) for right in table.rights for module, key in ((table.left, right), (right, table.right_key))
        ]
    return [(table.left, table.left_key), (table.right, table.right_key)]


def _layout(module: Module[Any], registry: Registry) -> Iterator[str]:
    layout = module.layout
    for part, places in _places(layout):
        for place in places:
            if not _known(place, module, registry):
                yield f"{module.key}.{place} is in the layout's {part} but is no field"
        for place, number in Counter(places).items():
            if number > 1:
                yield f"{module.key}.{place} is {number} times in the layout's {part}"
    for row in (*layout.quick, *(row for panel in layout.panels for row in panel.rows)):
        if len(row) > ROW:
            yield f"{module.key}.{row[0]} stands in a row of {len(row)} fields"
    for part, keys in (("quick form", _flat(layout.quick)), ("form", _in_panels(layout))):
        for field in module.writable():
            if field.required and keys and field.key not in keys:
                yield f"{module.key}.{field.key} is required but not in the {part}"
    for relation in layout.subpanels:
        if relation not in registry.relations(module.key):
            yield f"{module.key}.{relation} is a subpanel but no relation"
    for key in layout.linked:
        relation = registry.relations(module.key).get(key)
        if relation is None or relation.table is None:
            yield f"{module.key}.{key} is in the form but no relation with a table"


def _board(module: Module[Any], _registry: Registry) -> Iterator[str]:
    layout = module.layout
    if layout.board:
        axis = module.by_key.get(layout.board)
        if not isinstance(axis, kinds.Choice | kinds.DependentChoice) or len(axis.options.items) > BOARD_LANES:
            yield f"{module.key}.{layout.board} is the board's axis but no choice of at most {BOARD_LANES}"
        if not layout.card:
            yield f"{module.key} has a board but no card"
    for summed in filter(None, (layout.board_sum, layout.board_weighted)):
        if not isinstance(module.by_key.get(summed), kinds.Money):
            yield f"{module.key}.{summed} is summed on the board but is no money"


def _sorts(module: Module[Any], _registry: Registry) -> Iterator[str]:
    for key in (part.lstrip("-") for part in module.layout.sort.split(",")):
        field = module.by_key.get(key)
        if field is None:
            yield f"{module.key}.{key} sorts the list but is no field"
        elif key != "name" and not field.indexed:
            yield f"{module.key}.{key} sorts the list but has no index"


def _privacy(module: Module[Any], registry: Registry) -> Iterator[str]:
    privacy = module.privacy
    if privacy is None:
        return
    table = registry.tables.get(privacy.links)
    if privacy.links and (not isinstance(table, ManyToAny) or table.left != module.key):
        yield f"{module.key} is opened by {privacy.links}, which is no relation of its records with any"
    if not isinstance(module.by_key.get(privacy.field), kinds.Boolean):
        yield f"{module.key}.{privacy.field} keeps records private but is no yes or no"


_MODULE_CHECKS: tuple[Callable[[Module[Any], Registry], Iterator[str]], ...] = (
    _identity,
    _fields,
    _layout,
    _board,
    _sorts,
    _privacy,
)


def _table(table: RelationTable, registry: Registry) -> Iterator[str]:
    for side, _ in _ends(table):
        if side not in registry:
            yield f"{table.key} relates {side}, which is no module"
            return
    for side, key in _ends(table):
        if _carriers(side, key, registry) > 1:
            yield f"{table.key} shares the relation {side}.{key} with another"
    if isinstance(table, ManyToAny):
        counter = registry[table.left].by_key.get(table.counter)
        if table.counter and not (isinstance(counter, kinds.Integer) and counter.readonly):
            yield f"{table.left}.{table.counter} counts {table.key} but is no number that only rules write"
        for right, relation in table.along.items():
            if right not in table.rights or relation not in registry.relations(right):
                yield f"{table.key} takes {right}.{relation} along, which is no relation of a partner"
        return
    own = {field.key: field for field in table.kinds()}
    if table.primary and not isinstance(own.get(table.primary), kinds.Boolean):
        yield f"{table.key}.{table.primary} marks the primary link but is no yes or no"
    pin = own.get(table.pins)
    held = {relation.target for relation in registry.relations(table.right).values() if relation.link_field}
    if table.pins and not (isinstance(pin, kinds.Link) and pin.readonly and pin.target in held):
        yield f"{table.key}.{table.pins} pins nothing that {table.right} has many of"
    mirror = registry[table.right].by_key.get(table.mirrors)
    if table.mirrors and not (isinstance(mirror, kinds.Link) and mirror.target == table.left):
        yield f"{table.right}.{table.mirrors} mirrors {table.key} but is no link to {table.left}"


def _option_lists(registry: Registry) -> Iterator[str]:
    for name, options in option_lists(registry):
        for key, number in Counter(options.keys()).items():
            if number > 1:
                yield f"{name}.{key} stands for {number} options"


def _places(layout: Layout) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield "columns", (*layout.columns, *layout.offered)
    yield "panels", _in_panels(layout)
    yield "quick form", _flat(layout.quick)
    for part in ("picker", "basic", "advanced", "highlights", "card"):
        yield part, getattr(layout, part)


def _in_panels(layout: Layout) -> tuple[str, ...]:
    return _flat(row for panel in layout.panels for row in panel.rows)


def _flat(rows: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(place for row in rows for place in row)


def _known(place: str, module: Module[Any], registry: Registry) -> bool:
    """A field, a part of an address, or a field one link away."""
    first, _, rest = place.partition(".")
    field = module.by_key.get(first)
    if field is None or not rest:
        return field is not None
    if isinstance(field, kinds.Address):
        return rest in ADDRESS_PARTS
    return _target(field) in registry and rest in registry[_target(field)].by_key


def _target(field: Kind) -> str:
    match field:
        case kinds.Link():
            return field.target
        case kinds.UserLink():
            return "users"
        case _:
            return ""
