"""The history of a record, and events that are no change of fields."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from crm_domain.definition import Module, Ref
from crm_domain.ports import FieldChange, HistoryEntry
from crm_storage.columns import columns_of
from crm_storage.records.context import Context

READ = """
SELECT e.id, e.at, e.actor_id, u.name, e.action, e.source, e.request_id, e.changes
FROM audit_event e LEFT JOIN users u ON u.id = e.actor_id
WHERE e.record_id = %(record)s AND e.module = %(module)s AND e.at < coalesce(%(before)s::timestamptz, 'infinity')
ORDER BY e.at DESC, e.id DESC LIMIT %(limit)s
"""
SINCE = """
SELECT changes FROM audit_event WHERE record_id = %(record)s AND module = %(module)s AND version > %(version)s ORDER BY version DESC
"""
NOTE = """
INSERT INTO audit_event (actor_id, source, request_id, module, record_id, action, changes)
VALUES (%(me)s, %(source)s, %(request_id)s, %(module)s, %(record)s, %(action)s, %(facts)s::jsonb)
"""


async def history(
    context: Context, module: Module[Any], id_: UUID, *, before: datetime | None, limit: int
) -> list[HistoryEntry]:
    """Newest first. Fields the reader may not see are left out; the right to read history is the use case's to check."""
    hidden = _hidden_columns(context, module)
    found = await context.session.rows(READ, {"record": id_, "module": module.key, "before": before, "limit": limit})
    return [_entry(row, hidden) for row in found]


async def originals(context: Context, module: Module[Any], id_: UUID, version: int) -> dict[str, Any]:
    """The fields changed since a version, with the value each had then: the oldest change of each tells."""
    found = await context.session.rows(SINCE, {"record": id_, "module": module.key, "version": version})
    owners = {column.name: field.key for field in module.fields for column in columns_of(field, module.key)}
    owners |= {field.key: field.key for field in module.fields}
    return {owners[column]: pair[0] for (changes,) in found for column, pair in changes.items() if column in owners}


async def note(context: Context, module: Module[Any], id_: UUID | None, action: str, facts: Mapping[str, Any]) -> None:
    """Writes an event with its facts."""
    body = msgspec.json.encode(dict(facts)).decode()
    params = {"me": context.access.user, "module": module.key, "record": id_, "action": action, "facts": body}
    await context.session.execute(NOTE, {**params, **context.origin()})


def _hidden_columns(context: Context, module: Module[Any]) -> frozenset[str]:
    """What an event may name of fields that the reader may not see: the field, or any of its columns."""
    hidden = context.access.hidden(module.key)
    fields = (field for field in module.fields if field.key in hidden)
    return hidden | {column.name for field in fields for column in columns_of(field, module.key)}


def _entry(row: tuple[Any, ...], hidden: frozenset[str]) -> HistoryEntry:
    id_, at, actor, name, action, source, request_id, changes = row
    fields = tuple(_change(key, value) for key, value in changes.items() if key not in hidden)
    return HistoryEntry(id_, at, Ref("users", actor, name or "") if actor else None, action, source, request_id, fields)


def _change(key: str, value: Any) -> FieldChange:
    if isinstance(value, list) and len(value) in (2, 4):  # type: ignore[arg-type]
        old, new = value[-2:] if len(value) == 4 else value  # type: ignore[misc]
        return FieldChange(key, old, new)
    return FieldChange(key, None, value)
