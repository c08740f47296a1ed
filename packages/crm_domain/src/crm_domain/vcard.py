"""Address cards of contacts, leads and accounts, in vCard 4.0 (RFC 6350) and 3.0 (RFC 2426)."""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any, Literal

from crm_domain.definition import EmailEntry, Module, PostalAddress, Record, Ref, kinds

Version = Literal["4.0", "3.0"]
Label = Callable[[str], str]
"""Words a message id in the reader's language: salutations and categories."""

FOLD = 75
"""Octets in a line, by either standard."""
MEDIA_TYPE = "text/vcard"
TYPES = {
    "phone_work": "work,voice",
    "phone_office": "work,voice",
    "phone_mobile": "cell",
    "phone_home": "home,voice",
    "phone_other": "voice",
    "phone_alternate": "voice",
    "phone_fax": "work,fax",
}
PLACES = {"primary_address": "work", "alt_address": "home", "billing_address": "work", "shipping_address": ""}
CATEGORIES = ("account_type", "industry", "lead_source")
GENDERS = {"female": "F", "male": "M", "other": "O"}
_E164 = re.compile(r"\+\d{5,15}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def cards(module: Module[Any], records: Iterable[Record], label: Label, version: Version = "4.0") -> str:
    """One card for each record, in one file."""
    return "".join(_card(module, record, label, version) for record in records)


def _card(module: Module[Any], record: Record, label: Label, version: Version) -> str:
    parts = (_names, _place_of_work, _phones, _emails, _addresses, _facts, _stamps)
    lines = [line for part in parts for line in part(module, record, label, version)]
    return "".join(_folded(line) for line in ("BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD"))


def _names(module: Module[Any], record: Record, label: Label, version: Version) -> Iterator[str]:
    values = record.values
    name = values.get("name") or ""
    if version == "4.0":
        yield f"KIND:{'individual' if module.person else 'org'}"
    yield f"FN:{_text(name)}"
    if not module.person:
        yield f"N:{_text(name)};;;;"
        yield f"ORG:{_text(name)}"
        return
    last, first = values.get("last_name") or "", values.get("first_name") or ""
    prefix = label(f"salutation.{values['salutation']}") if values.get("salutation") else ""
    sorted_by = f';SORT-AS="{_parameter(last)}"' if version == "4.0" and last else ""
    yield f"N{sorted_by}:{_text(last)};{_text(first)};;{_text(prefix)};"
    if last:
        yield f"X-SORT-STRING:{_text(last)}"


def _place_of_work(module: Module[Any], record: Record, _label: Label, _version: Version) -> Iterator[str]:
    values = record.values
    account = values.get("account")
    company = account.name if isinstance(account, Ref) else values.get("account_name")
    department = values.get("department")
    if module.person and (company or department):
        yield f"ORG:{_text(company or '')}" + (f";{_text(department)}" if department else "")
    if module.person and values.get("title"):
        yield f"TITLE:{_text(values['title'])}"


def _phones(_module: Module[Any], record: Record, _label: Label, version: Version) -> Iterator[str]:
    for key, types in TYPES.items():
        number = record.values.get(key)
        if not number:
            continue
        if version == "3.0":
            yield f"TEL;TYPE={types.upper()}:{_text(number)}"
        elif _E164.fullmatch(number):
            yield f'TEL;VALUE=uri;TYPE="{types}":tel:{number}'
        else:
            yield f'TEL;VALUE=text;TYPE="{types}":{_text(number)}'


def _emails(module: Module[Any], record: Record, _label: Label, version: Version) -> Iterator[str]:
    keys = (field.key for field in module.fields if isinstance(field, kinds.Emails))
    entries: list[EmailEntry] = [entry for key in keys for entry in record.values.get(key) or ()]
    for entry in entries:
        preferred = {"4.0": ";PREF=1", "3.0": ",PREF"}[version] if entry.primary else ""
        kind = ";TYPE=INTERNET" if version == "3.0" else ""
        yield f"EMAIL{kind}{preferred}:{_text(entry.address)}"


def _addresses(_module: Module[Any], record: Record, _label: Label, version: Version) -> Iterator[str]:
    for key, place in PLACES.items():
        address = record.values.get(key)
        if not isinstance(address, PostalAddress) or not address:
            continue
        kind = f";TYPE={place.upper() if version == '3.0' else place}" if place else ""
        parts = (address.street, address.city, address.state, address.postal_code, address.country)
        yield f"ADR{kind}:;;{';'.join(map(_text, parts))}"


def _facts(_module: Module[Any], record: Record, label: Label, version: Version) -> Iterator[str]:
    values = record.values
    born = values.get("birthdate")
    if isinstance(born, date):
        yield f"BDAY:{born:%Y%m%d}" if version == "4.0" else f"BDAY:{born:%Y-%m-%d}"
    if version == "4.0" and values.get("gender") in GENDERS:
        yield f"GENDER:{GENDERS[values['gender']]}"
    if values.get("website"):
        yield f"URL:{_line(values['website'])}"
    if values.get("description"):
        yield f"NOTE:{_text(values['description'])}"
    words = [label(f"{key}.{values[key]}") for key in CATEGORIES if values.get(key)]
    if words:
        yield f"CATEGORIES:{','.join(map(_text, words))}"


def _stamps(_module: Module[Any], record: Record, _label: Label, _version: Version) -> Iterator[str]:
    yield f"UID:urn:uuid:{record.id}"
    changed = record.values.get("modified_at")
    if isinstance(changed, datetime):
        yield f"REV:{changed.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    """A text value: separators escaped, line ends as `\\n`, no other control characters."""
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return _CONTROL.sub("", escaped.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n"))


def _line(value: str) -> str:
    """A value without an escape of its own, kept to its line."""
    return _CONTROL.sub("", value.replace("\r", "").replace("\n", ""))


def _parameter(value: str) -> str:
    """A quoted parameter's value, which has no escape for its own quotes."""
    return _line(value).replace('"', "'")


def _folded(line: str) -> str:
    """The line with its end, broken after 75 octets but never inside a character."""
    pieces: list[str] = []
    current, size = "", 0
    for character in line:
        width = len(character.encode())
        if size + width > FOLD:
            pieces.append(current)
            current, size = " ", 1
        current += character
        size += width
    return "\r\n".join([*pieces, current]) + "\r\n"
