"""Which fields of a record a form may ask, and how each is asked. What is not on the form is not taken from anybody (9.3)."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from crm_domain.definition import Module, kinds
from crm_domain.definition.kinds import Kind
from crm_domain.meaning.voice import Voice
from crm_domain.problems import FieldProblem, Invalid
from crm_domain.web_forms.shown import Asked, Sort

KEPT = frozenset([
    "status", "status_description", "lead_source", "lead_source_description", "campaign", "assigned_to", "team", "lawful_basis",
    "lawful_basis_source", "date_reviewed", "do_not_call",
])  # fmt: skip
"""Fields that only the company itself fills in."""
USUAL = ("first_name", "last_name", "emails", "phone_mobile", "account_name", "description")
"""What a new form asks until somebody chooses."""
MOST_FIELDS = 40
LONGEST_LABEL = 200
LONGEST_TEXT = 4000


class Choice(msgspec.Struct, frozen=True):
    """One field as somebody put it on the form; an empty label means the field's own."""

    key: str
    label: str = ""
    required: bool = False


def sort_of(field: Kind) -> Sort | None:
    """How a field is asked; None for kinds that make no sense on a form."""
    match field:
        case kinds.Text():
            return "line"
        case kinds.LongText():
            return "text"
        case kinds.Url():
            return "url"
        case kinds.Phone():
            return "phone"
        case kinds.Emails():
            return "email"
        case kinds.Integer() | kinds.DecimalNumber():
            return "number"
        case kinds.Date():
            return "date"
        case kinds.Choice():
            return "choice"
        case kinds.MultiChoice():
            return "several"
        case kinds.Boolean():
            return "yes"
        case _:
            return None


def offered(module: Module[Any]) -> dict[str, Kind]:
    """The fields that may be put on a form, by key, in the module's order."""
    return {
        field.key: field
        for field in module.fields
        if not field.readonly and field.key not in KEPT and sort_of(field) is not None
    }


def must_ask(module: Module[Any]) -> frozenset[str]:
    """Fields without which no record is made."""
    return frozenset(key for key, field in offered(module).items() if field.required and field.default is None)


def usual(module: Module[Any]) -> tuple[Choice, ...]:
    """What a form asks that nobody has arranged yet."""
    needed = must_ask(module)
    there = offered(module)
    keys = [key for key in USUAL if key in there]
    keys += [key for key in there if key in needed and key not in keys]
    return tuple(Choice(key, required=key in needed or key == "emails") for key in keys)


def complete(module: Module[Any], choices: Sequence[Choice]) -> tuple[Choice, ...]:
    """The arrangement without what the company took away since, and with what it needs now."""
    there, needed = offered(module), must_ask(module)
    kept = tuple(choice for choice in choices if choice.key in there)
    asked_ = {choice.key for choice in kept}
    return (*kept, *(Choice(key, required=True) for key in there if key in needed and key not in asked_))


def checked(module: Module[Any], choices: Sequence[Choice]) -> tuple[Choice, ...]:
    """The arrangement to keep. Raises Invalid when a needed field is missing, or one is asked that may not be."""
    there, needed = offered(module), must_ask(module)
    keys = [choice.key for choice in choices]
    wrong = [key for key in keys if key not in there] or [key for key in keys if keys.count(key) > 1]
    if wrong or len(keys) > MOST_FIELDS:
        raise Invalid({"fields": (FieldProblem("web_forms.not_askable", {"field": ", ".join(wrong[:3])}),)})
    if missing := sorted(needed - set(keys)):
        raise Invalid({"fields": (FieldProblem("web_forms.must_ask", {"field": missing[0]}),)})
    if any(len(choice.label) > LONGEST_LABEL for choice in choices):
        raise Invalid({"fields": (FieldProblem("problems.too_long", {"most": LONGEST_LABEL}),)})
    return tuple(
        msgspec.structs.replace(choice, required=choice.required or choice.key in needed, label=choice.label.strip())
        for choice in choices
    )


def asked(module: Module[Any], choices: Iterable[Choice], voice: Voice) -> tuple[Asked, ...]:
    """The fields as the page shows them, as `complete` left them."""
    there = offered(module)
    return tuple(_asked(module, there[choice.key], choice, voice) for choice in choices)


def usual_label(module: Module[Any], field: Kind, voice: Voice) -> str:
    """What a field is called on a form: its own label, but of addresses a visitor is asked for one."""
    if isinstance(field, kinds.Emails):
        return voice.catalogue.text("tracker.form_email")
    return voice.label(module, field)


def _asked(module: Module[Any], field: Kind, choice: Choice, voice: Voice) -> Asked:
    sort = sort_of(field)
    assert sort is not None, field.key
    options: tuple[tuple[str, str], ...] = ()
    if isinstance(field, kinds.Choice | kinds.MultiChoice):
        items = [item for item in field.options.items if item.active]
        options = tuple((item.key, voice.option_label(field.options, item)) for item in items)
    longest = min(getattr(field, "max_length", 255), LONGEST_TEXT)
    return Asked(field.key, choice.label or usual_label(module, field, voice), sort, choice.required, longest, options)
