"""Column values back into field values: how each kind reads what its select expressions gave."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from crm_domain.definition import ADDRESS_PARTS, Amount, Blob, EmailEntry, PostalAddress, Ref, SecretMark, kinds
from crm_domain.definition.kinds import Kind
from crm_storage.records.reach import From, link_target
from crm_storage.records.read_lines import HEAD, lines_of, read_bill

Reader = Callable[[Sequence[Any]], Any]
"""Makes a field's value from its slice of a row."""


def expressions(
    kind: Kind, table: From, target: "tuple[ColumnElement[Any], ColumnElement[Any]] | None", tables: dict[str, Any]
) -> tuple[list[ColumnElement[Any]], Reader]:
    """What to select for a field, and how to read it. `target` is the name of a link's record, and since when it is gone."""
    key = kind.key
    match kind:
        case kinds.Link() | kinds.UserLink():
            assert target is not None
            module = link_target(kind)
            return [table.c[key], *target], lambda row: _ref(module, row)
        case kinds.AnyLink():
            return [table.c[f"{key}_module"], table.c[f"{key}_id"]], _any_ref
        case kinds.Money():
            return [table.c[key], table.c[f"{key}_currency"]], _amount
        case kinds.Address():
            return [table.c[f"{key}_{part}"] for part in ADDRESS_PARTS], _address
        case kinds.Emails():
            return [_emails(table, tables)], _entries
        case kinds.Secret():
            return [_secret(kind, table, tables)], lambda row: SecretMark(row[0]) if row[0] else None
        case kinds.Bill():
            columns = [table.c[f"{key}_{part}"] for part in HEAD]
            return [*columns, lines_of(table, tables, key)], read_bill
        case kinds.MultiChoice():
            return [table.c[key]], lambda row: tuple(row[0]) if row[0] else None
        case kinds.File() | kinds.Image():
            return [table.c[key]], lambda row: msgspec.convert(row[0], Blob) if row[0] else None
        case kinds.Files():
            return [table.c[key]], lambda row: msgspec.convert(row[0], tuple[Blob, ...]) if row[0] else None
        case _:
            return [table.c[key]], _first


def _first(row: Sequence[Any]) -> Any:
    return row[0]


def _ref(module: str, row: Sequence[Any]) -> Ref | None:
    id_, name, deleted = row
    return Ref(module, id_, name or "", deleted is not None) if id_ else None


def _any_ref(row: Sequence[Any]) -> Ref | None:
    return Ref(row[0], row[1]) if row[1] else None


def _amount(row: Sequence[Any]) -> Amount | None:
    return Amount(row[0], row[1]) if row[0] is not None else None


def _address(row: Sequence[Any]) -> PostalAddress | None:
    return PostalAddress(*(part or "" for part in row)) if any(row) else None


def _entries(row: Sequence[Any]) -> tuple[EmailEntry, ...] | None:
    return tuple(EmailEntry(*entry) for entry in row[0]) if row[0] else None


def _secret(kind: kinds.Secret, table: From, tables: dict[str, Any]) -> ColumnElement[Any]:
    """When it was set; what it says is in no list statement."""
    secret = tables["secret"]
    return (
        select(secret.c.set_at)
        .where(secret.c.record_id == table.c.id, secret.c.field == kind.key)
        .correlate(table)
        .scalar_subquery()
    )


def _emails(table: From, tables: dict[str, Any]) -> ColumnElement[Any]:
    """All addresses of a record with their flags, as one JSON value."""
    link, address = tables["email_link"], tables["email_address"]
    entry = func.jsonb_build_array(address.c.address, link.c.is_primary, address.c.opted_out, address.c.invalid)
    return (
        select(func.jsonb_agg(aggregate_order_by(entry, link.c.position)))
        .select_from(link.join(address, address.c.id == link.c.address_id))
        .where(link.c.record_id == table.c.id)
        .correlate(table)
        .scalar_subquery()
    )
