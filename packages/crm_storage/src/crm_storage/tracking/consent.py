"""What recipients wish about mail, applied to their addresses: leaving, coming back, choosing, pausing (REL-10, REL-15)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

import msgspec

from crm_domain.tracking.events import Act
from crm_storage.database import Session
from crm_storage.tracking.confirm import confirm
from crm_storage.tracking.fold import Entry, enter

LEAVE = """
WITH asked AS (
  SELECT q.campaign_id, q.marketing_id, q.address_id, q.module, q.record_id, w.at, w.said,
    c.campaign_type = 'newsletter' AND w.said <> 'all' AS only_this
  FROM unnest(%(messages)s::bigint[], %(said)s::text[], %(times)s::timestamptz[]) AS w (message, said, at)
    JOIN email_queue q ON q.id = w.message JOIN campaigns c ON c.id = q.campaign_id
  WHERE NOT q.is_test
), from_this AS (
  INSERT INTO newsletter_optout (campaign_id, address_id, marketing_id, source, at)
  SELECT DISTINCT ON (campaign_id, address_id) campaign_id, address_id, marketing_id, 'recipient', at FROM asked
  WHERE only_this ORDER BY campaign_id, address_id, at
  ON CONFLICT DO NOTHING RETURNING campaign_id, address_id
), from_all AS (
  UPDATE email_address a SET opted_out = true, opted_out_at = s.at, opted_out_source = 'recipient', optin_state = 'none'
  FROM (SELECT address_id, min(at) AS at FROM asked WHERE NOT only_this GROUP BY address_id) s
  WHERE a.id = s.address_id AND NOT a.opted_out RETURNING a.id
), noted AS (
  INSERT INTO consent_log (address_id, campaign_id, old, new, source, at, evidence)
  SELECT DISTINCT ON (k.address_id, k.campaign_id) k.address_id, k.campaign_id, 'subscribed', 'opted_out', 'recipient', k.at,
    jsonb_build_object('way', k.said)
  FROM asked k WHERE (k.campaign_id, k.address_id) IN (SELECT campaign_id, address_id FROM from_this)
    OR k.address_id IN (SELECT id FROM from_all)
), listed AS (
  INSERT INTO target_list_member (left_id, right_id, module)
  SELECT DISTINCT l.id, k.record_id, k.module FROM asked k
    JOIN target_lists l ON l.newsletter = k.campaign_id AND l.purpose = 'unsubscription' AND l.deleted_at IS NULL
  WHERE k.only_this ON CONFLICT DO NOTHING RETURNING left_id
)
UPDATE target_lists l SET entry_count = coalesce(l.entry_count, 0) + n.number
FROM (SELECT left_id, count(*) AS number FROM listed GROUP BY left_id) n WHERE l.id = n.left_id
"""
"""A newsletter's reader leaves the newsletter, everybody else the tenant's mail. Tests change nothing."""
WHO = """
SELECT q.campaign_id, q.address_id, q.marketing_id FROM email_queue q WHERE q.id = %(message)s AND NOT q.is_test
"""
RETURN = """
WITH gone AS (
  DELETE FROM newsletter_optout WHERE address_id = %(address)s AND campaign_id = ANY (%(campaigns)s) RETURNING campaign_id
), unlisted AS (
  DELETE FROM target_list_member m USING target_lists l, email_link e
  WHERE l.newsletter = ANY (%(campaigns)s) AND l.purpose = 'unsubscription' AND m.left_id = l.id
    AND e.address_id = %(address)s AND m.right_id = e.record_id RETURNING m.left_id
), counted AS (
  UPDATE target_lists l SET entry_count = greatest(0, l.entry_count - n.number)
  FROM (SELECT left_id, count(*) AS number FROM unlisted GROUP BY left_id) n WHERE l.id = n.left_id
)
INSERT INTO consent_log (address_id, campaign_id, old, new, source, at)
SELECT %(address)s, campaign_id, 'opted_out', 'opt_in', 'recipient', %(at)s FROM gone
"""
WELCOME = """
WITH back AS (
  UPDATE email_address SET opted_out = false, opted_out_at = NULL, opted_out_source = NULL, optin_state = 'opt_in', optin_at = %(at)s
  WHERE id = %(address)s AND opted_out RETURNING id
)
INSERT INTO consent_log (address_id, old, new, source, at) SELECT id, 'opted_out', 'opt_in', 'recipient', %(at)s FROM back
"""
DROP = """
WITH asked AS (
  INSERT INTO newsletter_optout (campaign_id, address_id, source, at)
  SELECT id, %(address)s, 'recipient', %(at)s FROM campaigns WHERE id = ANY (%(campaigns)s) AND campaign_type = 'newsletter'
  ON CONFLICT DO NOTHING RETURNING campaign_id
), listed AS (
  INSERT INTO target_list_member (left_id, right_id, module)
  SELECT DISTINCT u.id, m.right_id, m.module FROM asked k
    JOIN target_lists s ON s.newsletter = k.campaign_id AND s.purpose = 'subscription'
    JOIN email_link e ON e.address_id = %(address)s AND e.is_primary
    JOIN target_list_member m ON m.left_id = s.id AND m.right_id = e.record_id
    JOIN target_lists u ON u.newsletter = k.campaign_id AND u.purpose = 'unsubscription' AND u.deleted_at IS NULL
  ON CONFLICT DO NOTHING RETURNING left_id
), counted AS (
  UPDATE target_lists l SET entry_count = coalesce(l.entry_count, 0) + n.number
  FROM (SELECT left_id, count(*) AS number FROM listed GROUP BY left_id) n WHERE l.id = n.left_id
)
INSERT INTO consent_log (address_id, campaign_id, old, new, source, at)
SELECT %(address)s, campaign_id, 'subscribed', 'opted_out', 'recipient', %(at)s FROM asked
"""
PAUSE = """
INSERT INTO suppression (kind, value, reason, expires_at, paused_until)
SELECT 'address', address_key, 'pause', %(until)s, %(until)s FROM email_address WHERE id = %(address)s
ON CONFLICT (kind, value) DO UPDATE SET paused_until = greatest(suppression.paused_until, excluded.paused_until), expires_at =
  CASE WHEN suppression.expires_at IS NOT NULL THEN greatest(suppression.expires_at, excluded.expires_at) END
