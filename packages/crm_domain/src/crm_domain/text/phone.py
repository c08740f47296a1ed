"""Phone numbers: typed in any way, stored as E.164, shown as their country writes them."""

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from crm_domain.messages.catalogue import catalogue
from crm_domain.problems import BadValue
from crm_domain.text.digits import to_ascii
from crm_domain.text.locale import Locale

COUNTRY = "IR"
COUNTRY_CODE = 98
LENGTH = 10
"""Digits of an Iranian number after its leading zero."""
SPECIAL = (3, 4, 5)
"""Lengths of the country's short numbers, kept as they are dialled."""
EXTENSION = ";ext="
IRANIAN = re.compile(r"(?:\+98|0098|0)([1-9][0-9]{9})")
"""How nearly every number comes; long imports need not ask the library about each."""


def parse(text: str) -> str:
    """The number as E.164, Iranian where no country is told; an extension follows as `;ext=12`. Raises BadValue."""
    plain = to_ascii(text).strip().replace("داخلی", " ext ")
    if plain.isdecimal() and len(plain) in SPECIAL:
        return plain
    if usual := IRANIAN.fullmatch(plain):
        return f"+{COUNTRY_CODE}{usual[1]}"
    try:
        number = phonenumbers.parse(plain, COUNTRY)
    except NumberParseException:
        raise BadValue("problems.not_a_phone", value=text[:80]) from None
    if not phonenumbers.is_possible_number(number) or (number.country_code == COUNTRY_CODE and not _is_iranian(number)):
        raise BadValue("problems.not_a_phone", value=text[:80])
    extension = f"{EXTENSION}{number.extension}" if number.extension else ""
    return phonenumbers.format_number(number, PhoneNumberFormat.E164) + extension


def show(value: str, locale: Locale) -> str:
    """The number in groups, an Iranian one in national form for a Persian reader; to be isolated left to right."""
    if not value.startswith("+"):
        return locale.in_digits(value)
    try:
        number = phonenumbers.parse(value)
    except NumberParseException:
        return locale.in_digits(value)
    extension, number.extension = number.extension, None
    shown = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    if number.country_code == COUNTRY_CODE and locale.language == "fa":
        shown = _national(str(number.national_number))
    if extension:
        shown = catalogue(locale.language).text("numbers.extension", number=shown, extension=extension)
    return locale.in_digits(shown)


def _is_iranian(number: phonenumbers.PhoneNumber) -> bool:
    """Ten digits after the leading zero: 9xx xxx xxxx, or an area and eight digits."""
    return len(str(number.national_number)) == LENGTH and not number.italian_leading_zero


def _national(digits: str) -> str:
    if digits.startswith("9"):
        return f"0{digits[:3]} {digits[3:6]} {digits[6:]}"
    return f"0{digits[:2]}-{digits[2:]}"
