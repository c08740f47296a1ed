"""Values as cells that are read back unchanged, in any language: ISO dates, keys, ids, amounts with their currency."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from crm_domain.definition import Module, kinds
from crm_domain.definition.kinds import Kind
from crm_domain.definition.values import ADDRESS_PARTS, EmailEntry
from crm_domain.meaning.wire import plain, to_json

ID = "id"
"""The column that says which record a row is about."""
LEFT_OUT = (kinds.File, kinds.Files, kinds.Image, kinds.Secret)
"""What no cell can hold."""


def columns_of(field: Kind, path: str = "") -> tuple[str, ...]:
    """The columns of a field, by its key or the path that leads to it: one, or one for each part of an address."""
    name = path or field.key
    return tuple(f"{name}.{part}" for part in ADDRESS_PARTS) if isinstance(field, kinds.Address) else (name,)


def cells_of(field: Kind, value: Any) -> tuple[str, ...]:
    """What stands in these columns; each cell says by itself what it means."""
    if isinstance(field, kinds.Address):
        return tuple(getattr(value, part) if value else "" for part in ADDRESS_PARTS)
    return ("" if value is None else _cell(field, value),)


def raw_cells(module: Module[Any], values: Mapping[str, Any], keys: Iterable[str]) -> dict[str, str]:
    """A record's cells by column, of those fields."""
    fields = [module.field(key) for key in keys]
    return {
        column: cell
        for field in fields
        for column, cell in zip(columns_of(field), cells_of(field, values.get(field.key)), strict=True)
    }


def _cell(field: Kind, value: Any) -> str:
    match field:
        case kinds.Money():
            return f"{plain(value.value)} {value.currency}"
        case kinds.Duration():
            return _clock(value)
        case kinds.Link() | kinds.UserLink():
            return str(value.id)
        case kinds.AnyLink():
            return f"{value.module}:{value.id}"
        case kinds.MultiChoice():
            return "; ".join(value)
        case kinds.Emails():
            return "; ".join(_address(entry, place) for place, entry in enumerate(value))
        case _:
            told = to_json(field, value)
            return told if isinstance(told, str) else msgspec.json.encode(told).decode()


def _clock(seconds: int) -> str:
    """Hours and minutes, and the seconds where there are any: `1:30`, `0:00:20`."""
    minutes, rest = divmod(seconds, 60)
    return f"{minutes // 60}:{minutes % 60:02}" + (f":{rest:02}" if rest else "")


def _address(entry: EmailEntry, place: int) -> str:
    """An address with the marks it has; that the first one is primary goes without saying."""
    marks = (("primary", entry.primary and place > 0), ("opted_out", entry.opted_out), ("invalid", entry.invalid))
    return " ".join([entry.address, *(mark for mark, there in marks if there)])
