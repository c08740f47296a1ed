"""The records that a list's filter names: what its address holds are ids, what people read are names."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from crm_domain.definition import Module, Ref, kinds
from crm_domain.problems import BadValue
from crm_domain.query.read import NAME, read_path
from crm_web.lists.listing import Listing
from crm_web.visit import Visit

Named = Mapping[UUID, Ref]
"""The records that a filter names, as far as the reader may see them."""


def linked(visit: Visit, module: Module[Any], path: str) -> tuple[str, ...]:
    """The modules whose records a condition on this field names; none where it names no records."""
    try:
        field, _ = read_path(visit.work.registry, module, path)
    except BadValue:
        return ()
    return kinds.targets_of(field)


def linked_refs(visit: Visit, module: Module[Any], listing: Listing) -> tuple[Ref, ...]:
    """The records the filter names; where a field may point at several modules, what each of them would call it."""
    refs = {
        Ref(target, id_): None
        for name, value in listing.params
        if (matched := NAME.fullmatch(name))
        for target in linked(visit, module, matched[1])
        for text in value.split(",")
        if (id_ := _id(text))
    }
    return tuple(refs)


async def linked_names(visit: Visit, module: Module[Any], listing: Listing) -> Named:
    """The records the filter names, as far as the reader may see them."""
    return {ref.id: shown for ref, shown in (await visit.names(linked_refs(visit, module, listing))).items()}


def record_name(visit: Visit, text: str, names: Named) -> str:
    """What a reader is told of a record: its name, or that he does not know it."""
    known = _known(text, names)
    return known.name if known else visit.text("list.unknown_record")


def named_target(visit: Visit, module: Module[Any], path: str, text: str, names: Named) -> str:
    """The module a record is looked for in: the one it is of, else the field's first; empty where there is none."""
    known = _known(text, names)
    return known.module if known else next(iter(linked(visit, module, path)), "")


def _known(text: str, names: Named) -> Ref | None:
    id_ = _id(text)
    return names.get(id_) if id_ else None


def _id(text: str) -> UUID | None:
    try:
        return UUID(text.strip())
    except ValueError:
        return None
