"""Values as JSON: ISO dates, UTC instants, exact decimals as strings, links with their names."""

from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any, assert_never, cast
from uuid import UUID

import msgspec

from crm_domain.definition import kinds
from crm_domain.definition.kinds import Kind
from crm_domain.definition.values import Amount, EmailEntry, PostalAddress, Ref, Upload
from crm_domain.meaning.bills import bill_from_json, bill_to_json
from crm_domain.problems import BadValue
from crm_domain.text.jalali import holds
from crm_domain.text.whole_days import whole


def to_json(kind: Kind, value: Any) -> Any:
    """What the API shows of a value."""
    if value is None:
        return None
    match kind:
        case kinds.Text() | kinds.LongText() | kinds.RichText() | kinds.Url() | kinds.Phone():
            return value
        case kinds.Choice() | kinds.DependentChoice() | kinds.Boolean():
            return value
        case kinds.Integer() | kinds.AutoNumber() | kinds.Duration():
            return value
        case kinds.DecimalNumber() | kinds.Percent():
            return plain(value)
        case kinds.Money():
            return {"amount": plain(value.value), "currency": value.currency}
        case kinds.Date():
            return value.isoformat()
        case kinds.DateTime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case kinds.MultiChoice():
            return list(value)
        case kinds.Link() | kinds.UserLink() | kinds.AnyLink():
            return {"module": value.module, "id": str(value.id), "name": value.name}
        case kinds.Emails() | kinds.Address():
            return msgspec.to_builtins(value)
        case kinds.File() | kinds.Image():
            return msgspec.to_builtins(value)
        case kinds.Files():
            return [msgspec.to_builtins(blob) for blob in value]
        case kinds.Secret():
            return {"set_at": value.set_at.astimezone(UTC).isoformat().replace("+00:00", "Z")}
        case kinds.Bill():
            return bill_to_json(value)
        case kinds.Computed():
            return (
                plain(value) if isinstance(value, Decimal) else value.isoformat() if isinstance(value, date) else value
            )
        case _:
            assert_never(kind)


def from_json(kind: Kind, value: Any, zone: tzinfo | None = None) -> Any:
    """The typed value of what the API was given, by somebody in that zone; still to be cleaned. Raises BadValue."""
    if value is None:
        return None
    match kind:
        case kinds.Date():
            return _parsed(date.fromisoformat, value, "problems.not_a_date")
        case kinds.DateTime() if (
            kind.whole_days and zone and isinstance(value, str) and len(value) == len("2026-11-30")
        ):
            return whole(_parsed(date.fromisoformat, value, "problems.not_a_date"), zone)
        case kinds.DateTime():
            return _instant(value)
        case kinds.DecimalNumber() | kinds.Percent():
            return _decimal(value)
        case kinds.Money():
            return _amount(value)
        case kinds.MultiChoice():
            return tuple(_list(value))
        case kinds.Link() | kinds.UserLink():
            target = kind.target if isinstance(kind, kinds.Link) else "users"
            return _ref(value, target)
        case kinds.AnyLink():
            return _ref(value, "")
        case kinds.Emails():
            return tuple(
                _converted(entry, EmailEntry) if not isinstance(entry, str) else EmailEntry(entry)
                for entry in _list(value)
            )
        case kinds.Address():
            return _converted(value, PostalAddress)
        case kinds.Bill():
            return bill_from_json(value)
        case kinds.File() | kinds.Image():
            return _upload(value)
        case kinds.Files():
            return tuple(map(_upload, _list(value)))
        case _:
            return value


def plain(number: Decimal) -> str:
    """A decimal without needless zeros or exponent: `1250000`, `0.5`."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _parsed(parse: Any, value: Any, problem: str) -> Any:
    try:
        return parse(value)
    except (TypeError, ValueError):
        raise BadValue(problem) from None


def _instant(value: Any) -> datetime:
    found: datetime = _parsed(datetime.fromisoformat, value, "problems.not_a_date")
    if found.tzinfo is None:
        raise BadValue("problems.no_time_zone")
    if not holds(found.date()):
        raise BadValue("problems.not_a_date")
    return found.astimezone(UTC)


def _decimal(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal | float):
        raise BadValue("problems.not_a_number")
    try:
        return Decimal(str(value))
    except InvalidOperation:
        raise BadValue("problems.not_a_number") from None


def _amount(value: Any) -> Amount:
    given = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
    if set(given) == {"amount", "currency"} and isinstance(given["currency"], str):
        return Amount(_decimal(given["amount"]), given["currency"])
    raise BadValue("problems.not_an_amount")


def _ref(value: Any, module: str) -> Ref:
    """A link as an id, or as an object with module and id."""
    given: dict[str, Any] = (
        cast("dict[str, Any]", value) if isinstance(value, dict) else {"id": value, "module": module}
    )
    target = given.get("module", module)
    if not isinstance(target, str) or not target:
        raise BadValue("problems.unknown_record")
    return Ref(target, _parsed(UUID, str(given.get("id")), "problems.unknown_record"))


def _upload(value: Any) -> Upload:
    """A file by its key, or as the API shows it."""
    key = cast("dict[str, Any]", value).get("key") if isinstance(value, dict) else value
    if not isinstance(key, str):
        raise BadValue("problems.not_a_file")
    return Upload(key)


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise BadValue("problems.not_a_list")
    return cast("list[Any]", value)


def _converted(value: Any, type_: type[Any]) -> Any:
    try:
        return msgspec.convert(value, type_, strict=True)
    except msgspec.ValidationError:
        raise BadValue("problems.not_an_object") from None
