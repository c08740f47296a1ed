"""Reading who acts: one statement for each request, however many roles and teams there are."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from crm_domain.access.rights import Access, Role
from crm_domain.modules import REGISTRY
from crm_domain.people.actor import Actor, Support
from crm_domain.people.preferences import preferences_of
from crm_domain.people.sign_in_policy import KEY as POLICY
from crm_domain.people.sign_in_policy import SignInPolicy, policy_of
from crm_domain.query.searched import Searched
from crm_domain.text.business_hours import HOURS, hours_of
from crm_domain.text.workdays import Workdays
from crm_storage.database import Session
from crm_storage.people.revoke import SAME_STANDING

ROLE_COMBINATION = "role_combination"
LOCALE = "locale"
SEARCHED = "searched"
QUOTA_NEAR = "quota_near"
"""Keys of the tenant's settings: how several roles combine, the company's preferences, what the search box looks in, which
limits are nearly used up."""
IDLE = f"""
make_interval(mins => coalesce(
  (SELECT (value->>'idle_minutes')::int FROM setting WHERE key = '{POLICY}'), {SignInPolicy().idle_minutes}))
"""
FROM_SESSION = f"""
SELECT s.id, s.user_id, s.created_at AS since, CASE WHEN s.support_id IS NULL THEN s.created_at END AS proven_at,
  s.last_seen_at < now() - interval '1 minute' AS stale, NULL::text[] AS scopes, s.support_id
FROM session s
WHERE s.token_hash = %(token_hash)s AND s.expires_at > now()
  AND s.last_seen_at > now() - {IDLE}
"""
FROM_API = """
SELECT p.id, p.user_id, p.created_at AS since, NULL::timestamptz AS proven_at,
  coalesce(p.last_used_at < now() - interval '1 minute', true) AS stale, p.scopes, NULL::uuid AS support_id
FROM personal_token p
WHERE p.token_hash = %(token_hash)s AND (p.expires_at IS NULL OR p.expires_at > now())
"""
FROM_USER = """
SELECT w.id, w.id AS user_id, now() AS since, NULL::timestamptz AS proven_at, false AS stale, NULL::text[] AS scopes,
  NULL::uuid AS support_id
FROM users w WHERE w.id = %(user)s
"""
ACTOR = """
WITH RECURSIVE found AS ({found}),
me AS (
  SELECT f.*, u.user_name, u.name, u.user_type
  FROM found f JOIN users u ON u.id = f.user_id
  WHERE u.status = 'active' AND u.deleted_at IS NULL AND {standing}
),
tree (id, led) AS (
  SELECT t.id, m.is_leader
  FROM me JOIN team_member m ON m.user_id = me.user_id JOIN teams t ON t.id = m.team_id AND t.deleted_at IS NULL
  UNION
  SELECT t.id, true FROM tree JOIN teams t ON t.parent = tree.id AND t.deleted_at IS NULL WHERE tree.led
)
SELECT me.id AS session, me.user_id AS user, me.proven_at, me.stale, me.scopes, me.user_name, me.name, me.user_type,
  (SELECT a.address FROM email_link l JOIN email_address a ON a.id = l.address_id
   WHERE l.record_id = me.user_id AND l.module = 'users' AND l.is_primary LIMIT 1) AS email,
  coalesce((SELECT c.must_change FROM user_credential c WHERE c.user_id = me.user_id), false) AS must_change,
  EXISTS (SELECT FROM second_factor f WHERE f.user_id = me.user_id) AS has_factor,
  (SELECT p.body FROM preference p WHERE p.user_id = me.user_id) AS own,
  (SELECT jsonb_object_agg(s.key, s.value) FROM setting s
   WHERE s.key IN ('role_combination', 'locale', 'searched', 'quota_near', 'sign_in', 'business_hours')) AS settings,
  (SELECT jsonb_agg(jsonb_build_object('id', r.id, 'name', r.name, 'grants', r.grants, 'specials', r.specials,
      'fields', r.fields) ORDER BY r.name)
   FROM user_role ur JOIN role r ON r.id = ur.role_id WHERE ur.user_id = me.user_id) AS roles,
  ARRAY(SELECT DISTINCT tree.id FROM tree) AS teams,
  (SELECT c.iso4217 FROM currencies c WHERE c.is_base AND c.deleted_at IS NULL LIMIT 1) AS base_currency,
  (SELECT count(*) FROM notification n WHERE n.user_id = me.user_id AND n.read_at IS NULL) AS unread,
  EXISTS (SELECT FROM mailboxes b WHERE b.assigned_to = me.user_id AND b.mailbox_use = 'personal' AND b.active
    AND b.deleted_at IS NULL) AS writes_here,
  (SELECT jsonb_build_object('id', a.id, 'operator', a.operator, 'writes', a.writes, 'until', a.until)
   FROM support_access a WHERE a.id = me.support_id) AS support
