"""What people type or a file holds, as typed values; still to be cleaned."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any, assert_never, cast
from uuid import UUID

from crm_domain.definition import kinds
from crm_domain.definition.kinds import Kind
from crm_domain.definition.options import Options
from crm_domain.definition.values import ADDRESS_PARTS, Amount, EmailEntry, PostalAddress, Ref, Upload
from crm_domain.meaning.bills import parse_bill
from crm_domain.meaning.voice import Voice
from crm_domain.problems import BadValue
from crm_domain.text import jalali, money, numbers, phone, rich
from crm_domain.text.digits import to_ascii
from crm_domain.text.normalise import search_key
from crm_domain.text.whole_days import whole

Raw = str | Sequence[str] | Mapping[str, Any]
"""Text of one input; several of one name; or the inputs of a composite kind by part."""
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)")
IN_CURRENCY = re.compile(r"[+-]?[\d.]+ ([A-Z]{3})")
MARKS = ("primary", "opted_out", "invalid")
"""How files that programs write tell a moment, an amount, and what there is to say of an e-mail address."""
TIME_BEHIND = re.compile(r"[،,]?\s+(\d{1,2}:\d{2}(?::\d{2})?)([^\d:]{0,8})$")
NOON = 12
BELOW_HOURS = (60, 1)
"""Seconds of what stands behind the hours of a length of time."""
YES = {"1", "true", "yes", "on", "بله"}
NO = {"0", "false", "no", "off", "خیر", ""}


def parse(kind: Kind, raw: Raw, voice: Voice) -> Any:
    """The value somebody meant. Raises BadValue where it cannot be understood."""
    match kind:
        case kinds.Text() | kinds.LongText() | kinds.Url():
            return text_of(raw) or None
        case kinds.RichText():
            return rich.from_typed(text_of(raw)) or None
        case kinds.Phone():
            return phone.parse(text_of(raw)) if text_of(raw) else None
        case kinds.Integer() | kinds.AutoNumber():
            return numbers.parse_integer(text_of(raw)) if text_of(raw) else None
        case kinds.DecimalNumber() | kinds.Percent():
            return numbers.parse_decimal(text_of(raw).rstrip("%٪ ")) if text_of(raw) else None
        case kinds.Duration():
            return _duration(text_of(raw))
        case kinds.Money():
            return _amount(raw, voice)
        case kinds.Boolean():
            return _yes_or_no(text_of(raw))
        case kinds.Date():
            return jalali.parse_date(text_of(raw), voice.locale, voice.today()) if text_of(raw) else None
        case kinds.DateTime():
            return _instant(raw, voice, whole_days=kind.whole_days)
        case kinds.Choice() | kinds.DependentChoice():
            return option_key(kind.options, text_of(raw), voice) if text_of(raw) else None
        case kinds.MultiChoice():
            return tuple(_options(kind.options, raw, voice)) or None
        case kinds.Link():
            return _ref(raw, kind.target)
        case kinds.UserLink():
            return _ref(raw, "users")
        case kinds.AnyLink():
            return _any_ref(raw)
        case kinds.Emails():
            return _emails(raw)
        case kinds.Address():
            return (
                PostalAddress(**{part: _part(raw, part) for part in ADDRESS_PARTS})
                if isinstance(raw, Mapping)
                else None
            )
        case kinds.File() | kinds.Image():
            return (_uploads(raw) or (None,))[-1]
        case kinds.Files():
            return _uploads(raw) or None
        case kinds.Secret():
            return None if cleared(raw) else text_of(raw) or None
        case kinds.Bill():
            return parse_bill(raw, voice)
        case kinds.Computed():
            raise BadValue("problems.not_writable")
        case _:
            assert_never(kind)


def _options(options: Options, raw: Raw, voice: Voice) -> Iterator[str]:
    """Each option named; a comma parts them where the whole is no option's own label."""
    for item in _items(raw):
        try:
            yield option_key(options, item, voice)
        except BadValue:
            if "," not in item:
                raise
            yield from (option_key(options, part.strip(), voice) for part in item.split(",") if part.strip())


def option_key(options: Options, text: str, voice: Voice) -> str:
    """The option of that key, label in the reader's language, the tenant's in any, or spelling of an older system."""
    if text in options:
        return text
    wanted = search_key(text)
    for item in options.items:
        words = (voice.option_label(options, item), *item.labels.values(), *item.aliases)
        if wanted in {item.key, *map(search_key, words)}:
            return item.key
    raise BadValue("problems.not_an_option", value=text[:80])


def text_of(raw: Raw) -> str:
    """The text of a raw value's main input."""
    if isinstance(raw, str):
        return raw.strip()
    if isinstance(raw, Mapping):
        return str(raw.get("", "")).strip()
    return str(raw[-1]).strip() if raw else ""


def cleared(raw: Raw) -> bool:
    """Whether a secret is to be taken away."""
    return bool(_part(raw, "clear"))


def _part(raw: Raw, part: str) -> str:
    return str(raw.get(part, "")).strip() if isinstance(raw, Mapping) else ""


def _items(raw: Raw) -> list[str]:
    """Ticked boxes, or one text with the options separated by semicolons."""
    if isinstance(raw, Mapping):
        raw = raw.get("", "")
    found = raw.replace("؛", ";").replace("،", ";").split(";") if isinstance(raw, str) else list(raw)
    return [item.strip() for item in found if item.strip()]


