"""Writing records: every change and its audit are one statement (RETURNING old and new), so neither exists without the other."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.dialects.postgresql import JSONB

from crm_domain.definition import Amount, EmailEntry, Module, SecretMark, kinds
from crm_domain.problems import FieldProblem, Invalid
from crm_storage.columns import stored
from crm_storage.marketing.attribute import attribute
from crm_storage.records.context import Context
from crm_storage.records.emails import told, write_emails, write_new_emails
from crm_storage.records.following import follow_by_choice, tell_followers
from crm_storage.records.held_files import HOLDERS, hold
from crm_storage.records.mirror import mirror_primary
from crm_storage.records.reach import around
from crm_storage.records.secrets import write_secret
from crm_storage.records.statements import insert_statement, update_statement
from crm_storage.records.write_lines import write_lines

Records = Sequence[tuple[UUID, Mapping[str, Any]]]
"""Values by field, of each record."""
AddressWriter = Callable[[Context, Module[Any], Mapping[UUID, Sequence[EmailEntry]]], Awaitable[None]]


async def insert(context: Context, module: Module[Any], records: Records) -> None:
    """New records, those with the same columns in one statement. Rights to create are the use case's to check: there is no
    row yet to ask."""
    for (named, telling), rows in (await _alike(context, module, records, new=True)).items():
        sql = context.remembered(
            ("insert", module.key, named, telling),
            partial(insert_statement, context.tables, module, named, told=telling),
        )
        await context.rows(sql, records=_json(context, module, rows), **context.origin())
    given = [(id_, {key: value for key, value in values.items() if value is not None}) for id_, values in records]
    await _beside(context, module, given, write_new_emails)
    if module.credit:
        named = {id_: values.get(module.credit.field) for id_, values in given}
        if brought := {id_: campaign.id for id_, campaign in named.items() if campaign}:
            await attribute(context.session, module.credit.activity, module.key, brought)
    await follow_by_choice(context, module, given, new=True)
    await tell_followers(context, module, given, new=True)


async def change(context: Context, module: Module[Any], records: Records, *, version: int | None = None) -> list[UUID]:
    """Gives each record its values where the actor may edit, those with the same columns in one statement; the ids that were
    changed."""
    scopes = (context.access.scope(module.key, "edit"), around(context.access, context.registry, module, "edit"))
    versioned = version is not None
    changed: list[UUID] = []
    for (named, telling), rows in (await _alike(context, module, records, new=False)).items():
        sql = context.remembered(
            ("update", module.key, named, scopes, versioned, telling),
            partial(update_statement, context.tables, module, named, scopes, versioned=versioned, told=telling),
        )
        facts = {"records": _json(context, module, rows), "expected": version, **context.origin()}
        changed += [row[0] for row in await context.rows(sql, **facts)]
    reached = set(changed)
    done = [record for record in records if record[0] in reached]
    await _beside(context, module, done, write_emails)
    await follow_by_choice(context, module, done, new=False)
    await tell_followers(context, module, done, new=False)
    return changed


async def _alike(
    context: Context, module: Module[Any], records: Records, *, new: bool
) -> dict[tuple[tuple[str, ...], bool], list[dict[str, Any]]]:
    """The records as rows, by the columns they have and whether something is told besides."""
    alike: dict[tuple[tuple[str, ...], bool], list[dict[str, Any]]] = {}
    besides = await told(context, module, records, new=new)
    for id_, values in records:
        columns = await _columns(context, module, values)
        more = {"told": besides[id_]} if id_ in besides else {}
        alike.setdefault((tuple(sorted(columns)), bool(more)), []).append({"id": id_, **columns, **more})
    return alike


def _json(context: Context, module: Module[Any], rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as a JSON list; what is JSON already stays so."""
    table = context.tables[module.key]
    files = [name for name in rows[0] if name in table.c and isinstance(table.c[name].type, JSONB)]
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
        if isinstance(value, Amount) and value.currency not in rates:
            raise Invalid({key: (FieldProblem("problems.unknown_currency", {"currency": value.currency}),)})
        columns |= stored(module.field(key), value, rates)
    return columns


async def _beside(context: Context, module: Module[Any], records: Records, addresses: AddressWriter) -> None:
    """What fields keep outside the records' rows: addresses, files, secrets, and the links that mirror primary ones. Those
    that link to one record are linked in one go."""
    addressed: dict[UUID, Sequence[EmailEntry]] = {}
    linked: dict[tuple[str, Any], list[UUID]] = {}
    for id_, values in records:
        for key, value in values.items():
            field = module.field(key)
            if isinstance(field, kinds.Emails):
                addressed[id_] = value or ()
            elif isinstance(field, kinds.Link):
                linked.setdefault((key, value), []).append(id_)
            else:
                await _by_itself(context, module, id_, field, value)
    if addressed:
        await addresses(context, module, addressed)
    for (key, value), ids in linked.items():
        field = module.field(key)
        assert isinstance(field, kinds.Link)
        await mirror_primary(context, module, field, ids, value)


async def _by_itself(context: Context, module: Module[Any], id_: UUID, field: kinds.Kind, value: Any) -> None:
    match field:
        case kinds.Secret():
            if not isinstance(value, SecretMark):
                await write_secret(context, module, id_, field, value)
        case kinds.Bill():
            await write_lines(context, module, [id_], field, value)
        case _ if isinstance(field, HOLDERS):
            await hold(context, module, [id_], field, value)
        case _:
            pass
