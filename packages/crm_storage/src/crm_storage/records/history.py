"""The history of a record, and events that are no change of fields."""

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

import msgspec

from crm_domain.definition import Module, Ref
from crm_domain.definition.kinds import Kind
from crm_domain.ports import FieldChange, HistoryEntry, HistoryQuestion
from crm_storage.columns import columns_of
from crm_storage.records.context import Context
from crm_storage.records.shown import USER, naming_params

READ = f"""
SELECT e.id, e.at, e.actor_id, {USER}, e.action, e.source, e.request_id, concat_ws(' · ', e.support, e.address), e.changes
FROM audit_event e LEFT JOIN users u ON u.id = e.actor_id
WHERE e.record_id = %(record)s AND e.module = %(module)s
AND (%(before)s::uuid IS NULL OR (e.at, e.id) < (SELECT b.at, b.id FROM audit_event b WHERE b.id = %(before)s AND b.record_id = %(record)s))
AND (%(columns)s::text[] IS NULL OR e.changes ?| %(columns)s) AND (%(actor)s::uuid IS NULL OR e.actor_id = %(actor)s)
AND e.at >= coalesce(%(since)s::timestamptz, '-infinity') AND e.at < coalesce(%(until)s::timestamptz, 'infinity')
ORDER BY e.at DESC, e.id DESC LIMIT %(limit)s
"""
WHO = f"""
SELECT u.id, {USER} FROM users u
WHERE u.id IN (SELECT e.actor_id FROM audit_event e WHERE e.record_id = %(record)s AND e.module = %(module)s)
ORDER BY u.sort_key, u.id
"""
SINCE = """
SELECT changes FROM audit_event WHERE record_id = %(record)s AND module = %(module)s AND version > %(version)s ORDER BY version DESC
"""
NOTE = """
INSERT INTO audit_event (actor_id, source, request_id, module, record_id, action, changes)
VALUES (%(me)s, %(source)s, %(request_id)s, %(module)s, %(record)s, %(action)s, %(facts)s::jsonb)
"""


async def history(
    context: Context, module: Module[Any], id_: UUID, question: HistoryQuestion, *, limit: int
) -> list[HistoryEntry]:
    """Newest first. Fields the reader may not see are left out; the right to read history is the use case's to check."""
    hidden = context.access.hidden(module.key)
    field = module.by_key.get(question.field)
    if field and field.key in hidden:
        return []
    facts = {
        "record": id_,
        "module": module.key,
        "before": question.before,
        "columns": list(_names(module, field)) if field else None,
        "actor": question.actor,
        "since": question.since,
        "until": question.until,
        "limit": limit,
    }
    unseen = frozenset(name for field in module.fields if field.key in hidden for name in _names(module, field))
    return [
        entry_of(row, unseen) for row in await context.session.rows(READ, {**facts, **naming_params(context.naming)})
    ]


async def historians(context: Context, module: Module[Any], id_: UUID) -> list[Ref]:
    """The users who have done something to a record, by name."""
    facts = {"record": id_, "module": module.key, **naming_params(context.naming)}
    found = await context.session.rows(WHO, facts)
    return [Ref("users", user, name) for user, name in found]


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


def _names(module: Module[Any], field: Kind) -> frozenset[str]:
    """What an event may call a field: by its key, or by any of its columns."""
    return frozenset({field.key, *(column.name for column in columns_of(field, module.key))})


def entry_of(row: tuple[Any, ...], hidden: frozenset[str] = frozenset()) -> HistoryEntry:
    """An event as it was read, without what it says of hidden fields."""
    id_, at, actor, name, action, source, request_id, address, changes = row
    fields = tuple(_change(key, value) for key, value in changes.items() if key not in hidden)
    who = Ref("users", actor, name or "") if actor else None
    return HistoryEntry(id_, at, who, action, source, request_id, address, fields)


def _change(key: str, value: Any) -> FieldChange:
    kept = cast("list[Any]", value) if isinstance(value, list) else []
    if len(kept) not in (2, 4):
        return FieldChange(key, None, value)
    old, new = kept[-2:]
    return FieldChange(key, old, new)
