"""Reading address cards, vCard 4.0 (RFC 6350) and 3.0 (RFC 2426), as the rows of a table whose heads name a person's fields."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

BEGIN: Final = "BEGIN:VCARD"
HEADS: Final = (
    "name", "first_name", "last_name", "salutation", "account_name", "department", "title", "emails", "phone_work",
    "phone_mobile", "phone_home", "phone_fax", "phone_other", "primary_address.street", "primary_address.city",
    "primary_address.state", "primary_address.postal_code", "primary_address.country", "alt_address.street",
    "alt_address.city", "alt_address.state", "alt_address.postal_code", "alt_address.country", "birthdate", "website",
    "description",
)  # fmt: skip
PHONES: Final = (("fax", "phone_fax"), ("cell", "phone_mobile"), ("home", "phone_home"), ("work", "phone_work"))
"""The first type that a number has says where it goes; one of no type is a mobile phone's or else another one."""
PLACE: Final = ("street", "city", "state", "postal_code", "country")
_FOLD = re.compile(r"\r?\n[ \t]")
_LINE = re.compile(r"(?:[\w-]+\.)?([\w-]+)((?:;(?:\"[^\"]*\"|[^\":;])*)*):(.*)", re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_SPLIT = re.compile(r"(?<!\\)(?:\\\\)*;")
_DATE = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})")


def table(text: str) -> list[list[str]]:
    """The heads that any card fills, then one row for each card; what no field holds is left out."""
    rows = [_person(card) for card in _cards(text)]
    heads = [head for head in HEADS if any(row.get(head) for row in rows)]
    return [heads, *([row.get(head, "") for head in heads] for row in rows)]


def _cards(text: str) -> Iterator[list[tuple[str, str, str]]]:
    """Each card's lines: name, parameters in lower case, value."""
    card: list[tuple[str, str, str]] = []
    for line in _FOLD.sub("", text).splitlines():
        if line.strip().upper() == BEGIN:
            card = []
        elif line.strip().upper() == "END:VCARD":
            yield card
        elif found := _LINE.fullmatch(line):
            card.append((found[1].upper(), found[2].lower(), found[3]))


def _person(card: list[tuple[str, str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    mails: list[str] = []
    for name, parameters, value in card:
        if name == "EMAIL":
            mails.insert(0 if "pref" in parameters else len(mails), _plain(value))
        else:
            for key, text in _fields(name, parameters, value, found).items():
                found.setdefault(key, text)
    found["emails"] = "; ".join(mail for mail in mails if mail)
    if not found.get("last_name"):
        found["last_name"] = found.pop("first_name", "") or found.get("name", "")
    return found


def _fields(name: str, parameters: str, value: str, found: Mapping[str, str]) -> dict[str, str]:
    """What one line says."""
    match name:
        case "FN":
            return {"name": _plain(value)}
        case "N":
            return dict(zip(("last_name", "first_name", "", "salutation"), _parts(value), strict=False))
        case "ORG":
            return dict(zip(("account_name", "department"), _parts(value), strict=False))
        case "TITLE" | "URL" | "NOTE":
            return {{"TITLE": "title", "URL": "website", "NOTE": "description"}[name]: _plain(value)}
        case "TEL":
            return {_phone(parameters, found): _plain(value).removeprefix("tel:")}
        case "ADR":
            place = "alt_address" if "home" in parameters or "primary_address.city" in found else "primary_address"
            return {f"{place}.{key}": part for key, part in zip(PLACE, _parts(value)[2:], strict=False) if part}
        case "BDAY" if born := _DATE.match(value):
            return {"birthdate": "-".join(born.groups())}
        case _:
            return {}


def _phone(parameters: str, found: Mapping[str, str]) -> str:
    named = next((key for word, key in PHONES if word in parameters), "phone_mobile")
    return named if named not in found else "phone_other"


def _parts(value: str) -> list[str]:
    """The parts of a value, between semicolons that are not escaped."""
    parts: list[str] = []
    start = 0
    for gap in _SPLIT.finditer(value):
        parts.append(_plain(value[start : gap.end() - 1]))
        start = gap.end()
    return [*parts, _plain(value[start:])]


def _plain(value: str) -> str:
    return _ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], value).strip()
