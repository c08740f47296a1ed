"""What a record takes over from another one it comes from: the fields that both modules have under one name and kind."""

from typing import Any

from crm_domain.definition import Module, Record
from crm_domain.definition.kinds import Choice, Kind


def in_common(source: Module[Any], target: Module[Any], record: Record) -> dict[str, Any]:
    """The record's values that fit the target, without empty ones. A tenant's own fields go by their wording."""
    twins = {_identity(field): field.key for field in source.fields}
    found: dict[str, Any] = {}
    for field in target.writable():
        key = twins.get(_identity(field))
        value = record.values.get(key) if key else None
        if value is not None and not (isinstance(field, Choice) and field.options.get(value) is None):
            found[field.key] = value
    return found


def _identity(field: Kind) -> tuple[Any, ...]:
    name = tuple(sorted(field.labels.items())) if field.custom else field.key
    return type(field), getattr(field, "target", ""), field.custom, name
