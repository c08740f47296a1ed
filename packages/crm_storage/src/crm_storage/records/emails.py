"""E-mail addresses of records: one registry per tenant, linked to whoever has them."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from crm_domain.definition import EmailEntry, Module
from crm_domain.definition.kinds import Emails
from crm_storage.records.context import Context

CURRENT = """
SELECT l.record_id, array_agg(a.address ORDER BY l.position) FROM email_link l JOIN email_address a ON a.id = l.address_id
WHERE l.record_id = ANY(%(records)s) GROUP BY l.record_id
"""
LINK = """
WITH given AS (
  SELECT record, address, lower(address) AS address_key, is_primary, opted_out, invalid, position
  FROM jsonb_to_recordset(%(entries)s::jsonb)
    AS e (record uuid, address text, is_primary bool, opted_out bool, invalid bool, position int)
), known AS (
  INSERT INTO email_address AS a (address, address_key, opted_out, opted_out_at, opted_out_source, invalid, invalid_at)
  SELECT min(address), address_key, bool_or(opted_out), CASE WHEN bool_or(opted_out) THEN now() END,
    CASE WHEN bool_or(opted_out) THEN 'staff' END, bool_or(invalid), CASE WHEN bool_or(invalid) THEN now() END
  FROM given GROUP BY address_key
  ON CONFLICT (address_key) DO UPDATE SET
    opted_out = a.opted_out OR excluded.opted_out, opted_out_at = coalesce(a.opted_out_at, excluded.opted_out_at),
    opted_out_source = coalesce(a.opted_out_source, excluded.opted_out_source),
    invalid = a.invalid OR excluded.invalid, invalid_at = coalesce(a.invalid_at, excluded.invalid_at)
  RETURNING id, a.address_key, a.opted_out AND NOT coalesce(old.opted_out, false) AS left_now,
    a.invalid AND NOT coalesce(old.invalid, false) AS dead_now
), noted AS (
  INSERT INTO consent_log (address_id, old, new, source, actor_id)
  SELECT id, 'none', CASE WHEN left_now THEN 'opted_out' ELSE 'invalid' END, 'staff', %(me)s FROM known WHERE left_now OR dead_now
)
INSERT INTO email_link (module, record_id, address_id, is_primary, position)
SELECT %(module)s, g.record, k.id, g.is_primary, g.position FROM given g JOIN known k USING (address_key)
"""
"""For records without addresses. Flags are only ever set here: an import, a program or a form that was opened before somebody
opted out knows nothing of it and must not take it back."""
UNLINK = "DELETE FROM email_link WHERE record_id = ANY(%(records)s)"
Addresses = Mapping[UUID, Sequence[EmailEntry]]
"""By record; a record that is to have none has an empty row."""


async def told(
    context: Context, module: Module[Any], records: Sequence[tuple[UUID, Mapping[str, Any]]], *, new: bool
) -> dict[UUID, Any]:
    """What the history tells of the addresses of records, by those whose addresses change."""
    field = next((field for field in module.fields if isinstance(field, Emails)), None)
    given = {id_: values[field.key] for id_, values in records if field.key in values} if field else {}
    if not field or not given:
        return {}
    before = {} if new else dict(await context.session.rows(CURRENT, {"records": list(given)}))
    pairs = {
        id_: [before.get(id_), [entry.address for entry in entries or ()] or None] for id_, entries in given.items()
    }
    return {id_: {field.key: pair} for id_, pair in pairs.items() if pair[0] != pair[1]}


async def write_new_emails(context: Context, module: Module[Any], given: Addresses) -> None:
    """The addresses of records that were just made. Flags go to the addresses, whoever else has them."""
    await context.session.execute(LINK, _facts(context, module, given))


async def write_emails(context: Context, module: Module[Any], given: Addresses) -> None:
    """Makes these the addresses of the records. Flags go to the addresses, whoever else has them."""
    facts = _facts(context, module, given)
    await context.session.execute(UNLINK, facts)
    await context.session.execute(LINK, facts)


def _facts(context: Context, module: Module[Any], given: Addresses) -> dict[str, Any]:
    entries = [
        {
            "record": id_,
            "address": entry.address,
            "is_primary": entry.primary,
            "opted_out": entry.opted_out,
            "invalid": entry.invalid,
            "position": position,
        }
        for id_, found in given.items()
        for position, entry in enumerate(found, start=1)
    ]
    rows = msgspec.json.encode(entries).decode()
    return {"me": context.access.user, "module": module.key, "records": list(given), "entries": rows}
