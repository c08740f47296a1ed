"""E-mail addresses of records: one registry per tenant, linked to whoever has them."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from crm_domain.definition import EmailEntry, Module
from crm_domain.definition.kinds import Emails
from crm_storage.records.context import Context

ENTRIES = """
given AS (
  SELECT record, address, lower(address) AS address_key, is_primary, opted_out, invalid, position
  FROM jsonb_to_recordset(%(entries)s::jsonb)
    AS e (record uuid, address text, is_primary bool, opted_out bool, invalid bool, position int)
)
"""
CURRENT = """
SELECT l.record_id, array_agg(a.address ORDER BY l.position) FROM email_link l JOIN email_address a ON a.id = l.address_id
WHERE l.record_id = ANY(%(records)s) GROUP BY l.record_id
"""
REGISTER = f"""
WITH {ENTRIES}
INSERT INTO email_address AS a (address, address_key, opted_out, invalid)
SELECT min(address), address_key, bool_or(opted_out), bool_or(invalid) FROM given GROUP BY address_key
ON CONFLICT (address_key) DO UPDATE SET opted_out = excluded.opted_out, invalid = excluded.invalid
WHERE excluded.opted_out OR excluded.invalid OR EXISTS (
  SELECT FROM email_link l JOIN given g ON g.record = l.record_id AND g.address_key = a.address_key WHERE l.address_id = a.id
)
"""
"""An address that others have keeps its flags when it comes to a record: only who already had it may clear them."""
FRESH = f"""
WITH {ENTRIES}, known AS (
  INSERT INTO email_address AS a (address, address_key, opted_out, invalid)
  SELECT min(address), address_key, bool_or(opted_out), bool_or(invalid) FROM given GROUP BY address_key
  ON CONFLICT (address_key) DO UPDATE SET
    opted_out = CASE WHEN excluded.opted_out OR excluded.invalid THEN excluded.opted_out ELSE a.opted_out END,
    invalid = CASE WHEN excluded.opted_out OR excluded.invalid THEN excluded.invalid ELSE a.invalid END
  RETURNING id, address_key
)
INSERT INTO email_link (module, record_id, address_id, is_primary, position)
SELECT %(module)s, g.record, k.id, g.is_primary, g.position FROM given g JOIN known k USING (address_key)
"""
"""For records that are just made, in one go: they have no addresses yet, and clear nobody's flags."""
UNLINK = "DELETE FROM email_link WHERE record_id = ANY(%(records)s)"
LINK = f"""
WITH {ENTRIES}
INSERT INTO email_link (module, record_id, address_id, is_primary, position)
SELECT %(module)s, g.record, a.id, g.is_primary, g.position FROM given g JOIN email_address a USING (address_key)
"""
LOG = """
INSERT INTO audit_event (actor_id, source, request_id, module, record_id, action, changes)
SELECT %(me)s, %(source)s, %(request_id)s, %(module)s, t.record, 'update', jsonb_build_object(%(key)s::text, t.pair)
FROM jsonb_to_recordset(%(told)s::jsonb) AS t (record uuid, pair jsonb)
"""
Addresses = Mapping[UUID, Sequence[EmailEntry]]
"""By record; a record that is to have none has an empty row."""


def told_new(module: Module[Any], records: Sequence[tuple[UUID, Mapping[str, Any]]]) -> dict[UUID, Any]:
    """What the history tells of the addresses of new records, by the records that have some."""
    field = _field(module)
    if field is None:
        return {}
    given = {id_: values.get(field.key) for id_, values in records}
    return {id_: {field.key: [None, _texts(entries)]} for id_, entries in given.items() if entries}


async def write_new_emails(context: Context, module: Module[Any], given: Addresses) -> None:
    """The addresses of records that were just made. Flags go to the addresses, whoever else has them."""
    await context.session.execute(FRESH, _facts(module, given))


async def write_emails(context: Context, module: Module[Any], given: Addresses) -> None:
    """Makes these the addresses of the records. Flags go to the addresses, whoever else has them."""
    session, facts = context.session, _facts(module, given)
    before = dict(await session.rows(CURRENT, facts))
    await session.execute(REGISTER, facts)
    await session.execute(UNLINK, facts)
    await session.execute(LINK, facts)
    field = _field(module)
    pairs = ((id_, [before.get(id_), _texts(entries) or None]) for id_, entries in given.items())
    told = [{"record": id_, "pair": pair} for id_, pair in pairs if pair[0] != pair[1]]
    if told and field:
        origin = {"me": context.access.user, "key": field.key, **context.origin()}
        await session.execute(LOG, {**facts, **origin, "told": msgspec.json.encode(told).decode()})


def _field(module: Module[Any]) -> Emails | None:
    return next((field for field in module.fields if isinstance(field, Emails)), None)


def _texts(entries: Sequence[EmailEntry]) -> list[str]:
    return [entry.address for entry in entries]


def _facts(module: Module[Any], given: Addresses) -> dict[str, Any]:
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
    return {"module": module.key, "records": list(given), "entries": msgspec.json.encode(entries).decode()}
