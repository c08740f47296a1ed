"""A posted form as values: its flat names gathered by field, each text understood in the reader's way."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

import msgspec

from crm_domain.definition import Module, kinds
from crm_domain.definition.kinds import Kind
from crm_domain.meaning.parse import Raw, cleared, parse, text_of
from crm_domain.meaning.voice import Voice
from crm_domain.problems import BadValue, FieldProblem

MAX_DEPTH = 3


class Form(msgspec.Struct):
    """What a form said: values that were understood, problems of those that were not, and the raw texts to show again."""

    values: dict[str, Any]
    problems: dict[str, tuple[FieldProblem, ...]]
    raw: dict[str, Raw]


def read_form(module: Module[Any], pairs: Iterable[tuple[str, str]], keys: Sequence[str], voice: Voice) -> Form:
    """Reads the fields `keys` that the form carries; a tick box that was shown counts as carried (`<key>.shown`).

    A secret left blank is left as it is."""
    gathered = gather(pairs)
    form = Form({}, {}, {})
    for key in keys:
        field = module.by_key.get(key)
        if field is None or field.readonly or key not in gathered:
            continue
        raw = gathered[key]
        if isinstance(field, kinds.Secret) and not text_of(raw) and not cleared(raw):
            continue
        form.raw[key] = raw
        try:
            form.values[key] = parse(field, raw, voice)
        except BadValue as bad:
            form.problems[key] = (bad.problem,)
    return form


def gather(pairs: Iterable[tuple[str, str]]) -> dict[str, Raw]:
    """`a.b.c=x` as nested mappings; the text of a name that also has parts stands under the empty part."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        path = name.split(".")
        if not name or len(path) > MAX_DEPTH:
            continue
        _put(found, path, value)
    return found


def _put(into: dict[str, Any], path: Sequence[str], value: str) -> None:
    head, *rest = path
    old = into.get(head)
    if rest:
        inner: dict[str, Any] = (
            cast("dict[str, Any]", old) if isinstance(old, dict) else {"": old} if old is not None else {}
        )
        into[head] = inner
        _put(inner, rest, value)
    elif isinstance(old, dict):
        old[""] = value
    elif old is None:
        into[head] = value
    else:
        into[head] = [*(old if isinstance(old, list) else [old]), value]


def unparsed_links(module: Module[Any], raw: Mapping[str, Raw]) -> dict[str, tuple[str, str]]:
    """Links typed by name where no script turned the name into an id: field key to module and typed text."""
    found: dict[str, tuple[str, str]] = {}
    for key, value in raw.items():
        if isinstance(value, Mapping):
            parts = {part: str(value.get(part, "")).strip() for part in ("", "id", "label", "module")}
            target = _target(module.by_key.get(key), parts["module"])
            if target and parts["label"] and not parts[""] and not parts["id"]:
                found[key] = (target, parts["label"])
    return found


def _target(field: Kind | None, chosen: str) -> str:
    match field:
        case kinds.Link():
            return field.target
        case kinds.UserLink():
            return "users"
        case kinds.AnyLink():
            return chosen if chosen in field.targets else ""
        case _:
            return ""
