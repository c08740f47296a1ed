"""Who comes with an account elsewhere: the company's settings about it, and which of its users that account is (SEC-33)."""

from typing import Any, Literal
from uuid import UUID

import msgspec

from crm_domain.definition import Ref
from crm_domain.people.single_sign_on import KEY, SingleSignOn, Stranger, settings_of
from crm_domain.problems import Refused
from crm_storage.database import Session
from crm_storage.people.accounts import Account, account_by_id
from crm_storage.people.log import By, log
from crm_storage.people.preferences import setting, settle
from crm_storage.vault import Vault

MODULE, FIELD, RECORD = "settings", "single_sign_on", UUID(int=0)
"""Where the vault keeps the client's secret."""
KNOWN = "SELECT user_id FROM sso_identity WHERE issuer = %(issuer)s AND subject = %(subject)s"
LINK = """
INSERT INTO sso_identity (issuer, subject, user_id) VALUES (%(issuer)s, %(subject)s, %(user)s)
ON CONFLICT (issuer, subject) DO UPDATE SET used_at = now() WHERE sso_identity.user_id = excluded.user_id
"""
UNLINK = "DELETE FROM sso_identity WHERE user_id = %(user)s"
LINKED = "SELECT count(*) FROM sso_identity WHERE user_id = %(user)s AND issuer = %(issuer)s"
NAMESAKE = """
SELECT u.id, u.user_type FROM users u JOIN email_link l ON l.record_id = u.id AND l.module = 'users' AND l.is_primary
JOIN email_address a ON a.id = l.address_id
WHERE a.address_key = %(email)s AND u.deleted_at IS NULL ORDER BY u.id LIMIT 2
"""
STILL_OPEN = """
SELECT NOT coalesce((s.value->>'enabled')::bool AND (s.value->>'forced')::bool, false)
  OR coalesce(u.id = (s.value->>'break_glass')::uuid, false)
  OR u.user_type = 'administrator' AND NOT EXISTS (
    SELECT FROM users b WHERE b.id = (s.value->>'break_glass')::uuid AND b.status = 'active'
      AND b.user_type = 'administrator' AND b.deleted_at IS NULL
  )
FROM users u LEFT JOIN setting s ON s.key = 'single_sign_on' WHERE u.id = %(user)s
"""
ADMINISTRATORS = """
SELECT u.id, coalesce(u.name, u.user_name) FROM users u JOIN user_credential c ON c.user_id = u.id
WHERE u.user_type = 'administrator' AND u.status = 'active' AND u.deleted_at IS NULL AND c.password_hash IS NOT NULL
ORDER BY 2, 1
"""
Standing = Literal["known", "found", "new", "unverified", "other_domain", "unknown", "taken"]


class Found(msgspec.Struct, frozen=True):
    """What somebody is to this company: `user` for those who are `known` or `found` by their address."""

    standing: Standing
    user: UUID | None = None


async def single_sign_on(session: Session) -> SingleSignOn:
    """What the company settled; nothing enabled where it did not."""
    return settings_of(await setting(session, KEY))


async def keep_single_sign_on(
    session: Session, vault: Vault, by: By, settings: SingleSignOn, secret: str | None
) -> None:
    """Saves it with a note in the audit; a `secret` of None stays as it was, an empty one goes."""
    if secret is not None:
        await vault.put(session, MODULE, RECORD, FIELD, secret or None)
        await log(session, by, "sso_secret", of=Ref("settings", RECORD), changes={})
    await settle(session, KEY, settings, by=by.access.user, request=by.request_id)


async def client_secret(session: Session, vault: Vault) -> str:
    """The client's secret; empty for a public client."""
    return await vault.read(session, MODULE, RECORD, FIELD) or ""


async def find(session: Session, settings: SingleSignOn, stranger: Stranger) -> Found:
    """Which user an identity is. The address alone links only where the company owns its domain, and no administrator."""
    row = await session.one(KNOWN, {"issuer": settings.issuer, "subject": stranger.subject})
    if row:
        return Found("known", row[0])
    if not stranger.email:
        return Found("unverified")
    if stranger.domain not in settings.domains or not stranger.of_company:
        return Found("other_domain")
    same = await session.rows(NAMESAKE, {"email": stranger.email})
    if same:
        linkable = len(same) == 1 and stranger.domain in settings.proven and same[0][1] != "administrator"
        return Found("found", same[0][0]) if linkable else Found("taken")
    return Found("new" if settings.creates else "unknown")


async def link(session: Session, issuer: str, stranger: Stranger, user: UUID) -> None:
    """The identity is that user's from now on. Raises Refused for another's."""
    if not await session.execute(LINK, {"issuer": issuer, "subject": stranger.subject, "user": user}):
        raise Refused("sso.of_another")


async def unlink(session: Session, user: UUID) -> None:
    """His accounts elsewhere open nothing here any more."""
    await session.execute(UNLINK, {"user": user})


async def is_linked(session: Session, issuer: str, user: UUID) -> bool:
    row = await session.one(LINKED, {"issuer": issuer, "user": user})
    return bool(row and row[0])


async def may_by_password(session: Session, user: UUID) -> bool:
    """Whether a password still opens something for him: where single sign-on is forced, for one administrator alone.

    Once that one is no administrator any more, for all of them, so that nobody locks the company out.
    """
    row = await session.one(STILL_OPEN, {"user": user})
    return bool(row and row[0])


async def account_of(session: Session, user: UUID | None) -> Account:
    """The active user. Raises Refused for one who may not come any more."""
    account = await account_by_id(session, user) if user else None
    if account is None:
        raise Refused("sso.unknown")
    return account


async def administrators(session: Session) -> list[tuple[Any, ...]]:
    """Those who could come in by password when the provider is away: id and name."""
    return await session.rows(ADMINISTRATORS)
