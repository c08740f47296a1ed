"""Records that begin with a letter: who wrote it, what about and in which words, as a new record's form starts with them."""

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any

from crm_domain.definition import Blob, EmailEntry, Module, Ref, kinds
from crm_domain.letters.addresses import Party, parties
from crm_domain.letters.incoming import as_markup
from crm_domain.modules.emails.fields import Email
from crm_domain.text.rich import clean

BEGUN = ("leads", "contacts", "opportunities", "cases", "tasks", "bugs", "notes", "documents")
"""What a letter may become, in the order in which it is offered."""
WAYS_IN = ("email", "inbound_email")
"""How options name that something came by mail."""
ORIGINS = ("channel", "source", "lead_source")
"""Fields that say how something came."""
FILES = ("file", "attachments")
"""Fields that hold what a letter brought."""
OWN_TYPES = ("out", "draft")
MOST_WORDS = 20_000


def partner(email: Email) -> Party | None:
    """With whom the letter was exchanged: its writer, or its first reader where we wrote it."""
    return next(iter(parties(email.recipients if email.email_type in OWN_TYPES else email.sender)), None)


def begun(module: Module[Any], email: Email, records: Sequence[Ref], file: str = "") -> dict[str, Any]:
    """By field key, what a record of the module takes from a letter; `records` are those it is in the files of, `file` is the
    key of the attachment a single file shall be."""
    who = partner(email)
    person = "last_name" in module.by_key
    about = (*records, Ref("emails", email.id, email.name))
    values = {**(_person(who) if person and who else {}), **_links(module, about), **_origin(module)}
    values |= _files(module, email.attachments or (), file)
    if not person:
        values.setdefault("name", email.name)
    match module.by_key.get("description"):
        case kinds.RichText():
            values["description"] = clean(email.body or "") or as_markup((email.description or "")[:MOST_WORDS])
        case kinds.LongText(max_length=most):
            values["description"] = (email.description or "")[: min(most, MOST_WORDS)]
        case _:
            pass
    return {key: value for key, value in values.items() if value and not module.field(key).readonly}


def files_field(module: Module[Any]) -> str:
    """The key of the field that takes a letter's files; empty where they need a note beside the record."""
    return next((key for key in FILES if isinstance(module.by_key.get(key), kinds.File | kinds.Files)), "")


def _files(module: Module[Any], files: Sequence[Blob], wanted: str) -> dict[str, Any]:
    """All of them, or the one that is wanted where the record holds but one, which is then called like it."""
    key = files_field(module)
    match module.by_key.get(key) if files else None:
        case kinds.Files(most=most):
            return {key: tuple(files[:most])}
        case kinds.File():
            one = next((blob for blob in files if blob.key == wanted), files[0])
            return {key: one, "name": PurePosixPath(one.name).stem}
        case _:
            return {}


def _person(who: Party) -> dict[str, Any]:
    first, last = names(who)
    return {"first_name": first, "last_name": last, "emails": (EmailEntry(who.address, primary=True),)}


def names(who: Party) -> tuple[str, str]:
    """First and last name of somebody as his mails call him; without a name, what his address begins with."""
    last, comma, first = who.name.partition(",")
    if comma and first.strip():
        return first.strip(), last.strip()
    words = who.name.replace(",", " ").split()
    if not words:
        words = [word.capitalize() for word in who.address.partition("@")[0].replace("_", ".").split(".") if word]
    return " ".join(words[:-1]), words[-1] if words else who.address


def _links(module: Module[Any], records: Sequence[Ref]) -> dict[str, Ref]:
    """Each record of the letter in the first field that may name it; one that may name anything takes the first of them."""
    found: dict[str, Ref] = {}
    for field in module.own_fields():
        match field:
            case kinds.Link(target=target) if target != module.key and not field.readonly:
                targets: Sequence[str] = (target,)
            case kinds.AnyLink(targets=anything):
                targets = anything
            case _:
                continue
        fitting = (ref for ref in records if ref.module in targets and ref not in found.values())
        if (ref := next(fitting, None)) is not None:
            found[field.key] = ref
    return found


def _origin(module: Module[Any]) -> dict[str, str]:
    """That it came by mail, where the module asks."""
    asked = ((key, module.by_key.get(key)) for key in ORIGINS)
    return {
        key: way for key, field in asked if isinstance(field, kinds.Choice) for way in WAYS_IN if way in field.options
    }