def _yes_or_no(text: str) -> bool:
    lowered = to_ascii(text).lower()
    if lowered in YES:
        return True
    if lowered in NO:
        return False
    raise BadValue("problems.not_yes_or_no")


def _amount(raw: Raw, voice: Voice) -> Amount | None:
    if not text_of(raw):
        return None
    named = None if isinstance(raw, Mapping) else IN_CURRENCY.fullmatch(text_of(raw))
    currency = named[1] if named else _part(raw, "currency") or voice.base_currency
    return Amount(money.parse_money(text_of(raw), currency, voice.locale), currency)


def _duration(text: str) -> int | None:
    """Minutes, or hours and minutes as `1:30`, or with seconds as `1:30:20`."""
    if not text:
        return None
    hours, *rest = to_ascii(text).split(":")
    if not rest:
        return int(numbers.parse_decimal(text) * Decimal(60))
    if len(rest) > len(BELOW_HOURS):
        raise BadValue("problems.not_a_number", value=text[:80])
    parts = zip(rest, BELOW_HOURS, strict=False)
    return numbers.parse_integer(hours) * 3600 + sum(numbers.parse_integer(part) * size for part, size in parts)


def _instant(raw: Raw, voice: Voice, *, whole_days: bool) -> datetime | None:
    """A day with a time beside it or behind it, as it is shown: «۱۴۰۵/۰۹/۰۲، ۰۹:۴۸», "23 Nov 2026, 9:48 AM"."""
    text, clock = text_of(raw), to_ascii(_part(raw, "time"))
    if not text:
        return None
    if INSTANT.fullmatch(text):
        return _told(text)
    half = ""
    if not clock and (found := TIME_BEHIND.search(to_ascii(text))):
        text, clock, half = to_ascii(text)[: found.start()], found[1], found[2].strip()
    day = jalali.parse_date(text, voice.locale, voice.today())
    if whole_days and not clock:
        return whole(day, voice.locale.zone)
    try:
        hour = time.fromisoformat(clock.zfill(5)) if clock else time()
    except ValueError:
        raise BadValue("problems.not_a_time") from None
    if half and half == to_ascii(voice.text("calendar.pm")) and hour.hour < NOON:
        hour = hour.replace(hour=hour.hour + NOON)
    elif half and half == to_ascii(voice.text("calendar.am")) and hour.hour == NOON:
        hour = hour.replace(hour=0)
    return datetime.combine(day, hour, voice.locale.zone).astimezone(UTC)


def _told(text: str) -> datetime:
    """A moment as programs write it, with its zone."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        raise BadValue("problems.not_a_date", value=text[:80]) from None


def _ref(raw: Raw, module: str) -> Ref | None:
    text = text_of(raw)
    if not text and not _part(raw, "label"):
        return None
    try:
        return Ref(module, UUID(text))
    except ValueError:
        raise BadValue("problems.unknown_record") from None


def _any_ref(raw: Raw) -> Ref | None:
    """A form's module and id, or both in one text: `accounts:<id>`."""
    if isinstance(raw, Mapping):
        module = _part(raw, "module")
        return _ref(_part(raw, "id"), module) if module else None
    module, _, id_ = text_of(raw).partition(":")
    return _ref(id_ or text_of(raw), module) if text_of(raw) else None


def _uploads(raw: Raw) -> tuple[Upload, ...]:
    """The files a form keeps, then those it adds; a file that is neither goes. A name alone is no file."""
    if not isinstance(raw, Mapping):
        if text_of(raw):
            raise BadValue("problems.not_writable")
        return ()
    named = (cast("Raw", raw.get(part, "")) for part in ("keep", "key"))
    keys = (key for given in named for key in ([given] if isinstance(given, str) else given))
    return tuple(Upload(key) for key in keys if key)


def _emails(raw: Raw) -> tuple[EmailEntry, ...] | None:
    """Rows of a form, or one text with the primary address first unless another is marked as such."""
    if not isinstance(raw, Mapping):
        return tuple(_listed(_items(raw))) or None
    primary = str(raw.get("primary", ""))
    nested = {key: cast("Raw", row) for key, row in raw.items() if isinstance(row, Mapping)}
    rows = {key: row for key, row in nested.items() if _part(row, "address")}
    return (
        tuple(
            EmailEntry(
                _part(row, "address"), key == primary, bool(_part(row, "opted_out")), bool(_part(row, "invalid"))
            )
            for key, row in sorted(rows.items())
        )
        or None
    )


def _listed(items: Sequence[str]) -> Iterator[EmailEntry]:
    """Addresses, each with the marks that stand behind it; words that are none belong to the address, which they spoil."""
    found = [_marked(item) for item in items]
    named = any("primary" in marks for _, marks in found)
    for place, (address, marks) in enumerate(found):
        primary = "primary" in marks if named else place == 0
        yield EmailEntry(address, primary, "opted_out" in marks, "invalid" in marks)


def _marked(item: str) -> tuple[str, Sequence[str]]:
    address, *marks = item.split()
    return (address, marks) if set(marks) <= set(MARKS) else (item, ())
