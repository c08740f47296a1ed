"""A list's question as it stands in the address: `q`, `filter[field][op]`, `match`, and what is asked by one word alone."""

import re
from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

import msgspec

from crm_domain.access.rights import Access
from crm_domain.definition import Module, Registry, kinds
from crm_domain.definition.kinds import Kind
from crm_domain.meaning.operators import operators
from crm_domain.meaning.parse import option_key, parse
from crm_domain.meaning.voice import Voice
from crm_domain.problems import BadValue, FieldProblem, Invalid
from crm_domain.query.filter import (
    MAX_CONDITIONS,
    MAX_VALUES,
    OPS,
    AnyOf,
    Condition,
    Filter,
    Followed,
    Group,
    Mine,
    Op,
    Quick,
    Starred,
    StillOpen,
    both,
)
from crm_domain.text.periods import PERIODS
from crm_domain.text.whole_days import day_meant

NAME = re.compile(r"filter\[([a-z0-9_.]{1,80})\](?:\[([a-z_]{1,12})\])?")
ANY_KINDS: dict[str, type[Any]] = {"any_phone": kinds.Phone, "any_email": kinds.Emails}
ADDRESS_WIDE = ("street", "city", "state", "postal_code", "country")
ANY_PATHS = (*ANY_KINDS, *(f"any_{part}" for part in ADDRESS_WIDE))
"""Paths that mean all fields of a kind at once, or one part of every address."""
MANY = ("in", "nin", "has_any", "has_all", "has_none")


def read_filter(registry: Registry, module: Module[Any], params: Iterable[tuple[str, str]], voice: Voice) -> Filter:
    """The filter that the parameters spell. Raises Invalid, naming the parameter, where one makes no sense."""
    found: list[Filter] = []
    conditions: dict[tuple[str, str], list[str]] = {}
    any_ = False
    for name, value in params:
        match name:
            case "q" if value.strip():
                found.append(Quick(value))
            case "mine" if value:
                found.append(Mine(team=value == "team"))
            case "starred" if value:
                found.append(Starred())
            case "followed" if value:
                found.append(Followed())
            case "open" if value:
                found.append(StillOpen())
            case "unassigned" if value:
                found.append(Condition("assigned_to", "empty", True))
            case "late" if value and module.due_field:
                found.append(_late(module, voice))
            case "match":
                any_ = value == "any"
            case _:
                if matched := NAME.fullmatch(name):
                    conditions.setdefault((matched[1], matched[2] or ""), []).append(value)
    read = [_condition(registry, module, path, op, texts, voice) for (path, op), texts in conditions.items()]
    rows = [condition for condition in read if condition is not None]
    if len(rows) > MAX_CONDITIONS:
        raise Invalid({"filter": (FieldProblem("problems.too_many", {"most": MAX_CONDITIONS}),)})
    if rows:
        found.append(Group(tuple(rows), any=any_) if any_ else both(*rows))
    return both(*found)


def _late(module: Module[Any], voice: Voice) -> Filter:
    """Open records that should have ended by now."""
    moments = isinstance(module.field(module.due_field), kinds.DateTime)
    return both(StillOpen(), Condition(module.due_field, "lt", voice.now if moments else voice.today()))


def still_known(
    registry: Registry, module: Module[Any], params: Iterable[tuple[str, str]]
) -> tuple[tuple[str, str], ...]:
    """What a kept question asks, without conditions on fields that have gone since it was kept."""
    return tuple((name, value) for name, value in params if _there(registry, module, name))


def _there(registry: Registry, module: Module[Any], name: str) -> bool:
    matched = NAME.fullmatch(name)
    if matched is None or matched[1] in ANY_PATHS:
        return True
    try:
        read_path(registry, module, matched[1])
    except BadValue:
        return False
    return True


def read_path(registry: Registry, module: Module[Any], path: str) -> tuple[Kind, str]:
    """A field by key or one-hop path, with the address part meant. Raises BadValue for what there is not."""
    first, _, rest = path.partition(".")
    field = module.by_key.get(first)
    if field is not None and not rest:
        return field, ""
    if isinstance(field, kinds.Address) and rest in ADDRESS_WIDE:
        return field, rest
    target = behind(field)
    other = registry[target].by_key.get(rest) if target in registry else None
    if other is None:
        raise BadValue("problems.unknown_field", field=path)
    return other, ""


def behind(field: Kind | None) -> str:
    """The module whose fields a path reaches through this field; empty where it leads nowhere."""
    match field:
        case kinds.Link():
            return field.target
        case kinds.UserLink():
            return "users"
        case _:
            return ""


def may_read(access: Access, module: Module[Any], path: str) -> bool:
    """Whether roles hide neither the field nor, one link away, the one behind it; only then may it be shown, asked or sorted by."""
    first, _, rest = path.partition(".")
    return first not in access.hidden(module.key) and rest not in access.hidden(behind(module.by_key.get(first)))


