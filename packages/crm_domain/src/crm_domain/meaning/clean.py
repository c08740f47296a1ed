"""Values as their kind wants them: checked and normalised, whatever way they came in."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, assert_never
from uuid import UUID

from email_validator import EmailNotValidError, validate_email

from crm_domain.definition import kinds
from crm_domain.definition.kinds import Kind
from crm_domain.definition.kinds.text import Check
from crm_domain.definition.options import Options
from crm_domain.definition.values import Amount, Blob, EmailEntry, PostalAddress, Ref, SecretMark
from crm_domain.meaning.bills import clean_bill
from crm_domain.problems import BadValue
from crm_domain.text import identifiers, phone, rich
from crm_domain.text.digits import to_ascii
from crm_domain.text.jalali import holds
from crm_domain.text.normalise import stored

MAX_INTEGER = 2**63 - 1
MAX_DIGITS = 16
"""Whole digits of an amount with four decimals: 20 digits in all."""
MAX_EMAILS = 50
PART_LENGTH = 255
USUAL = re.compile(r"((?=[^@]{1,64}@)[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*)@([a-z0-9.-]+)")
"""How nearly every address comes: of these only the domain needs a closer look."""
MAX_ADDRESS = 254
PICTURES = ("image/png", "image/jpeg", "image/webp", "image/gif")


def email_address(text: str) -> str:
    """A well-formed address, its domain in lower case. Raises BadValue."""
    plain = to_ascii(stored(text))
    usual = USUAL.fullmatch(plain)
    try:
        if usual and len(plain) <= MAX_ADDRESS:
            return f"{usual[1]}@{_domain(usual[2])}"
        return validate_email(plain, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        raise BadValue("problems.not_an_email", value=text[:80]) from None


@lru_cache(maxsize=4096)
def _domain(text: str) -> str:
    """A well-formed domain: long lists of people share few. Raises EmailNotValidError."""
    return validate_email(f"a@{text}", check_deliverability=False, test_environment=True).domain


CHECKS: Mapping[Check, Callable[[str], str]] = {
    "national_id": identifiers.national_id,
    "legal_id": identifiers.legal_id,
    "postal_code": identifiers.postal_code,
    "economic_code": identifiers.economic_code,
    "digits": identifiers.digits,
    "currency_code": identifiers.currency_code,
    "user_name": identifiers.user_name,
    "email_address": email_address,
    "host_name": identifiers.host_name,
    "tracker_name": identifiers.tracker_name,
}


def clean(kind: Kind, value: Any) -> Any:
    """The value normalised; None when empty. Raises BadValue."""
    if value is None or value == "":
        return False if isinstance(kind, kinds.Boolean) else None
    match kind:
        case kinds.Text():
            return _text(kind, value)
        case kinds.Url():
            return _limited(stored(_string(value)), kind.max_length) or None
        case kinds.LongText():
            return _limited(stored(_string(value), single_line=False), kind.max_length) or None
        case kinds.RichText():
            return rich.clean(_limited(_string(value), kind.max_length)) or None
        case kinds.Integer():
            return _between(_integer(value), kind.minimum, kind.maximum)
        case kinds.AutoNumber():
            return _integer(value)
        case kinds.Duration():
            return _between(_integer(value), 0, None)
        case kinds.DecimalNumber():
            return _number(_decimal(value), kind.digits, kind.scale, kind.above)
        case kinds.Percent():
            return _between(_number(_decimal(value), 5, 2, None), 0, 100)
        case kinds.Money():
            return _amount(value, kind.scale, positive=kind.positive)
        case kinds.Boolean():
            return _typed(value, bool, "problems.not_yes_or_no")
        case kinds.Date():
            return _date(value)
        case kinds.DateTime():
            return _instant(value)
        case kinds.Choice() | kinds.DependentChoice():
            return _option(kind.options, value)
        case kinds.MultiChoice():
            return (
                tuple(
                    key for key in tuple(kind.options.keys()) if key in {_option(kind.options, item) for item in value}
                )
                or None
            )
        case kinds.Link():
            return _ref(value, (kind.target,))
        case kinds.UserLink():
            return _ref(value, ("users",))
        case kinds.AnyLink():
            return _ref(value, kind.targets)
        case kinds.Emails():
            return _emails(value)
        case kinds.Phone():
            return phone.parse(_limited(stored(_string(value)), kind.max_length)) or None
        case kinds.Address():
            return _address(value)
        case kinds.File():
            return _typed(value, Blob, "problems.not_a_file")
        case kinds.Image():
            return _picture(value)
        case kinds.Files():
            return _files(value, kind.most)
        case kinds.Secret():
            return value if isinstance(value, SecretMark) else _limited(_string(value), kind.max_length)
        case kinds.Bill():
            return clean_bill(kind, value)
        case kinds.Computed():
            return value
        case _:
            assert_never(kind)


def _text(kind: kinds.Text, value: Any) -> str | None:
    text = _limited(stored(_string(value)), kind.max_length)
    return (CHECKS[kind.check](to_ascii(text)) if kind.check and text else text) or None


def _string(value: Any) -> str:
    return _typed(value, str, "problems.not_text").replace("\x00", "")


def _limited(text: str, most: int) -> str:
    if len(text) > most:
        raise BadValue("problems.too_long", most=most)
    return text


def _typed(value: Any, type_: type[Any], problem: str) -> Any:
    if not isinstance(value, type_):
        raise BadValue(problem)
    return value


def _integer(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > MAX_INTEGER:
        raise BadValue("problems.not_a_number")
    return value


def _decimal(value: Any) -> Decimal:
    try:
        number = Decimal(value) if isinstance(value, str | int) and not isinstance(value, bool) else value
    except InvalidOperation:
        raise BadValue("problems.not_a_number") from None
    if not isinstance(number, Decimal) or not number.is_finite():
        raise BadValue("problems.not_a_number")
    return number


def _number(number: Decimal, digits: int, scale: int, above: Decimal | None) -> Decimal:
    most = Decimal(10) ** (digits - scale)
    if abs(number) >= most:
        raise BadValue("problems.too_large", most=most)
    if above is not None and number <= above:
        raise BadValue("problems.not_above", least=above)
    return round(number, scale)


def _between(number: Any, least: Any, most: Any) -> Any:
    if least is not None and number < least:
        raise BadValue("problems.too_small", least=least)
    if most is not None and number > most:
        raise BadValue("problems.too_large", most=most)
    return number


def _amount(value: Any, scale: int, *, positive: bool) -> Amount:
    amount: Amount = _typed(value, Amount, "problems.not_a_number")
    number = _number(_decimal(amount.value), MAX_DIGITS + 4, scale, None)
    if positive and number <= 0:
        raise BadValue("problems.not_positive")
    return Amount(number, amount.currency)


def _date(value: Any) -> date:
    if isinstance(value, datetime) or not isinstance(value, date) or not holds(value):
        raise BadValue("problems.not_a_date")
    return value


def _instant(value: Any) -> datetime:
    if not isinstance(value, datetime) or value.tzinfo is None or not holds(value.date()):
        raise BadValue("problems.not_a_date")
    return value.astimezone(UTC)


def _option(options: Options, value: Any) -> str:
    if value not in options:
        raise BadValue("problems.not_an_option", value=str(value)[:80])
    return value


def _ref(value: Any, modules: tuple[str, ...]) -> Ref:
    if isinstance(value, UUID) and len(modules) == 1:
        return Ref(modules[0], value)
    if not isinstance(value, Ref) or value.module not in modules:
        raise BadValue("problems.unknown_record")
    return value


def _emails(value: Any) -> tuple[EmailEntry, ...] | None:
    """Each address once, the first one primary when none is marked."""
    entries: dict[str, EmailEntry] = {}
    for entry in value:
        address = email_address(entry.address)
        entries.setdefault(address.lower(), EmailEntry(address, entry.primary, entry.opted_out, entry.invalid))
    if len(entries) > MAX_EMAILS:
        raise BadValue("problems.too_many", most=MAX_EMAILS)
    chosen = next((key for key, entry in entries.items() if entry.primary), next(iter(entries), None))
    return (
        tuple(
            EmailEntry(entry.address, key == chosen, entry.opted_out, entry.invalid) for key, entry in entries.items()
        )
        or None
    )


def _picture(value: Any) -> Blob:
    blob: Blob = _typed(value, Blob, "problems.not_a_file")
    if blob.media_type not in PICTURES:
        raise BadValue("problems.not_a_picture")
    return blob


def _files(value: Any, most: int) -> tuple[Blob, ...] | None:
    """Each file once."""
    blobs: dict[str, Blob] = {}
    for item in value:
        blob: Blob = _typed(item, Blob, "problems.not_a_file")
        blobs.setdefault(blob.key, blob)
    if len(blobs) > most:
        raise BadValue("problems.too_many", most=most)
    return tuple(blobs.values()) or None


def _address(value: Any) -> PostalAddress | None:
    address: PostalAddress = _typed(value, PostalAddress, "problems.not_an_address")
    parts = {
        part: _limited(stored(getattr(address, part), single_line=part != "street"), PART_LENGTH)
        for part in ("street", "city", "state", "postal_code", "country")
    }
    parts["postal_code"] = to_ascii(parts["postal_code"])
    found = PostalAddress(**parts)
    return found if found else None
