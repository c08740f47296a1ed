"""Which modules the search box looks in, as the company's administrators chose."""

from collections.abc import Iterable
from typing import Any

import msgspec

from crm_domain.definition import Module


class Searched(msgspec.Struct, frozen=True, kw_only=True):
    """`order` names modules as their results stand; what neither it nor `off` names, such as a new module, comes last."""

    order: tuple[str, ...] = ()
    off: frozenset[str] = frozenset()

    def among(self, keys: Iterable[str]) -> list[str]:
        """Those of the modules that are looked in, in the order of their results."""
        kept = [key for key in keys if key not in self.off]
        return sorted(kept, key=lambda key: self.order.index(key) if key in self.order else len(self.order))


def searchable(module: Module[Any]) -> bool:
    """Whether anything of its records could be found."""
    return any(field.search for field in module.fields)
