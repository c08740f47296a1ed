"""Who subscribes to which newsletter, and moving people between its lists. What counts for a mailing is `newsletter_optout`,
so that whoever is stored twice leaves and comes back once; the lists show it."""

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

import msgspec

from crm_storage.database import Session

State = Literal["subscribed", "unsubscribed", ""]
STANDING = """
SELECT c.id, CASE
  WHEN EXISTS (SELECT FROM newsletter_optout o JOIN email_link e ON e.address_id = o.address_id AND e.is_primary
      WHERE o.campaign_id = c.id AND e.record_id = %(record)s)
    OR EXISTS (SELECT FROM target_lists l JOIN target_list_member m ON m.left_id = l.id AND m.right_id = %(record)s
      WHERE l.newsletter = c.id AND l.purpose = 'unsubscription' AND l.deleted_at IS NULL) THEN 'unsubscribed'
  WHEN EXISTS (SELECT FROM target_lists l JOIN target_list_member m ON m.left_id = l.id AND m.right_id = %(record)s
      WHERE l.newsletter = c.id AND l.purpose = 'subscription' AND l.deleted_at IS NULL) THEN 'subscribed'
  ELSE '' END
FROM unnest(%(campaigns)s::uuid[]) AS c (id)
"""
ADDRESS = """
SELECT a.opted_out, a.invalid, a.optin_state FROM email_link e JOIN email_address a ON a.id = e.address_id
WHERE e.record_id = %(record)s AND e.is_primary
"""
OWN = "SELECT purpose, id FROM target_lists WHERE newsletter = %(campaign)s AND purpose IS NOT NULL AND deleted_at IS NULL"
PEOPLE = """
WITH people AS (
  SELECT DISTINCT id FROM unnest(%(records)s::uuid[]) AS p (id)
), addresses AS (
  SELECT DISTINCT e.address_id FROM people p JOIN email_link e ON e.record_id = p.id AND e.is_primary
)"""
COUNTED = """
, counted AS (
  UPDATE target_lists l SET entry_count = greatest(0, coalesce(l.entry_count, 0) + n.number)
  FROM (SELECT left_id, sum(step) AS number FROM moved GROUP BY left_id) n WHERE l.id = n.left_id
)
SELECT count(DISTINCT right_id) FROM moved
"""
SUBSCRIBE = f"""
{PEOPLE}, back AS (
  DELETE FROM newsletter_optout o USING addresses a WHERE o.campaign_id = %(campaign)s AND o.address_id = a.address_id
  RETURNING o.address_id
), noted AS (
  INSERT INTO consent_log (address_id, campaign_id, old, new, source, actor_id)
  SELECT address_id, %(campaign)s, 'opted_out', 'opt_in', 'staff', %(me)s FROM back
), alike AS (
  SELECT id FROM people UNION SELECT e.record_id FROM addresses a JOIN email_link e ON e.address_id = a.address_id AND e.is_primary
), unlisted AS (
  DELETE FROM target_list_member m USING target_lists l, alike x
  WHERE l.newsletter = %(campaign)s AND l.purpose = 'unsubscription' AND m.left_id = l.id AND m.right_id = x.id
  RETURNING m.left_id, m.right_id
), listed AS (
  INSERT INTO target_list_member (left_id, right_id, module, created_by)
  SELECT l.id, p.id, %(module)s, %(me)s FROM target_lists l, people p
  WHERE l.newsletter = %(campaign)s AND l.purpose = 'subscription' AND l.deleted_at IS NULL
  ON CONFLICT DO NOTHING RETURNING left_id, right_id
), moved AS (
  SELECT left_id, right_id, 1 AS step FROM listed UNION ALL SELECT left_id, right_id, -1 FROM unlisted
)
{COUNTED}"""
UNSUBSCRIBE = f"""
{PEOPLE}, gone AS (
  INSERT INTO newsletter_optout (campaign_id, address_id, source) SELECT %(campaign)s, address_id, 'staff' FROM addresses
  ON CONFLICT DO NOTHING RETURNING address_id
), noted AS (
  INSERT INTO consent_log (address_id, campaign_id, old, new, source, actor_id)
  SELECT address_id, %(campaign)s, 'subscribed', 'opted_out', 'staff', %(me)s FROM gone
), listed AS (
  INSERT INTO target_list_member (left_id, right_id, module, created_by)
  SELECT l.id, p.id, %(module)s, %(me)s FROM target_lists l, people p
  WHERE l.newsletter = %(campaign)s AND l.purpose = 'unsubscription' AND l.deleted_at IS NULL
  ON CONFLICT DO NOTHING RETURNING left_id, right_id
), moved AS (
  SELECT left_id, right_id, 1 AS step FROM listed
)
{COUNTED}"""


class Reachable(msgspec.Struct, frozen=True):
    """Whether marketing mail reaches a record's primary address at all."""

    has_address: bool
    opted_out: bool = False
    invalid: bool = False
    consent: str = "none"
    """How far its owner has agreed to mail."""


async def standing(session: Session, record: UUID, campaigns: Sequence[UUID]) -> dict[UUID, State]:
    """How a record stands to these newsletters; empty where it never had anything to do with one."""
    found: dict[UUID, State] = dict(await session.rows(STANDING, {"record": record, "campaigns": list(campaigns)}))
    return found


async def reachable(session: Session, record: UUID) -> Reachable:
    row = await session.one(ADDRESS, {"record": record})
    return (
        Reachable(has_address=True, opted_out=row[0], invalid=row[1], consent=row[2])
        if row
        else Reachable(has_address=False)
    )


async def own_lists(session: Session, campaign: UUID) -> dict[str, UUID]:
    """A newsletter's lists by their purpose, whoever may see them."""
    found: dict[str, UUID] = dict(await session.rows(OWN, {"campaign": campaign}))
    return found


async def move(session: Session, campaign: UUID, module: str, records: Sequence[UUID], *, on: bool, by: UUID) -> int:
    """Subscribes or unsubscribes records of one module; how many moved. Who unsubscribes stays in the list of subscribers.

    The caller has checked reach, and commits.
    """
    facts = {"campaign": campaign, "module": module, "records": list(records), "me": by}
    row = await session.one(SUBSCRIBE if on else UNSUBSCRIBE, facts)
    return row[0] if row else 0
