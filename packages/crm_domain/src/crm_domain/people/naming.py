"""How people are named to a reader: which name comes first, and whether with a Mr or Dr before it. What is stored is one."""

from collections.abc import Mapping
from typing import Any

import msgspec

from crm_domain.access.rights import Access
from crm_domain.definition import Module, Registry, kinds
from crm_domain.meaning.voice import Voice
from crm_domain.people.preferences import NameOrder

GIVEN, FAMILY, TITLE = "first_name", "last_name", "salutation"


class Naming(msgspec.Struct, frozen=True):
    """`mark` stands after a family name that comes first; without one the given name does. `titles` are the words before the
    names, by module and option."""

    mark: str | None = None
    titles: Mapping[str, Mapping[str, str]] = {}


AS_STORED = Naming()


def naming(order: NameOrder, registry: Registry, access: Access, voice: Voice) -> Naming:
    """What the reader chose, with the titles he may see."""
    match order:
        case "given_family":
            return AS_STORED
        case "family_given":
            return Naming(mark=voice.text("people.family_mark") + " ")
        case "titled":
            seen = (module for module in registry.modules.values() if access.field(module.key, TITLE) != "hidden")
            return Naming(titles={module.key: words for module in seen if (words := _titles(module, voice))})


def _titles(module: Module[Any], voice: Voice) -> dict[str, str]:
    kind = module.by_key.get(TITLE)
    if not (module.person and isinstance(kind, kinds.Choice)):
        return {}
    return {item.key: voice.option_label(kind.options, item) for item in kind.options.items}
