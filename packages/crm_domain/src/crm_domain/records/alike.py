"""Why a record may be the same one as what is being typed: the same address, number or name, or a similar one."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

import msgspec

from crm_domain.definition import Module, kinds
from crm_domain.definition.module import DuplicateRule
from crm_domain.query.page import Row
from crm_domain.text.normalise import search_key

IDENTIFIERS = ("national_id", "legal_id")
"""Checks of texts that only one person or company has."""
How = Literal["email", "phone", "same", "similar"]


class Reason(msgspec.Struct, frozen=True):
    """In what a record is like what was typed, and the paths of the fields that say so."""

    how: How
    paths: tuple[str, ...]


def compared(module: Module[Any]) -> tuple[str, ...]:
    """The fields that are looked at."""
    by_rule = (path.partition(".")[0] for rule in module.duplicates for path in (*rule.same, *rule.starts))
    own = (field.key for field in module.fields if isinstance(field, kinds.Emails | kinds.Phone) or identifies(field))
    return tuple(dict.fromkeys((*own, *by_rule)))


def identifies(field: Any) -> bool:
    """Whether the field is the number of one person or company."""
    return isinstance(field, kinds.Text) and field.check in IDENTIFIERS


def reasons(module: Module[Any], typed: Mapping[str, Any], row: Row) -> list[Reason]:
    """What the typed values have in common with a record; a field that the reader may not see says nothing."""
    found = [*_contacts(module, typed, row), *(one for rule in module.duplicates for one in _by_rule(rule, typed, row))]
    return list(dict.fromkeys(found))


def _contacts(module: Module[Any], typed: Mapping[str, Any], row: Row) -> Iterator[Reason]:
    phones = {row.values.get(field.key) for field in module.fields if isinstance(field, kinds.Phone)}
    for field in module.fields:
        value = typed.get(field.key)
        if not value:
            continue
        if isinstance(field, kinds.Emails):
            there = {entry.address.lower() for entry in row.values.get(field.key) or ()}
            if any(entry.address.lower() in there for entry in value):
                yield Reason("email", (field.key,))
        elif isinstance(field, kinds.Phone) and value in phones:
            yield Reason("phone", (field.key,))
        elif identifies(field) and value == row.values.get(field.key):
            yield Reason("same", (field.key,))


def _by_rule(rule: DuplicateRule, typed: Mapping[str, Any], row: Row) -> Iterator[Reason]:
    starts = tuple(path for path in rule.starts if text_at(typed, path))
    pairs = [(search_key(text_at(typed, path)), search_key(text_at(row.values, path))) for path in rule.same]
    begun = [(search_key(text_at(typed, path)), search_key(text_at(row.values, path))) for path in starts]
    if (
        (pairs or begun)
        and all(one and one == other for one, other in pairs)
        and all(other.startswith(one) for one, other in begun)
    ):
        same = all(one == other for one, other in begun)
        yield Reason("same" if same else "similar", (*rule.same, *starts))


def text_at(values: Mapping[str, Any], path: str) -> str:
    """A text, also that of one part of an address; empty where there is none."""
    first, _, part = path.partition(".")
    value = values.get(first)
    value = getattr(value, part, "") if part else value
    return value if isinstance(value, str) else ""