def _condition(
    registry: Registry, module: Module[Any], path: str, op: str, texts: list[str], voice: Voice
) -> Filter | None:
    """One row. An empty text is no condition, as in a form that was left blank."""
    texts = [text for text in texts if text.strip()]
    if not texts:
        return None
    try:
        if wide := any_fields(module, path):
            if (op or "contains") not in any_operators(registry, module, wide):
                raise BadValue("problems.unknown_operator", operator=op)
            return AnyOf(wide, cast(Op, op or "contains"), texts[0])
        field, part = read_path(registry, module, path)
        allowed = operators(field)
        chosen = op or ("contains" if part else _usual(field, texts))
        if chosen not in OPS or chosen not in allowed:
            raise BadValue("problems.unknown_operator", operator=chosen)
        return Condition(path, chosen, _value(field, part, chosen, texts, voice))
    except BadValue as bad:
        raise Invalid({f"filter[{path}]": (bad.problem,)}) from None


def any_operators(registry: Registry, module: Module[Any], paths: tuple[str, ...]) -> tuple[str, ...]:
    """What may be asked of several fields at once: only that one of them holds something."""
    field, _ = read_path(registry, module, paths[0])
    return tuple(op for op in operators(field) if op not in ("empty", "opted_out"))


def any_fields(module: Module[Any], path: str) -> tuple[str, ...]:
    """«any phone», «any city»: all fields of the kind at once; none for a path that means one field."""
    if path in ANY_KINDS:
        return tuple(field.key for field in module.fields if isinstance(field, ANY_KINDS[path]))
    part = path.removeprefix("any_")
    if path.startswith("any_") and part in ADDRESS_WIDE:
        return tuple(f"{field.key}.{part}" for field in module.fields if isinstance(field, kinds.Address))
    return ()


def _usual(field: Kind, texts: list[str]) -> str:
    """The operator meant when none is named."""
    match field:
        case kinds.Choice() | kinds.DependentChoice():
            return "in"
        case kinds.Link():
            return "in"
        case kinds.UserLink():
            return "me" if texts == ["me"] else "in"
        case kinds.MultiChoice():
            return "has_any"
        case kinds.Date() | kinds.DateTime():
            return "period" if texts[0] in PERIODS else "eq"
        case (
            kinds.Text()
            | kinds.LongText()
            | kinds.RichText()
            | kinds.Url()
            | kinds.Emails()
            | kinds.Phone()
            | kinds.Address()
        ):
            return "contains"
        case kinds.File() | kinds.Files() | kinds.Image() | kinds.Secret():
            return "empty"
        case _:
            return "eq"


def _value(field: Kind, part: str, op: str, texts: list[str], voice: Voice) -> Any:
    match op:
        case "me" | "my_team":
            return None
        case "empty" | "opted_out":
            return texts[0] not in ("0", "false", "no")
        case "period":
            if texts[0] not in PERIODS:
                raise BadValue("problems.unknown_period")
            return texts[0]
        case "between":
            bounds = texts if len(texts) > 1 else texts[0].split("..")
            if len(bounds) != 2:
                raise BadValue("problems.two_values")
            return tuple(_single(field, part, text, voice) for text in bounds)
        case _ if op in MANY:
            items = texts if len(texts) > 1 else texts[0].split(",")
            if len(items) > MAX_VALUES:
                raise BadValue("problems.too_many", most=MAX_VALUES)
            return tuple(_single(field, part, item.strip(), voice) for item in items if item.strip())
        case _:
            return _single(field, part, texts[0], voice)


def _single(field: Kind, part: str, text: str, voice: Voice) -> Any:
    """One value, as the leading column holds it."""
    match field:
        case (
            kinds.Text()
            | kinds.LongText()
            | kinds.RichText()
            | kinds.Url()
            | kinds.Emails()
            | kinds.Phone()
            | kinds.Address()
        ):
            return text
        case kinds.Computed() if field.result == "text":
            return text
        case kinds.Link() | kinds.UserLink() | kinds.AnyLink():
            return _id(text)
        case kinds.MultiChoice():
            return option_key(field.options, text, voice)
        case kinds.Money():
            amount = parse(field, text, voice)
            return amount.value if amount else None
        case kinds.DateTime():
            moment = parse(kinds.DateTime(key=field.key, whole_days=True), text, voice)
            return moment and (day_meant(moment, voice.locale.zone) or moment)
        case _:
            return parse(field, text, voice)


def _id(text: str) -> UUID:
    try:
        return msgspec.convert(text, UUID)
    except msgspec.ValidationError:
        raise BadValue("problems.unknown_record") from None
