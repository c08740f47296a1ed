"""The product's roles in a tenant: put there when it opens, and given what later releases bring."""

from typing import Any
from uuid import UUID

import msgspec

from crm_domain.access.shipped import SHIPPED_ROLES
from crm_domain.messages.catalogue import Catalogue
from crm_storage.database import Session

OFFERED = "offered_rights"
"""The tenant's setting: every right its shipped roles were given once, modules by their keys, special ones behind a `!`.
What is named here is the administrator's to give and to take away."""
ADD = """
INSERT INTO role (name, shipped, grants, specials)
VALUES (%(name)s, %(key)s, %(grants)s::jsonb, %(specials)s) RETURNING id
"""
RIGHTS = """
shipped AS (
  SELECT * FROM jsonb_to_recordset(%(shipped)s::jsonb) AS s (key text, grants jsonb, specials text[])
), brought AS (
  SELECT jsonb_object_keys(grants) AS name FROM shipped UNION SELECT '!' || unnest(specials) FROM shipped
)
"""
NOTED = f"""
INSERT INTO setting (key, value) SELECT '{OFFERED}', jsonb_agg(name ORDER BY name) FROM brought
ON CONFLICT (key) DO UPDATE SET value = excluded.value
"""
NOTE = f"WITH {RIGHTS} {NOTED}"
OPENED = f"""
SELECT coalesce(first.before -> 'grants', r.grants) AS grants,
  coalesce(first.before -> 'specials', to_jsonb(r.specials)) AS specials
FROM role r LEFT JOIN LATERAL (
  SELECT e.changes -> 'before' AS before FROM audit_event e
  WHERE e.record_id = r.id AND e.module = 'roles' AND e.action = 'update' ORDER BY e.at, e.id LIMIT 1
) first ON true
WHERE r.shipped IS NOT NULL AND NOT EXISTS (SELECT FROM setting WHERE key = '{OFFERED}')
"""
"""The shipped roles as they were before anybody changed them: what a tenant was offered that opened before this was noted."""
GIVE = f"""
WITH {RIGHTS}, opened AS ({OPENED}), offered AS (
  SELECT jsonb_array_elements_text(value) AS name FROM setting WHERE key = '{OFFERED}'
  UNION SELECT jsonb_object_keys(grants) FROM opened
  UNION SELECT '!' || jsonb_array_elements_text(specials) FROM opened
), fresh AS (
  SELECT key,
    (SELECT coalesce(jsonb_object_agg(g.key, g.value), '{{}}') FROM jsonb_each(grants) g
      WHERE g.key NOT IN (SELECT name FROM offered)) AS grants,
    ARRAY(SELECT s FROM unnest(specials) s WHERE '!' || s NOT IN (SELECT name FROM offered)) AS specials
  FROM shipped
), given AS (
  UPDATE role r SET grants = f.grants || r.grants, version = r.version + 1,
    specials = r.specials || ARRAY(SELECT unnest(f.specials) EXCEPT SELECT unnest(r.specials) ORDER BY 1)
  FROM fresh f
  WHERE r.shipped = f.key AND NOT (r.grants ?& ARRAY(SELECT jsonb_object_keys(f.grants)) AND r.specials @> f.specials)
  RETURNING r.id, r.name, r.fields, r.version, old.grants AS had, new.grants AS has,
    old.specials AS could, new.specials AS can
), told AS (
  INSERT INTO audit_event (source, request_id, module, record_id, action, version, changes)
  SELECT 'upgrade', '', 'roles', id, 'update', version, jsonb_build_object(
    'before', jsonb_build_object('name', name, 'grants', had, 'specials', could, 'fields', fields),
    'after', jsonb_build_object('name', name, 'grants', has, 'specials', can, 'fields', fields)
  ) FROM given
)
{NOTED}
"""
"""Gives shipped roles their rights on what they were never offered; what a role says of it already stays. It runs as the tenant's
role and ends every migration: new modules come with one."""


def shipped_rights() -> dict[str, Any]:
    """What NOTE and GIVE ask for: the rights of the product's roles as of today."""
    return {"shipped": msgspec.json.encode(SHIPPED_ROLES).decode()}


async def add_shipped_roles(session: Session, words: Catalogue) -> dict[str, UUID]:
    """Puts the product's roles into a new tenant; their ids by their keys. Does not commit."""
    made: dict[str, UUID] = {}
    for role in SHIPPED_ROLES:
        facts = {
            "key": role.key,
            "name": words.text(f"roles.shipped.{role.key}"),
            "grants": msgspec.json.encode(role.grants).decode(),
            "specials": sorted(role.specials),
        }
        [(made[role.key],)] = await session.rows(ADD, facts)
    await session.execute(NOTE, shipped_rights())
    return made
