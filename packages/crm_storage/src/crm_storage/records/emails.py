"""E-mail addresses of records: one registry per tenant, linked to whoever has them."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from crm_domain.definition import EmailEntry, Module
from crm_domain.definition.kinds import Emails
from crm_storage.records.context import Context

CURRENT = """
SELECT jsonb_agg(a.address ORDER BY l.position) FROM email_link l JOIN email_address a ON a.id = l.address_id
WHERE l.record_id = %(record)s
"""
REGISTER = """
INSERT INTO email_address (address, address_key, opted_out, invalid)
SELECT e.address, lower(e.address), e.opted_out, e.invalid
FROM unnest(%(addresses)s::text[], %(opted_out)s::bool[], %(invalid)s::bool[]) AS e (address, opted_out, invalid)
ON CONFLICT (address_key) DO UPDATE SET opted_out = excluded.opted_out, invalid = excluded.invalid
WHERE EXISTS (SELECT FROM email_link l WHERE l.record_id = %(record)s AND l.address_id = email_address.id)
   OR excluded.opted_out OR excluded.invalid
"""
"""An address that others have keeps its flags when it comes to a new record: only who already had it may clear them."""
FRESH = """
WITH given AS (
  SELECT record, address, lower(address) AS address_key, is_primary, opted_out, invalid, position
  FROM jsonb_to_recordset(%(entries)s::jsonb)
    AS e (record uuid, address text, is_primary bool, opted_out bool, invalid bool, position int)
), known AS (
  INSERT INTO email_address AS a (address, address_key, opted_out, invalid)
  SELECT min(address), address_key, bool_or(opted_out), bool_or(invalid) FROM given GROUP BY address_key
  ON CONFLICT (address_key) DO UPDATE SET
    opted_out = CASE WHEN excluded.opted_out OR excluded.invalid THEN excluded.opted_out ELSE a.opted_out END,
    invalid = CASE WHEN excluded.opted_out OR excluded.invalid THEN excluded.invalid ELSE a.invalid END
  RETURNING id, address_key
), linked AS (
  INSERT INTO email_link (module, record_id, address_id, is_primary, position)
  SELECT %(module)s, g.record, k.id, g.is_primary, g.position FROM given g JOIN known k USING (address_key)
)
INSERT INTO audit_event (actor_id, source, request_id, module, record_id, action, changes)
SELECT %(me)s, %(source)s, %(request_id)s, %(module)s, record, 'update',
  jsonb_build_object(%(key)s::text, jsonb_build_array(NULL, jsonb_agg(address ORDER BY position)))
FROM given GROUP BY record
"""
"""For records that are just made, in one go: they have no addresses yet, and clear nobody's flags."""
UNLINK = """
DELETE FROM email_link WHERE record_id = %(record)s
"""
LINK = """
INSERT INTO email_link (module, record_id, address_id, is_primary, position)
SELECT %(module)s, %(record)s, a.id, e.is_primary, e.position
FROM unnest(%(addresses)s::text[], %(primary)s::bool[]) WITH ORDINALITY AS e (address, is_primary, position)
JOIN email_address a ON a.address_key = lower(e.address)
"""
LOG = """
INSERT INTO audit_event (actor_id, source, request_id, module, record_id, action, changes)
VALUES (%(me)s, %(source)s, %(request_id)s, %(module)s, %(record)s, 'update', jsonb_build_object(%(key)s::text, %(pair)s::jsonb))
"""


async def write_new_emails(context: Context, module: Module[Any], given: Mapping[UUID, Sequence[EmailEntry]]) -> None:
    """The addresses of records that were just made. Flags go to the addresses, whoever else has them."""
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
    if entries:
        key = next(field.key for field in module.fields if isinstance(field, Emails))
        facts = {"entries": msgspec.json.encode(entries).decode(), "module": module.key, "key": key}
        await context.session.execute(FRESH, {**facts, "me": context.access.user, **context.origin()})


async def write_emails(
    context: Context, module: Module[Any], id_: UUID, field: Emails, entries: Sequence[EmailEntry]
) -> None:
    """Makes these the addresses of a record. Flags go to the addresses, whoever else has them."""
    session = context.session
    facts = {
        "module": module.key,
        "record": id_,
        "addresses": [entry.address for entry in entries],
        "primary": [entry.primary for entry in entries],
        "opted_out": [entry.opted_out for entry in entries],
        "invalid": [entry.invalid for entry in entries],
    }
    origin = {"me": context.access.user, "key": field.key, **context.origin()}
    before = await session.one(CURRENT, {"record": id_})
    if entries:
        await session.execute(REGISTER, facts)
    await session.execute(UNLINK, facts)
    if entries:
        await session.execute(LINK, facts)
    old = before[0] if before else None
    if (old or []) != facts["addresses"]:
        pair = msgspec.json.encode([old, facts["addresses"] or None]).decode()
        await session.execute(LOG, {**facts, **origin, "pair": pair})
