"""What an administrator makes of an option list: worded, ordered, coloured, put out of use, added to."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, cast, get_args

import msgspec

from crm_domain.customising.lists import TenantList, labels_changed
from crm_domain.definition import Option
from crm_domain.definition.options import Hue, OptionKind
from crm_domain.problems import FieldProblem, Invalid
from crm_domain.text.normalise import search_key, stored

MOST = 500
"""Values of one list."""
LABEL_MAX = 100
HUES: tuple[Hue, ...] = get_args(Hue)
Worded = Callable[[Option], Mapping[str, str]]
"""How the product words a value, by language; empty for one it does not know."""
Problems = dict[str, tuple[FieldProblem, ...]]


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One value as the form has it; `place` names its inputs, `key` is empty for one that is to be added."""

    place: str
    key: str = ""
    labels: Mapping[str, str] = {}
    hue: str = "gray"
    weight: Decimal | None = None
    kind: str = ""
    parent: tuple[str, ...] = ()
    active: bool = True


def revised(found: TenantList, entries: Sequence[Entry], worded: Worded, remove: str = "") -> tuple[Option, ...]:
    """The list's values as the form wants them, without the tenant's own value `remove`.

    Values the form does not name are kept where they were last. Raises Invalid by `<place>.<what>`.
    """
    problems: Problems = {}
    kept = [entry for entry in entries if entry.key != remove or not remove]
    items: list[Option] = []
    for entry in kept:
        items.append(_item(found, entry, items, worded, problems))
    _check_apart(found, list(zip(kept, items, strict=True)), worded, problems)
    named = {item.key for item in items} | ({remove} if found.own(remove) else set[str]())
    items += [item for item in found.options.items if item.key not in named]
    if len(items) > MOST:
        problems["list"] = (FieldProblem("studio.too_many", {"most": MOST}),)
    if not any(item.active for item in items):
        problems["list"] = (FieldProblem("studio.none_left"),)
    if problems:
        raise Invalid(problems)
    return tuple(items)


def _item(found: TenantList, entry: Entry, earlier: list[Option], worded: Worded, problems: Problems) -> Option:
    item = found.options.get(entry.key)
    if item is None:
        taken = {*found.options.keys(), *(item.key for item in earlier)}
        item = Option(key=_key(entry.labels, taken), kind=_kind(found, entry))
    facts: dict[str, Any] = {
        "labels": labels_changed(_labels(entry, worded(item), problems), worded(item)),
        "active": entry.active or found.protected(item),
    }
    if found.coloured and entry.hue in HUES:
        facts["hue"] = entry.hue
    return msgspec.structs.replace(item, **facts, **_facts(found, entry, item, problems))


def _check_apart(found: TenantList, items: list[tuple[Entry, Option]], worded: Worded, problems: Problems) -> None:
    """What is worded anew must be called otherwise than all others, or an import could not tell them apart."""
    called = Counter((language, search_key(text)) for _, item in items for language, text in _all(item, worded))
    for entry, item in items:
        old = found.options.get(item.key)
        if old is not None and old.labels == item.labels:
            continue
        for language, text in _all(item, worded):
            if called[language, search_key(text)] > 1:
                problems.setdefault(f"{entry.place}.{language}", (FieldProblem("problems.taken"),))


def _facts(found: TenantList, entry: Entry, item: Option, problems: Problems) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    if found.weighed and item.kind in ("", "open"):
        if entry.weight is not None and not 0 <= entry.weight <= 100:
            problems[f"{entry.place}.weight"] = (FieldProblem("studio.weight_wrong"),)
        facts["weight"] = entry.weight
    elif found.weighed and item.weight is None:
        facts["weight"] = Decimal(100 if item.kind == "won" else 0)
    if found.parted and found.leader:
        facts["parent"] = tuple(key for key in entry.parent if key in found.leader)
    elif found.leader and not item.parent:
        facts["parent"] = found.parents(item)
    return facts


def _kind(found: TenantList, entry: Entry) -> OptionKind:
    offered = found.kinds
    return cast(OptionKind, entry.kind if entry.kind in offered else offered[0] if offered else "")


def _labels(entry: Entry, shipped: Mapping[str, str], problems: Problems) -> dict[str, str]:
    """Every language's label: as typed, else the product's, else the other language's."""
    typed = {language: stored(label) for language, label in entry.labels.items()}
    for language, label in typed.items():
        if len(label) > LABEL_MAX:
            problems[f"{entry.place}.{language}"] = (FieldProblem("problems.too_long", {"most": LABEL_MAX}),)
    some = next((label for label in typed.values() if label), "")
    labels = {language: label or shipped.get(language, "") or some for language, label in typed.items()}
    if not all(labels.values()):
        problems[f"{entry.place}.{next(iter(typed), '')}"] = (FieldProblem("problems.required"),)
    return labels


def _all(item: Option, worded: Worded) -> list[tuple[str, str]]:
    return list({**worded(item), **item.labels}.items())


def _key(labels: Mapping[str, str], taken: set[str]) -> str:
    """A key for a new value: from its English label where that gives one. Keys stay for good."""
    plain = re.sub(r"[^a-z0-9]+", "_", search_key(labels.get("en", "")))[:40].strip("_") or "value"
    numbered = (f"{plain}_{number}" for number in range(1, MOST + 2))
    return plain if plain not in taken and plain != "value" else next(key for key in numbered if key not in taken)
