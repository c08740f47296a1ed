"""A field the tenant adds to a module: what may be said of it, and what of that may change later."""

from collections.abc import Mapping
from typing import Any, cast, get_args

import msgspec

from crm_domain.definition import Module, Option, Registry
from crm_domain.definition.overlay import CustomField, CustomKind, Overlay
from crm_domain.messages.catalogue import LANGUAGES
from crm_domain.problems import FieldProblem, Invalid
from crm_domain.text.normalise import search_key, stored

MOST_FIELDS = 200
"""Fields of the tenant's own in one module, those out of use too."""
LABEL_MAX = 100
KINDS: tuple[CustomKind, ...] = get_args(CustomKind)
WITH_OPTIONS = ("choice", "multi_choice")


class FieldDraft(msgspec.Struct, frozen=True, kw_only=True):
    """A field as its form has it. `kind`, `target` and `values` count when it is new; values stand one a line."""

    labels: Mapping[str, str] = {}
    required: bool = False
    column: bool = False
    kind: str = "text"
    target: str = ""
    values: str = ""


def new_field(registry: Registry, module: Module[Any], overlay: Overlay, draft: FieldDraft) -> CustomField:
    """The field wanted, with its number still to come. Raises Invalid."""
    problems: dict[str, tuple[FieldProblem, ...]] = {}
    if len(overlay.fields) >= MOST_FIELDS:
        problems["labels"] = (FieldProblem("studio.too_many_fields", {"most": MOST_FIELDS}),)
    if draft.kind not in KINDS:
        problems["kind"] = (FieldProblem("problems.not_an_option", {"value": draft.kind[:80]}),)
    target = registry.get(draft.target)
    if draft.kind == "link" and (target is None or target.kept):
        problems["target"] = (FieldProblem("problems.required"),)
    options = _options(draft.values) if draft.kind in WITH_OPTIONS else ()
    if draft.kind in WITH_OPTIONS and not options:
        problems["values"] = (FieldProblem("problems.required"),)
    labels = _labels(module, overlay, draft, "", problems)
    if problems:
        raise Invalid(problems)
    return CustomField(
        number=0,
        kind=cast(CustomKind, draft.kind),
        labels=labels,
        required=draft.required,
        column=draft.column,
        target=draft.target if draft.kind == "link" else "",
        options=options,
    )


def changed_field(module: Module[Any], overlay: Overlay, field: CustomField, draft: FieldDraft) -> CustomField:
    """The same field otherwise called or placed. Raises Invalid."""
    problems: dict[str, tuple[FieldProblem, ...]] = {}
    labels = _labels(module, overlay, draft, field.key, problems)
    if problems:
        raise Invalid(problems)
    return msgspec.structs.replace(field, labels=labels, required=draft.required, column=draft.column)


def _labels(
    module: Module[Any], overlay: Overlay, draft: FieldDraft, key: str, problems: dict[str, tuple[FieldProblem, ...]]
) -> dict[str, str]:
    """Every language's label; one that is left empty is the other's."""
    typed = {language: stored(draft.labels.get(language, "")) for language in LANGUAGES}
    some = next((label for label in typed.values() if label), "")
    labels = {language: label or some for language, label in typed.items()}
    others = [found.labels for found in overlay.fields if found.key != key]
    others += [field.labels for field in module.fields if not field.custom]
    for language, label in labels.items():
        if not label:
            problems[language] = (FieldProblem("problems.required"),)
        elif len(label) > LABEL_MAX:
            problems[language] = (FieldProblem("problems.too_long", {"most": LABEL_MAX}),)
        elif set("{}") & set(label):
            problems[language] = (FieldProblem("studio.no_braces"),)
        elif any(search_key(other.get(language, "")) == search_key(label) for other in others if other):
            problems[language] = (FieldProblem("problems.taken"),)
    return labels


def _options(text: str) -> tuple[Option, ...]:
    """The first values of a list of choices, each named the same in every language until it is worded in its list."""
    lines = dict.fromkeys(line for line in map(stored, text.splitlines()) if line)
    return tuple(
        Option(key=f"value_{number}", labels=dict.fromkeys(LANGUAGES, line[:LABEL_MAX]))
        for number, line in enumerate(lines, start=1)
    )
