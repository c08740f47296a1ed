"""Where a path of a report leads: through which links and relations, to which field."""

from typing import Any

import msgspec

from crm_domain.access.rights import Access
from crm_domain.definition import Module, Registry, Relation, kinds
from crm_domain.definition.kinds import Kind
from crm_domain.problems import BadValue
from crm_domain.query.read import ADDRESS_WIDE, behind
from crm_domain.reports.question import MOST_DEPTH, NOW


class Step(msgspec.Struct, frozen=True, eq=False):
    """One join: from the records of `parent` (a path, empty for the base) by a link of theirs, or by a relation."""

    path: str
    parent: str
    owner: str
    """The module of the parent."""
    target: str
    link: str = ""
    relation: Relation | None = None

    @property
    def many(self) -> bool:
        """Whether one of the parent's records may have several of these."""
        return self.relation is not None


class Place:
    """A field with the source it stands in (a path, empty for the base); `part` of an address."""

    def __init__(self, source: str, module: Module[Any], field: Kind, part: str = "") -> None:
        self.source = source
        self.module = module
        self.field = field
        self.part = part


def steps_to(registry: Registry, base: str, path: str) -> tuple[Step, ...]:
    """The joins that lead to a source. Raises BadValue for what leads nowhere, or too far."""
    found: list[Step] = []
    at, parent = base, ""
    for name in path.split(".") if path else ():
        here = f"{parent}.{name}" if parent else name
        target = behind(registry[at].by_key.get(name))
        relation = None if target else registry.relations(at).get(name)
        if relation is not None:
            target = relation.target
        if target not in registry:
            raise BadValue("reports.problem.unknown_source", path=path)
        found.append(Step(here, parent, at, target, "" if relation else name, relation))
        at, parent = target, here
    if len(found) > MOST_DEPTH:
        raise BadValue("reports.problem.too_deep", most=MOST_DEPTH)
    return tuple(found)


def module_at(registry: Registry, base: str, path: str) -> Module[Any]:
    """The module of a source. Raises BadValue."""
    steps = steps_to(registry, base, path)
    return registry[steps[-1].target if steps else base]


def place_of(registry: Registry, base: str, path: str) -> Place:
    """The field a path ends in. Raises BadValue for what there is not."""
    source, _, key = path.rpartition(".")
    if source and key in ADDRESS_WIDE:
        before, _, last = source.rpartition(".")
        field = module_at(registry, base, before).by_key.get(last)
        if isinstance(field, kinds.Address):
            return Place(before, module_at(registry, base, before), field, key)
    module = module_at(registry, base, source)
    field = module.by_key.get(key)
    if field is None or isinstance(field, kinds.Secret):
        raise BadValue("problems.unknown_field", field=path)
    return Place(source, module, field)


def fans_out(registry: Registry, base: str, path: str) -> bool:
    """Whether a record of the base may have several of a source."""
    return any(step.many for step in steps_to(registry, base, path))


def readable(registry: Registry, access: Access, base: str, path: str) -> bool:
    """Whether the reader may see a path's field, and each link and module on the way there."""
    if path in ("", NOW):
        return True
    place = place_of(registry, base, path)
    return place.field.key not in access.hidden(place.module.key) and reachable(registry, access, base, place.source)


def reachable(registry: Registry, access: Access, base: str, source: str) -> bool:
    """Whether the reader may see any records of a source, by the fields and modules on the way there."""
    return all(
        access.can(step.target, right_to(step)) and _tie(step) not in access.hidden(_holder(step))
        for step in steps_to(registry, base, source)
    )


def right_to(step: Step) -> str:
    """The right that joining asks for: a linked record is read as its name is, related ones as their list."""
    return "list" if step.many else "view"


def _tie(step: Step) -> str:
    return step.relation.link_field if step.relation else step.link


def _holder(step: Step) -> str:
    """The module whose field ties both ends."""
    return step.target if step.relation else step.owner
