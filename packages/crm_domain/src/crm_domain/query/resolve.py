"""A filter made ready for the database: hidden fields taken out, periods and days turned into instants, words normalised."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast

import msgspec

from crm_domain.access.rights import Access
from crm_domain.definition import Module, Registry, kinds
from crm_domain.meaning.voice import Voice
from crm_domain.query.filter import EVERYTHING, AnyOf, Condition, Filter, Group, Quick, StillOpen
from crm_domain.query.read import may_read, read_path
from crm_domain.text.digits import to_ascii
from crm_domain.text.normalise import query_words
from crm_domain.text.periods import period


class Resolved(msgspec.Struct, frozen=True):
    """The filter to run, and the fields it spoke of that the reader may not see."""

    filter: Filter
    dropped: tuple[str, ...] = ()


def resolve(filter_: Filter, registry: Registry, module: Module[Any], access: Access, voice: Voice) -> Resolved:
    """Evaluated when asked, in the reader's zone and calendar: a saved view keeps "this month", not its dates."""
    dropped: list[str] = []

    def walk(item: Filter) -> Filter:
        match item:
            case Group():
                return msgspec.structs.replace(item, items=tuple(map(walk, item.items)))
            case Quick():
                return Quick(quick_words(item.words))
            case AnyOf():
                seen = tuple(path for path in item.fields if may_read(access, module, path))
                dropped.extend(path for path in item.fields if path not in seen)
                return _in_digits(msgspec.structs.replace(item, fields=seen), registry, module) if seen else EVERYTHING
            case Condition():
                if not may_read(access, module, item.field):
                    dropped.append(item.field)
                    return EVERYTHING
                return _dated(item, registry, module, voice)
            case StillOpen() if not may_read(access, module, module.open_field):
                dropped.append(module.open_field)
                return EVERYTHING
            case _:
                return item

    resolved = walk(filter_)
    return Resolved(resolved, tuple(dropped))


def quick_words(text: str) -> str:
    """The words of a search box as the search key spells them; a phone number without its blanks and prefix."""
    folded = to_ascii(text).strip()
    if sum(letter.isdigit() for letter in folded) >= 4 and not any(letter.isalpha() for letter in folded):
        return "".join(letter for letter in folded if letter.isdigit()).removeprefix("00").lstrip("0")
    return " ".join(query_words(text))


def _in_digits(item: AnyOf, registry: Registry, module: Module[Any]) -> AnyOf:
    field, _ = read_path(registry, module, item.fields[0])
    if not isinstance(field, kinds.Phone):
        return item
    return msgspec.structs.replace(item, op="ends" if item.op == "eq" else item.op, value=_phone_digits(item.value))


def _phone_digits(text: str) -> str:
    digits = "".join(letter for letter in to_ascii(text) if letter.isdigit())
    return digits.removeprefix("00").lstrip("0") or text


def _dated(item: Condition, registry: Registry, module: Module[Any], voice: Voice) -> Filter:
    field, _ = read_path(registry, module, item.field)
    if isinstance(field, kinds.Phone) and item.op in ("contains", "ends", "eq"):
        op = "ends" if item.op == "eq" else item.op
        return msgspec.structs.replace(item, op=op, value=_phone_digits(item.value))
    if not isinstance(field, kinds.Date | kinds.DateTime):
        return item
    if item.op == "period":
        first, last = period(item.value, voice.today(), voice.locale)
        return _days(item.field, first, last, isinstance(field, kinds.DateTime), voice)
    if isinstance(field, kinds.DateTime):
        return _instants(item, voice)
    return item


def _days(path: str, first: date, last: date, instants: bool, voice: Voice) -> Filter:
    if not instants:
        return Condition(path, "between", (first, last))
    begin, end = _start(first, voice), _start(last + timedelta(days=1), voice)
    return Group((Condition(path, "ge", begin), Condition(path, "lt", end)))


def _instants(item: Condition, voice: Voice) -> Filter:
    """A whole day stands for all its instants in the reader's zone."""
    value = item.value
    if item.op == "between":
        first, last = cast("tuple[date, date]", value)
        return _days(item.field, first, last, True, voice)
    if not isinstance(value, date) or isinstance(value, datetime):
        return item
    start, next_day = _start(value, voice), _start(value + timedelta(days=1), voice)
    match item.op:
        case "eq":
            return Group((Condition(item.field, "ge", start), Condition(item.field, "lt", next_day)))
        case "gt" | "le":
            return msgspec.structs.replace(item, op="ge" if item.op == "gt" else "lt", value=next_day)
        case _:
            return msgspec.structs.replace(item, value=start)


def _start(day: date, voice: Voice) -> datetime:
    return datetime.combine(day, time(), voice.locale.zone).astimezone(UTC)
