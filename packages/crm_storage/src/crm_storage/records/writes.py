"""Writing records: every change and its audit are one statement (RETURNING old and new), so neither exists without the other."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.dialects.postgresql import JSONB

from crm_domain.definition import EmailEntry, Module, SecretMark, kinds
from crm_storage.columns import stored
from crm_storage.records.context import Context
from crm_storage.records.emails import write_emails, write_new_emails
from crm_storage.records.held_files import HOLDERS, hold
from crm_storage.records.mirror import mirror_primary
from crm_storage.records.reach import around
from crm_storage.records.secrets import write_secret
from crm_storage.records.statements import insert_statement, update_statement
from crm_storage.records.write_lines import write_lines

BESIDE = (kinds.Secret, kinds.Bill, *HOLDERS)


async def insert(context: Context, module: Module[Any], records: Sequence[tuple[UUID, Mapping[str, Any]]]) -> None:
    """New records, those with the same columns in one statement. Rights to create are the use case's to check: there is no
    row yet to ask."""
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for id_, values in records:
        columns = await _columns(context, module, values)
        alike.setdefault(tuple(sorted(columns)), []).append({"id": id_, **columns})
    for named, rows in alike.items():
        sql = context.remembered(
            ("insert", module.key, named), partial(insert_statement, context.tables, module, named)
        )
        await context.rows(sql, records=_json(context, module, rows), **context.origin())
    await _beside_new(context, module, records)


async def update(
    context: Context, module: Module[Any], ids: Sequence[UUID], values: Mapping[str, Any], *, version: int | None = None
) -> list[UUID]:
    """Sets the same values on all of them, where the actor may edit; the ids that were changed."""
    columns = await _columns(context, module, values)
    named = tuple(sorted(columns))
    scopes = (context.access.scope(module.key, "edit"), around(context.access, context.registry, module, "edit"))
    versioned = version is not None
    sql = context.remembered(
        ("update", module.key, named, scopes, versioned),
        lambda: update_statement(context.tables, module, named, scopes, versioned=versioned),
    )
    changed = [row[0] for row in await context.rows(sql, **_facts(context, columns), ids=list(ids), expected=version)]
    await _beside(context, module, changed, values)
    return changed


def _json(context: Context, module: Module[Any], rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as a JSON list; what is JSON already stays so."""
    table = context.tables[module.key]
    files = [name for name in rows[0] if isinstance(table.c[name].type, JSONB)]
    ready = [{**row, **{name: _raw(row[name]) for name in files}} for row in rows] if files else rows
    return msgspec.json.encode(ready).decode()


def _raw(text: str | None) -> msgspec.Raw | None:
    return None if text is None else msgspec.Raw(text.encode())


async def _columns(context: Context, module: Module[Any], values: Mapping[str, Any]) -> dict[str, Any]:
    rates: Mapping[str, Any] = {}
    if any(isinstance(module.field(key), kinds.Money) and value is not None for key, value in values.items()):
        rates = await context.rates()
    columns: dict[str, Any] = {}
    for key, value in values.items():
        columns |= stored(module.field(key), value, rates)
    return columns


def _facts(context: Context, columns: Mapping[str, Any]) -> dict[str, Any]:
    return {f"v_{column}": value for column, value in columns.items()} | context.origin()


async def _beside_new(context: Context, module: Module[Any], records: Sequence[tuple[UUID, Mapping[str, Any]]]) -> None:
    """The same for new records. Those that link to one record are linked in one go; nobody had addresses yet."""
    linked: dict[tuple[str, Any], list[UUID]] = {}
    addressed: dict[UUID, tuple[EmailEntry, ...]] = {}
    for id_, values in records:
        rest: dict[str, Any] = {}
        for key, value in values.items():
            if value is None:
                continue
            field = module.field(key)
            if isinstance(field, kinds.Emails):
                addressed[id_] = value
            elif isinstance(field, kinds.Link):
                linked.setdefault((key, value), []).append(id_)
            elif isinstance(field, BESIDE):
                rest[key] = value
        await _beside(context, module, [id_], rest)
    await write_new_emails(context, module, addressed)
    for (key, value), ids in linked.items():
        field = module.field(key)
        assert isinstance(field, kinds.Link)
        await mirror_primary(context, module, field, ids, value)


async def _beside(context: Context, module: Module[Any], ids: Sequence[UUID], values: Mapping[str, Any]) -> None:
    """What a field keeps outside the record's row: addresses, files, secrets, and the link that mirrors a primary one."""
    for key, value in values.items():
        field = module.field(key)
        if isinstance(field, kinds.Emails):
            entries: tuple[EmailEntry, ...] = value or ()
            for id_ in ids:
                await write_emails(context, module, id_, field, entries)
        elif isinstance(field, kinds.Secret):
            if not isinstance(value, SecretMark):
                for id_ in ids:
                    await write_secret(context, module, id_, field, value)
        elif isinstance(field, HOLDERS):
            await hold(context, module, ids, field, value)
        elif isinstance(field, kinds.Bill):
            await write_lines(context, module, ids, field, value)
        elif isinstance(field, kinds.Link):
            await mirror_primary(context, module, field, ids, value)
