"""From a marketing record to a run: what stands against it, what is frozen, who will get it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from crm_domain.problems import Refused
from crm_domain.sending.audience import AudienceReport
from crm_domain.sending.letter import Occasion, Sender
from crm_domain.sending.plain import links_of
from crm_domain.sending.plan import EXPIRY_HOURS, RELAY, Plan
from crm_storage.database import Session
from crm_storage.outbox import put
from crm_storage.sending import states
from crm_storage.sending.draft import Draft, House, RunKind, obstacles, read, with_files
from crm_storage.sending.fill import Filling, freeze_lists, look
from crm_storage.tracking.links import TELL

VERSION = """
WITH same AS (SELECT id FROM template_version WHERE template_id = %(template)s AND body = %(body)s::jsonb LIMIT 1),
made AS (
  INSERT INTO template_version (template_id, number, body, created_by)
  SELECT %(template)s, coalesce((SELECT max(number) FROM template_version WHERE template_id = %(template)s), 0) + 1,
    %(body)s::jsonb, %(by)s WHERE NOT EXISTS (SELECT FROM same) RETURNING id
)
SELECT id FROM same UNION ALL SELECT id FROM made
"""
LINKS = "SELECT url, number FROM link WHERE marketing_id = %(marketing)s AND version_id = %(version)s"
LOCK_LINKS = "LOCK TABLE link IN SHARE ROW EXCLUSIVE MODE"
NEW_LINKS = """
INSERT INTO link (number, marketing_id, version_id, position, url, tracker)
SELECT (SELECT coalesce(max(number), 0) FROM link) + row_number() OVER (ORDER BY g.position), %(marketing)s, %(version)s,
  g.position, g.url, g.tracker
FROM unnest(%(positions)s::int[], %(urls)s::text[], %(trackers)s::text[]) AS g (position, url, tracker)
RETURNING url, number
"""
NEW_RUN = """
INSERT INTO mkt_run (marketing_id, campaign_id, kind, state, scheduled_for, expires_at, template_version_id, settings, created_by)
VALUES (%(marketing)s, %(campaign)s, %(kind)s, 'scheduled', %(start)s, %(expires)s, %(version)s, %(plan)s::jsonb, %(by)s)
RETURNING id
"""
SHOWN = "UPDATE email_marketing SET run_state = 'scheduled' WHERE id = %(marketing)s"
NOTE = """
INSERT INTO audit_event (actor_id, source, request_id, module, record_id, action, changes)
VALUES (%(by)s, 'web', '', 'email_marketing', %(marketing)s, %(action)s, '{}')
"""


async def schedule(
    session: Session,
    house: House,
    marketing: UUID,
    *,
    kind: RunKind,
    by: UUID,
    now: datetime,
) -> UUID:
    """Freezes a marketing record into a new run; the caller commits. Raises NotFound, or Refused with the first obstacle.

    A live run starts at the record's time, a trial at once. When the record was sent before, only those get it who have
    not yet (top-up).
    """
    draft = await read(session, marketing, kind)
    found = obstacles(house, draft, kind, now)
    if found:
        raise Refused(found[0].id, **found[0].facts)
    draft = await with_files(house, draft)
    version = await _version(session, draft, by)
    plan = await _plan(session, house, draft, kind, version)
    start = now if kind == "test" else max(draft.facts["starts_at"], now)
    params = {
        "marketing": marketing,
        "campaign": draft.facts["campaign"],
        "kind": kind,
        "start": start,
        "expires": start + timedelta(hours=EXPIRY_HOURS),
        "version": version,
        "plan": msgspec.json.encode(plan).decode(),
        "by": by,
    }
    row = await session.one(NEW_RUN, params)
    assert row is not None
    await freeze_lists(session, filling_of(row[0], marketing, plan))
    if kind == "live":
        await session.execute(SHOWN, {"marketing": marketing})
    await session.execute(NOTE, {"by": by, "marketing": marketing, "action": f"schedule_{kind}"})
    await states.wake(session)
    return row[0]


async def preview(
    session: Session, house: House, marketing: UUID, *, kind: RunKind, by: UUID, now: datetime
) -> AudienceReport:
    """Whom it would reach and why others not: by scheduling it, looking, and leaving no trace (rolls the session back)."""
    draft = await read(session, marketing, kind)
    try:
        if draft.facts["template"] is None:
            raise Refused("sending.no_template")
        version = await _version(session, draft, by)
        plan = Plan(account=RELAY, sender=_sender(draft), occasion=_occasion(house, draft, kind), **_whom(draft))
        params = {
            "marketing": marketing, "campaign": draft.facts["campaign"], "kind": "look", "start": now, "expires": now,
            "version": version, "plan": "{}", "by": by,
        }  # fmt: skip
        row = await session.one(NEW_RUN, params)
        assert row is not None
        filling = filling_of(row[0], marketing, plan)
        await freeze_lists(session, filling)
        return await look(session, filling)
    finally:
        await session.rollback()


def filling_of(run: UUID, marketing: UUID, plan: Plan) -> Filling:
    """The audience's conditions as the plan has them."""
    return Filling(
        run=run,
        marketing=marketing,
        campaign=UUID(plan.occasion.campaign),
        account=plan.account,
        test=plan.occasion.test,
        newsletter=plan.newsletter,
        all_lists=plan.all_lists,
        consent=plan.consent,
        most=plan.most,
        days=plan.days,
    )


