"""What a campaign's template may name: the recipient, who looks after him, the campaign, the sender, today."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import msgspec

from crm_domain.definition import Amount, EmailEntry, Module, Ref, kinds
from crm_domain.definition.kinds import Kind
from crm_domain.meaning.spoken import words_of
from crm_domain.meaning.voice import Voice
from crm_domain.text.format import format_date
from crm_domain.text.merge_tags import Vocabulary, Word

PEOPLE = ("recipient", "contact", "lead", "target", "user")
"""One group under several names: whoever the mail goes to, of whichever module."""
SYSTEM = ("unsubscribe_url", "preferences_url", "web_view_url")
OWNER = {"title": "title", "phone": "phone_work"}
TYPES: tuple[tuple[type[Kind], Any], ...] = (
    (kinds.Date, date),
    (kinds.DateTime, datetime),
    (kinds.Money, Amount),
    (kinds.DecimalNumber, Decimal),
    (kinds.Percent, Decimal),
    (kinds.Emails, tuple[EmailEntry, ...]),
    (kinds.MultiChoice, tuple[str, ...]),
)
"""What a kind's values are, where JSON has no such thing."""
OTHERS = {"account": ("name", "website"), "owner": ("name", *OWNER), "campaign": ("name",)}


def vocabulary(modules: Iterable[Module[Any]], voice: Voice) -> Vocabulary:
    """The words for recipients of these modules, written for one language. A field that a module lacks is empty."""
    fields: dict[str, Word] = {}
    for module in modules:
        for name, word in words_of(module, "", voice).items():
            fields.setdefault(name.removeprefix("."), word)
    words = {f"{group}.{key}": word for group in PEOPLE for key, word in fields.items()}
    for group, keys in OTHERS.items():
        words |= {f"{group}.{key}": Word(sort="link" if key == "website" else "text") for key in keys}
    words |= {"sender.name": Word(), "sender.address": Word(latin=True)}
    words |= {f"system.{key}": Word(sort="link") for key in SYSTEM}
    words["system.today"] = Word(sort="date", write=lambda day: _day(day, voice))
    return Vocabulary(words, voice.locale, voice.catalogue)


def columns_of(module: Module[Any], names: Iterable[str]) -> dict[str, str]:
    """Which column of the recipient's module each word is read from; words that this module lacks are left out."""
    found: dict[str, str] = {}
    for name in names:
        group, _, key = name.partition(".")
        if path := _path(module, group, key):
            found[name] = path
    return found


def values_of(columns: Mapping[str, str], row: Mapping[str, Any]) -> dict[str, Any]:
    """One recipient's words, from the columns that were read."""
    return {name: _value(row, path) for name, path in columns.items()}


def as_written(module: Module[Any], columns: Mapping[str, str], kept: Mapping[str, Any]) -> dict[str, Any]:
    """The words that a mail was filled with, from the JSON that was kept of them."""
    found: dict[str, Any] = {}
    for name, value in kept.items():
        field = module.by_key.get(columns.get(name, ""))
        type_ = next((type_ for kind, type_ in TYPES if isinstance(field, kind)), None)
        found[name] = msgspec.convert(value, type_ | None, strict=False) if type_ else value
    return found


def _path(module: Module[Any], group: str, key: str) -> str:
    if group in PEOPLE:
        return key if key.partition(".")[0] in module.by_key else ""
    if group == "account":
        return _account_path(module, key)
    if group == "owner" and "assigned_to" in module.by_key:
        return "assigned_to" if key == "name" else f"assigned_to.{OWNER[key]}"
    return ""


def _account_path(module: Module[Any], key: str) -> str:
    """The company of a person, by whichever field the module knows it, or the company itself."""
    if "account" in module.by_key:
        return "account" if key == "name" else f"account.{key}"
    if not module.person:
        return key if key in module.by_key else ""
    return "account_name" if key == "name" and "account_name" in module.by_key else ""


def _value(row: Mapping[str, Any], path: str) -> Any:
    if path in row:
        found = row[path]
        return found.name if isinstance(found, Ref) else found
    first, _, part = path.partition(".")
    return getattr(row.get(first), part, None)


def _day(value: Any, voice: Voice) -> str:
    return format_date(value.astimezone(voice.locale.zone).date(), voice.locale, voice.catalogue, "medium")