"""
REASON = """
UPDATE campaign_log SET reason = %(said)s WHERE message = %(message)s AND activity = 'removed' AND link = 0
"""


class Wish(msgspec.Struct, frozen=True):
    """What a recipient chose on a page, or his mail program's button."""

    act: Act
    message: int
    said: str
    at: datetime
    test: bool = False


class Choice(msgspec.Struct, frozen=True):
    """What the page of preferences says."""

    on: tuple[UUID, ...] = ()
    off: tuple[UUID, ...] = ()
    other: bool | None = None
    pause: int = 0


async def apply_wishes(session: Session, wishes: Sequence[Wish]) -> None:
    """Applies them in their order; from the commit on nothing is sent against them. Wishes of test mails do nothing."""
    for act, group in groupby((wish for wish in wishes if not wish.test), key=lambda wish: wish.act):
        if act is Act.OPT_OUT:
            await leave(session, list(group))
            continue
        for wish in group:
            match act:
                case Act.RETURN:
                    await _come_back(session, wish)
                case Act.PREFERENCES:
                    await _choose(session, wish)
                case Act.CONFIRM:
                    await confirm(session, wish.message, wish.at)
                case Act.REASON:
                    await session.execute(REASON, {"message": wish.message, "said": wish.said[:40]})
                case _:
                    continue


async def leave(session: Session, wishes: Sequence[Wish]) -> None:
    """Takes these people off, all at once, and logs who was taken off by which mail."""
    facts = {
        "messages": [wish.message for wish in wishes],
        "said": [wish.said for wish in wishes],
        "times": [wish.at for wish in wishes],
    }
    await session.execute(LEAVE, facts)
    first = {wish.message: wish for wish in reversed(wishes)}
    await enter(session, *(Entry(wish.message, "removed", wish.at) for wish in first.values()))


async def _come_back(session: Session, wish: Wish) -> None:
    if who := await session.one(WHO, {"message": wish.message}):
        facts = {"address": who[1], "campaigns": [who[0]], "at": wish.at}
        await session.execute(RETURN, facts)
        await session.execute(WELCOME, facts)
        await enter(session, Entry(wish.message, "resubscribed", wish.at))


async def _choose(session: Session, wish: Wish) -> None:
    who = await session.one(WHO, {"message": wish.message})
    try:
        choice = msgspec.json.decode(wish.said, type=Choice)
    except msgspec.DecodeError:
        return
    if who is None:
        return
    facts: dict[str, Any] = {"address": who[1], "at": wish.at}
    if choice.pause:
        await session.execute(PAUSE, {**facts, "until": wish.at + timedelta(days=min(choice.pause, 365))})
        return
    await session.execute(RETURN, {**facts, "campaigns": list(choice.on)})
    await session.execute(DROP, {**facts, "campaigns": list(choice.off)})
    if choice.other is True:
        await session.execute(WELCOME, facts)
    elif choice.other is False:
        await leave(session, [msgspec.structs.replace(wish, said="all")])