async def _version(session: Session, draft: Draft, by: UUID) -> UUID:
    body = msgspec.json.encode(draft.letter).decode()
    row = await session.one(VERSION, {"template": draft.facts["template"], "body": body, "by": by})
    assert row is not None
    return row[0]


async def _plan(session: Session, house: House, draft: Draft, kind: RunKind, version: UUID) -> Plan:
    numbers = await _numbers(session, draft, version) if draft.facts["track_clicks"] else {}
    return Plan(
        account=draft.facts["account"] or RELAY,
        sender=_sender(draft),
        occasion=_occasion(house, draft, kind),
        trackers=draft.trackers,
        numbers=numbers,
        **_whom(draft),
    )


def _whom(draft: Draft) -> dict[str, Any]:
    facts = draft.facts
    return {
        **(facts["cap"] or {}),
        "newsletter": facts["campaign_type"] == "newsletter",
        "consent": facts["consent_policy"],
        "all_lists": bool(facts["all_lists"]),
    }


async def _numbers(session: Session, draft: Draft, version: UUID) -> dict[str, int]:
    """The links' numbers, given out once for a mailing and a template's version; the trackers are told."""
    where = {"marketing": draft.facts["marketing"], "version": version}
    found: Sequence[tuple[str, int]] = await session.rows(LINKS, where)
    links = links_of(draft.letter, draft.trackers)
    if found or not links:
        return dict(found)
    await session.execute(LOCK_LINKS)
    given = {
        "positions": [link.position for link in links],
        "urls": [link.url for link in links],
        "trackers": [link.tracker for link in links],
    }
    numbered = dict(await session.rows(NEW_LINKS, {**where, **given}))
    await put(session, TELL, {"marketing": str(where["marketing"]), "version": str(version)})
    return numbered


def _sender(draft: Draft) -> Sender:
    facts = draft.facts
    own = facts["own_return_path"]
    return Sender(
        from_name=facts["from_name"],
        from_address=facts["from_addr"],
        reply_to_name=facts["reply_to_name"],
        reply_to_address=facts["reply_to_addr"],
        bounce_domain=facts["return_domain"] if own else "",
        bounce_mailbox=facts["return_address"] if own else "",
    )


def _occasion(house: House, draft: Draft, kind: RunKind) -> Occasion:
    facts = draft.facts
    return Occasion(
        tenant=house.tenant,
        tenant_name=house.tenant_name,
        campaign=str(facts["campaign"]),
        campaign_name=facts["campaign_name"],
        campaign_type=facts["campaign_type"],
        tracker_url=house.tracker_url,
        track_opens=bool(facts["track_opens"]),
        track_clicks=bool(facts["track_clicks"]),
        test=kind == "test",
    )
