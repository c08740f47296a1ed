"""Values that follow from others."""

from collections.abc import Callable, Mapping
from typing import Any, Generic, Literal, TypeVar

from crm_domain.definition.field import Field

T = TypeVar("T")
Result = Literal["text", "integer", "decimal", "date"]


class Computed(Field[T], Generic[T], frozen=True, kw_only=True, eq=False):
    """Worked out from the record's other values at every save and stored, so that it sorts, filters and exports."""

    by: Callable[[Mapping[str, Any]], T]
    of: tuple[str, ...]
    """The fields it is made of: who may not see one of them may not see it."""
    result: Result = "text"