FROM me
"""
STANDING = SAME_STANDING.format(since="f.since")
SESSION_ACTOR = ACTOR.format(found=FROM_SESSION, standing=STANDING)
TOKEN_ACTOR = ACTOR.format(found=FROM_API, standing=STANDING)
USER_ACTOR = ACTOR.format(found=FROM_USER, standing=STANDING)
SEEN = "UPDATE session SET last_seen_at = now() WHERE id = %(id)s AND last_seen_at < now() - interval '1 minute'"
USED = """
UPDATE personal_token SET last_used_at = now()
WHERE id = %(id)s AND coalesce(last_used_at < now() - interval '1 minute', true)
"""


class _Found(msgspec.Struct):
    """One row of ACTOR, in its order."""

    session: Any
    user: Any
    proven_at: Any
    stale: bool
    scopes: list[str] | None
    user_name: str
    name: str | None
    user_type: str
    email: str | None
    must_change: bool
    has_factor: bool
    own: dict[str, Any] | None
    settings: dict[str, Any] | None
    roles: list[dict[str, Any]] | None
    teams: list[Any]
    base_currency: str | None
    unread: int
    writes_here: bool
    support: dict[str, Any] | None


async def load_actor(session: Session, token_hash: bytes, *, used: bool = True) -> Actor | None:
    """Whose session that is, if it still counts and its user is active.

    First in a unit of work: noting that the session was used, once a minute, commits. Without `used` it is not noted: a page
    that asks by itself keeps no session from ending (SEC-31).
    """
    row = await session.one(SESSION_ACTOR, {"token_hash": token_hash})
    return await _actor(session, row, SEEN if used else "")


async def load_token_actor(session: Session, token_hash: bytes) -> Actor | None:
    """The same for a token of the API."""
    return await _actor(session, await session.one(TOKEN_ACTOR, {"token_hash": token_hash}), USED)


async def load_user_actor(session: Session, user: UUID) -> Actor | None:
    """An active user as the one who acts, without a session: for jobs he started, and to explain his rights."""
    return await _actor(session, await session.one(USER_ACTOR, {"user": user}), "")


def workdays_of(company: Mapping[str, Any], hours: Mapping[str, Any] | None) -> Workdays:
    """The company's days of work, by its preferences and the hours it settled."""
    locale = preferences_of(company, {}).locale
    return Workdays(locale, hours_of(hours, locale.calendar))


async def _actor(session: Session, row: tuple[Any, ...] | None, touch: str) -> Actor | None:
    if row is None:
        return None
    found = _Found(*row)
    if found.stale and touch:
        await session.execute(touch, {"id": found.session})
        await session.commit()
    settings = found.settings or {}
    company = settings.get(LOCALE, {})
    access = Access(
        user=found.user,
        admin=found.user_type == "administrator",
        teams=tuple(found.teams),
        roles=msgspec.convert(found.roles or [], tuple[Role, ...]),
        combination=settings.get(ROLE_COMBINATION, "most_permissive"),
        support=found.support is not None,
        wholes=REGISTRY.wholes,
        made_of=REGISTRY.made_of,
    )
    asked = policy_of(settings.get(POLICY)).asks(admin=access.admin, roles=[role.id for role in access.roles])
    return Actor(
        user=found.user,
        user_name=found.user_name,
        name=found.name or found.user_name,
        email=found.email or "",
        session=found.session,
        access=access,
        preferences=preferences_of(company, found.own or {}),
        workdays=workdays_of(company, settings.get(HOURS)),
        base_currency=found.base_currency or "",
        searched=msgspec.convert(settings.get(SEARCHED, {}), Searched),
        unread=found.unread,
        near=settings.get(QUOTA_NEAR, {}) if found.user_type == "administrator" else {},
        writes_here=found.writes_here,
        must_change_password=found.must_change and found.support is None,
        has_factor=found.has_factor,
        asked_for_factor=asked and found.support is None,
        proven_at=found.proven_at,
        support=msgspec.convert(found.support, Support | None),
        token_scopes=None if found.scopes is None else frozenset(found.scopes),
    )
