"""Identifiers that check themselves: each function gives the normalised text or raises BadValue."""

import re

from stdnum import iban as international
from stdnum import luhn
from stdnum.iso7064 import mod_97_10

from crm_domain.problems import BadValue
from crm_domain.text.digits import to_ascii

LEGAL_WEIGHTS = (29, 27, 23, 19, 17, 29, 27, 23, 19, 17)
ECONOMIC_LENGTHS = range(11, 15)
_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015\u200c-\u200f\u202a-\u202e\u2066-\u2069]+")


def national_id(text: str) -> str:
    """A person's ten digits, the last one checking the others; zeros at the front may be left out."""
    plain = _plain(text)
    code = plain.zfill(10) if len(plain) >= 8 else plain
    if not re.fullmatch(r"\d{10}", code, re.ASCII) or len(set(code)) == 1:
        raise BadValue("problems.national_id_wrong")
    rest = sum(int(digit) * (10 - place) for place, digit in enumerate(code[:9])) % 11
    if int(code[9]) != (rest if rest < 2 else 11 - rest):
        raise BadValue("problems.national_id_wrong")
    return code


def legal_id(text: str) -> str:
    """A company's eleven digits, the last one checking the others."""
    code = _plain(text)
    if not re.fullmatch(r"\d{11}", code, re.ASCII):
        raise BadValue("problems.legal_id_wrong")
    tens = int(code[9]) + 2
    rest = sum((int(digit) + tens) * weight for digit, weight in zip(code, LEGAL_WEIGHTS, strict=False)) % 11
    if int(code[10]) != rest % 10:
        raise BadValue("problems.legal_id_wrong")
    return code


def postal_code(text: str) -> str:
    """Ten digits; shown in two halves by `show_postal_code`."""
    return _digits_of(text, range(10, 11), "problems.postal_code_wrong")


def show_postal_code(code: str) -> str:
    """An Iranian code in its two halves; any other as it is."""
    return f"{code[:5]}-{code[5:]}" if re.fullmatch(r"\d{10}", code, re.ASCII) else code


def economic_code(text: str) -> str:
    """Eleven digits of a company, twelve of an older registration, up to fourteen of a person."""
    return _digits_of(text, ECONOMIC_LENGTHS, "problems.economic_code_wrong")


def digits(text: str) -> str:
    """Digits only, such as a registration number."""
    return _digits_of(text, range(1, 256), "problems.not_digits")


def iban(text: str) -> str:
    """An international account number; the Iranian one, which the registry of formats lacks, is IR and 24 digits."""
    code = _plain(text).upper()
    if code.startswith("IR"):
        right = bool(re.fullmatch(r"IR\d{24}", code, re.ASCII)) and mod_97_10.is_valid(code[4:] + code[:4])
    else:
        right = international.is_valid(code)
    if not right:
        raise BadValue("problems.iban_wrong")
    return code


def card(text: str) -> str:
    """A bank card's sixteen digits."""
    code = _digits_of(text, range(16, 17), "problems.card_wrong")
    if not luhn.is_valid(code):
        raise BadValue("problems.card_wrong")
    return code


def in_fours(code: str) -> str:
    """A card or account number in groups of four, to be isolated left to right."""
    return " ".join(re.findall(".{1,4}", code))


def currency_code(text: str) -> str:
    """Three Latin capitals (ISO 4217)."""
    code = _plain(text).upper()
    if not re.fullmatch(r"[A-Z]{3}", code):
        raise BadValue("problems.currency_code_wrong")
    return code


def user_name(text: str) -> str:
    """What somebody signs in with: 2 to 64 small Latin letters, digits, dots, hyphens, underscores or an e-mail's @."""
    name = to_ascii(text).strip().lower()
    if not re.fullmatch(r"[a-z0-9][a-z0-9._@-]{1,63}", name):
        raise BadValue("problems.user_name_wrong")
    return name


def host_name(text: str) -> str:
    """The name of a server or a mail domain, in lower case and, where it has other letters, in its ASCII form."""
    try:
        name = to_ascii(text).strip().rstrip(".").lower().encode("idna").decode()
    except UnicodeError:
        raise BadValue("problems.host_name_wrong") from None
    if not re.fullmatch(r"(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*", name):
        raise BadValue("problems.host_name_wrong")
    return name


def tracker_name(text: str) -> str:
    """What stands in braces in a template: Latin letters, digits and underscores, a letter first."""
    name = to_ascii(text).strip()
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,79}", name):
        raise BadValue("problems.tracker_name_wrong")
    return name


def _plain(text: str) -> str:
    return _SEPARATORS.sub("", to_ascii(text))


def _digits_of(text: str, lengths: range, problem: str) -> str:
    code = _plain(text)
    if not re.fullmatch(r"\d+", code, re.ASCII) or len(code) not in lengths:
        raise BadValue(problem)
    return code
