"""Taking the values out of a query, so that its SQL is compiled once and used for every value."""

from typing import Any, cast

import msgspec

from crm_domain.query.filter import AnyOf, Condition, Filter, Group, Linked, Quick
from crm_domain.query.page import Cursor


class Slot(msgspec.Struct, frozen=True):
    """The place of a value: the statement's parameter `p<number>`."""

    number: int

    @property
    def name(self) -> str:
        return f"p{self.number}"


class Word(msgspec.Struct, frozen=True):
    """One word of a search box as a pattern: `short` ones, too few letters for trigrams, only at the beginning."""

    slot: Slot
    short: bool
    latin: bool


class Values:
    """The values taken out so far, by parameter name."""

    def __init__(self) -> None:
        self.params: dict[str, Any] = {}

    def slot(self, value: Any) -> Slot:
        slot = Slot(len(self.params))
        self.params[slot.name] = list(cast("tuple[Any, ...]", value)) if isinstance(value, tuple) else value
        return slot


SHAPED_OPS = ("empty", "opted_out", "me", "my_team")
"""Operators whose value is part of the statement's form."""
TRIGRAM = 3


def shape(filter_: Filter, values: Values, hidden: frozenset[str]) -> Filter:
    """The same filter with slots for values; equal shapes compile to the same statement. Quick search is told which fields
    are `hidden` from the reader."""
    match filter_:
        case Group():
            return msgspec.structs.replace(filter_, items=tuple(shape(item, values, hidden) for item in filter_.items))
        case Condition() | AnyOf():
            if filter_.op in SHAPED_OPS or filter_.value is None:
                return filter_
            if filter_.op == "between":
                low, high = filter_.value
                return msgspec.structs.replace(filter_, value=(values.slot(low), values.slot(high)))
            return msgspec.structs.replace(filter_, value=values.slot(filter_.value))
        case Linked():
            return msgspec.structs.replace(filter_, value=values.slot(filter_.value))
        case Quick():
            words = _words(filter_.words.split(), values)
            return msgspec.structs.replace(filter_, words=words, unseen=tuple(sorted(hidden)))
        case _:
            return filter_


def cursor_shape(cursor: Cursor | None, values: Values) -> tuple[Slot | None, ...] | None:
    """The cursor's sort values and id as slots; None where the row had an empty value."""
    if cursor is None:
        return None
    return (*(None if value is None else values.slot(value) for value in cursor.values), values.slot(cursor.id))


def _words(words: list[str], values: Values) -> tuple[Word, ...]:
    """Short words beside a longer one are looked for anywhere: the longer one has already narrowed the search."""
    narrow = any(len(word) >= TRIGRAM for word in words)
    return tuple(_word(word, values, narrow=narrow) for word in words)


def _word(word: str, values: Values, *, narrow: bool) -> Word:
    short = len(word) < TRIGRAM and not narrow
    return Word(values.slot(f"{word}%" if short else f"%{word}%"), short, latin=word.isascii())
