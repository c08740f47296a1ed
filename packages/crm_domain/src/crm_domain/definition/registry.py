"""The tenant's modules side by side, and the relations that follow from them."""

from collections.abc import Sequence
from typing import Any, TypeVar

from crm_domain.access.rights import Whole
from crm_domain.definition.kinds import AnyLink, Computed, Kind, Link, Money
from crm_domain.definition.module import Module
from crm_domain.definition.record import Record
from crm_domain.definition.relation import ManyToAny, ManyToMany, Relation, RelationTable

R = TypeVar("R", bound=Record)


class Registry:
    """All modules by key. Immutable; a tenant's own is made from its overlay and cached by version."""

    def __init__(self, modules: Sequence[Module[Any]], tables: Sequence[RelationTable], version: int = 0) -> None:
        self.modules = {module.key: module for module in modules}
        self.tables = {table.key: table for table in tables}
        self.version = version
        self.wholes = {module.key: found for module in modules if (found := _whole_of(module))}
        """By module of parts, what their fields' rights follow."""
        self.made_of = {module.key: found for module in modules if (found := _made_in(module))}
        """By module and field, the fields that it is worked out from."""
        self._by_record = {module.record: module for module in modules}
        self._relations = {module.key: self._relations_of(module) for module in modules}

    def __getitem__(self, key: str) -> Module[Any]:
        return self.modules[key]

    def get(self, key: str) -> Module[Any] | None:
        return self.modules.get(key)

    def __contains__(self, key: object) -> bool:
        return key in self.modules

    def of(self, record: type[R]) -> Module[R]:
        """The module of a record's class."""
        return self._by_record[record]

    def relations(self, module: str) -> dict[str, Relation]:
        """A module's relations by key: the layout's subpanels first, in their order."""
        return self._relations[module]

    def _relations_of(self, module: Module[Any]) -> dict[str, Relation]:
        found: dict[str, Relation] = {}
        for other in self.modules.values():
            for field in other.fields:
                if (key := inverse_at(field, module.key)) and key not in found:
                    found[key] = Relation(
                        key=key,
                        module=module.key,
                        target=other.key,
                        kind="many_to_one",
                        link_field=field.key,
                        labels=field.labels if field.custom else {},
                    )
        for table in self.tables.values():
            found |= {side.key: side for side in _sides(table) if side.module == module.key}
        order = [key for key in module.layout.subpanels if key in found]
        return {key: found[key] for key in (*order, *(key for key in found if key not in order))}


def _whole_of(module: Module[Any]) -> Whole | None:
    link = module.by_key.get(module.part_of)
    return Whole(link.target, frozenset(module.repeats)) if module.repeats and isinstance(link, Link) else None


def _made_in(module: Module[Any]) -> dict[str, tuple[str, ...]]:
    return {field.key: field.of for field in module.fields if isinstance(field, Computed | Money) and field.of}


def inverse_at(field: Kind, module: str) -> str:
    """The key under which a module shows the records that point at it by this field; empty for none."""
    match field:
        case Link(target=target) if target == module:
            return field.inverse
        case AnyLink(targets=targets) if module in targets:
            return field.inverse
        case _:
            return ""


def _sides(table: RelationTable) -> list[Relation]:
    """The relations a table gives to the modules at its ends."""
    match table:
        case ManyToMany():
            ends = ((table.left_key, table.left, table.right, True), (table.right_key, table.right, table.left, False))
            kind = "many_to_many"
        case ManyToAny():
            ends = (
                *((right, table.left, right, True) for right in table.rights),
                *((table.right_key, right, table.left, False) for right in table.rights),
            )
            kind = "many_to_any"
    return [
        Relation(key=key, module=module, target=target, kind=kind, table=table, left=left)
        for key, module, target, left in ends
    ]
