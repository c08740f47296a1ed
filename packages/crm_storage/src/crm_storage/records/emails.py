"""E-mail addresses of records: one registry per tenant, linked to whoever has them."""

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
  SELECT * FROM unnest(%(addresses)s::text[], %(primary)s::bool[], %(opted_out)s::bool[], %(invalid)s::bool[])
    WITH ORDINALITY AS e (address, is_primary, opted_out, invalid, position)
), known AS (
  INSERT INTO email_address AS a (address, address_key, opted_out, invalid)
  SELECT address, lower(address), opted_out, invalid FROM given
  ON CONFLICT (address_key) DO UPDATE SET
    opted_out = CASE WHEN excluded.opted_out OR excluded.invalid THEN excluded.opted_out ELSE a.opted_out END,
    invalid = CASE WHEN excluded.opted_out OR excluded.invalid THEN excluded.invalid ELSE a.invalid END
  RETURNING id, address_key
), linked AS (
  INSERT INTO email_link (module, record_id, address_id, is_primary, position)
  SELECT %(module)s, %(record)s, k.id, g.is_primary, g.position FROM given g JOIN known k ON k.address_key = lower(g.address)
)
INSERT INTO audit_event (actor_id, source, request_id, module, record_id, action, changes)
VALUES (%(me)s, %(source)s, %(request_id)s, %(module)s, %(record)s, 'update', jsonb_build_object(%(key)s::text, %(pair)s::jsonb))
"""
"""The same for a record that is just made, in one go: it has no addresses yet, and clears nobody's flags."""
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


async def write_emails(
    context: Context, module: Module[Any], id_: UUID, field: Emails, entries: tuple[EmailEntry, ...], *, fresh: bool
) -> None:
    """Makes these the addresses of a record, `fresh` where it was just made. Flags go to the addresses, whoever else has them."""
    session = context.session
    if fresh and not entries:
        return
    facts = {
        "module": module.key,
        "record": id_,
        "addresses": [entry.address for entry in entries],
        "primary": [entry.primary for entry in entries],
        "opted_out": [entry.opted_out for entry in entries],
        "invalid": [entry.invalid for entry in entries],
    }
    origin = {"me": context.access.user, "source": context.source, "request_id": context.request_id, "key": field.key}
    if fresh:
        pair = msgspec.json.encode([None, facts["addresses"]]).decode()
        await session.execute(FRESH, {**facts, **origin, "pair": pair})
        return
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
