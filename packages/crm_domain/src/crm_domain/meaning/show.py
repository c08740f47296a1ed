"""Values in words: what a reader sees in lists, on pages, in exports and in the history."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, assert_never, cast

from crm_domain.definition import kinds
from crm_domain.definition.kinds import Kind
from crm_domain.definition.values import PostalAddress, SecretMark
from crm_domain.meaning.bills import line_words
from crm_domain.meaning.voice import Voice
from crm_domain.text import format as formats
from crm_domain.text import identifiers, money, numbers, phone, rich


def show(kind: Kind, value: Any, voice: Voice) -> str:
    """The value as the reader writes it; empty text when there is none."""
    if value is None or value == "":
        return ""
    match kind:
        case kinds.Text() | kinds.LongText() | kinds.Url():
            return value
        case kinds.RichText():
            return rich.to_plain(value)
        case kinds.Integer():
            return numbers.format_number(value, voice.locale)
        case kinds.AutoNumber():
            return voice.locale.in_digits(str(value))
        case kinds.DecimalNumber():
            return numbers.format_number(value.normalize() if value else value, voice.locale)
        case kinds.Percent():
            return numbers.format_percent(value, voice.locale)
        case kinds.Money():
            return money.format_money(value.value, value.currency, voice.locale, voice.catalogue)
        case kinds.Boolean():
            return voice.text("record.yes" if value else "record.no")
        case kinds.Date():
            return formats.format_date(value, voice.locale, voice.catalogue)
        case kinds.DateTime():
            return formats.format_datetime(value, voice.locale, voice.catalogue)
        case kinds.Duration():
            return formats.format_duration(value, voice.locale, voice.catalogue)
        case kinds.Choice() | kinds.DependentChoice():
            return voice.option(kind.options, value)
        case kinds.MultiChoice():
            return voice.text("record.list_separator").join(voice.option(kind.options, key) for key in value)
        case kinds.Link() | kinds.UserLink() | kinds.AnyLink():
            return value.name
        case kinds.Emails():
            return next((entry.address for entry in value if entry.primary), "")
        case kinds.Phone():
            return phone.show(value, voice.locale)
        case kinds.Address():
            return address_line(value, voice)
        case kinds.File() | kinds.Image():
            return value.name
        case kinds.Secret():
            return voice.text(
                "record.secret_set", date=formats.format_date(_day(value, voice), voice.locale, voice.catalogue)
            )
        case kinds.Files():
            return voice.text("record.list_separator").join(blob.name for blob in value)
        case kinds.Bill():
            return voice.text("record.list_separator").join(map(line_words, value.lines))
        case kinds.Computed():
            return _computed(kind.result, value, voice)
        case _:
            assert_never(kind)


def show_stored(kind: Kind, stored: Any, voice: Voice) -> str:
    """A leading column's JSON value from the history, in words."""
    match kind:
        case kinds.Choice() | kinds.DependentChoice():
            return voice.option(kind.options, stored)
        case kinds.MultiChoice():
            return show(kind, tuple(stored or ()), voice)
        case kinds.Boolean():
            return show(kind, stored, voice)
        case kinds.Date() | kinds.DateTime():
            return formats.from_iso(stored, voice.locale, voice.catalogue) if stored else ""
        case kinds.Integer() | kinds.DecimalNumber() | kinds.Percent() | kinds.Money():
            return numbers.format_number(Decimal(str(stored)).normalize(), voice.locale) if stored is not None else ""
        case kinds.Duration():
            return show(kind, stored, voice)
        case kinds.File() | kinds.Files() | kinds.Image():
            return voice.text("record.list_separator").join(_names(stored))
        case kinds.Emails() | kinds.Bill() if isinstance(stored, list):
            return voice.text("record.list_separator").join(map(str, cast("list[Any]", stored)))
        case kinds.Secret():
            return voice.text("record.secret") if stored else ""
        case _:
            return "" if stored is None else str(stored)


def _names(stored: Any) -> list[str]:
    """The names of one stored file or of several."""
    many = cast("list[Any]", stored) if isinstance(stored, list) else [stored]
    return [str(cast("Mapping[str, Any]", item).get("name", "")) for item in many if isinstance(item, Mapping)]


def address_line(address: PostalAddress, voice: Voice) -> str:
    """One line: large to small in Persian, small to large in English."""
    code = voice.locale.in_digits(identifiers.show_postal_code(address.postal_code))
    parts = (address.street, address.city, address.state, code, address.country)
    if voice.language == "fa":
        parts = (address.country, address.state, address.city, address.street, code)
    return voice.text("record.list_separator").join(part for part in parts if part)


def _day(mark: SecretMark, voice: Voice) -> date:
    return mark.set_at.astimezone(voice.locale.zone).date()


def _computed(result: str, value: Any, voice: Voice) -> str:
    if result == "date":
        return formats.format_date(value, voice.locale, voice.catalogue)
    return value if result == "text" else numbers.format_number(value, voice.locale)
