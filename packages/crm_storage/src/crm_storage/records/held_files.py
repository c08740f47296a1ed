"""Which records hold which files, kept in step with every write; who may see such a record may open its files (SEC-39)."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from crm_domain.definition import Blob, Module, kinds
from crm_domain.definition.kinds import Kind
from crm_storage.records import reads
from crm_storage.records.context import Context

HOLDERS = (kinds.File, kinds.Files, kinds.Image, kinds.RichText)
IN_TEXT = re.compile(r'src="/files/([0-9a-f]{48})/')
MOST_IN_TEXT = 200
FOUND = """
SELECT b.key, b.name, b.media_type, b.size, b.pictured, b.created_by, l.module, l.record_id, l.field
FROM blob b LEFT JOIN blob_link l ON l.key = b.key
WHERE b.key = ANY(%(keys)s) AND b.state = 'stored'
"""
LET_GO = "DELETE FROM blob_link WHERE record_id = ANY(%(ids)s) AND field = %(field)s AND NOT key = ANY(%(keys)s)"
HOLD = """
INSERT INTO blob_link (key, module, record_id, field)
SELECT b.key, %(module)s, r.id, %(field)s FROM unnest(%(ids)s::uuid[]) AS r (id)
JOIN (SELECT key FROM blob WHERE key = ANY(%(keys)s) AND state = 'stored' FOR SHARE) b ON true
ON CONFLICT DO NOTHING
"""


async def openable(context: Context, keys: Sequence[str]) -> Mapping[str, Blob]:
    """Those of the files that the actor may open: nobody's yet but sent by him, or held by a record and field he may see."""
    blobs: dict[str, Blob] = {}
    holders: dict[str, list[tuple[str, UUID, str]]] = {}
    for *facts, sender, module, record, field in await context.session.rows(FOUND, {"keys": list(keys)}):
        blob = Blob(*facts)
        key = blob.key
        blobs[key] = blob
        if module is not None:
            holders.setdefault(key, []).append((module, record, field))
        elif sender == context.access.user:
            holders[key] = []
    seen = await _visible(context, {holder for found in holders.values() for holder in found})
    return {key: blobs[key] for key, found in holders.items() if not found or any(holder in seen for holder in found)}


async def hold(context: Context, module: Module[Any], ids: Sequence[UUID], field: Kind, value: Any) -> None:
    """Keeps in step what the records hold in a field that was written with this value."""
    keys = _keys(field, value)
    if keys and isinstance(field, kinds.RichText):
        keys = tuple(await openable(context, keys))
    facts = {"module": module.key, "ids": list(ids), "field": field.key, "keys": list(keys)}
    await context.session.execute(LET_GO, facts)
    if keys:
        await context.session.execute(HOLD, facts)


def _keys(field: Kind, value: Any) -> tuple[str, ...]:
    match field:
        case kinds.RichText():
            return tuple(IN_TEXT.findall(value or ""))[:MOST_IN_TEXT]
        case kinds.Files():
            return tuple(blob.key for blob in value or ())
        case _:
            return (value.key,) if value else ()


async def _visible(context: Context, holders: set[tuple[str, UUID, str]]) -> set[tuple[str, UUID, str]]:
    """The holders within reach whose field the actor may read; one statement for each module."""
    seen: set[tuple[str, UUID, str]] = set()
    for key in {module for module, _, _ in holders}:
        module = context.registry.get(key)
        if module is None or not context.access.can(key, "view"):
            continue
        hidden = context.access.hidden(key)
        here = [holder for holder in holders if holder[0] == key and holder[2] not in hidden]
        rows = await reads.fetch(context, module, list({record for _, record, _ in here}), columns=("name",))
        found = {row.id for row in rows}
        seen |= {holder for holder in here if holder[1] in found}
    return seen
