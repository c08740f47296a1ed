"""Secrets that work once: of invitations, of password resets, and between a password and its code (SEC-34).

They are bound to the state of the user's credentials.
"""

import secrets
from datetime import timedelta
from typing import Literal
from uuid import UUID

from crm_storage.database import Session
from crm_storage.hashing import fingerprint
from crm_storage.people.revoke import SAME_STANDING

Purpose = Literal["reset", "invite", "code"]
SECRET_BYTES = 32
LASTS: dict[Purpose, timedelta] = {
    "reset": timedelta(minutes=30),
    "invite": timedelta(hours=72),
    "code": timedelta(minutes=10),
}
ISSUE = """
WITH credential AS (
  INSERT INTO user_credential (user_id) VALUES (%(user)s)
  ON CONFLICT (user_id) DO UPDATE SET user_id = excluded.user_id RETURNING version
), former AS (
  DELETE FROM one_time_token WHERE user_id = %(user)s AND purpose = %(purpose)s
)
INSERT INTO one_time_token (user_id, purpose, token_hash, credential_version, expires_at)
SELECT %(user)s, %(purpose)s, %(token_hash)s, version, now() + %(lasts)s FROM credential
"""
GOOD = f"""
o.token_hash = %(token_hash)s AND o.purpose = %(purpose)s AND o.used_at IS NULL AND o.expires_at > now()
AND c.user_id = o.user_id AND c.version = o.credential_version
AND u.id = o.user_id AND u.status = 'active' AND u.deleted_at IS NULL
AND {SAME_STANDING.format(since="uuid_extract_timestamp(o.id)")}
"""
LOOK = f"SELECT o.user_id FROM one_time_token o, user_credential c, users u WHERE {GOOD}"
TAKE = f"UPDATE one_time_token o SET used_at = now() FROM user_credential c, users u WHERE {GOOD} RETURNING o.user_id"


def new_secret() -> str:
    """256 random bits, fit for an address or a cookie."""
    return secrets.token_urlsafe(SECRET_BYTES)


async def issue(session: Session, user: UUID, purpose: Purpose) -> str:
    """A new secret for that purpose; earlier ones stop to work."""
    secret = new_secret()
    facts = {"user": user, "purpose": purpose, "token_hash": fingerprint(secret), "lasts": LASTS[purpose]}
    await session.execute(ISSUE, facts)
    return secret


async def look(session: Session, purpose: Purpose, secret: str) -> UUID | None:
    """Whose secret that is, while it is still good. Opening a link uses nothing up."""
    row = await session.one(LOOK, {"purpose": purpose, "token_hash": fingerprint(secret)})
    return row[0] if row else None


async def take(session: Session, purpose: Purpose, secret: str) -> UUID | None:
    """The same, and uses it up: of two at the same moment only one gets the user."""
    row = await session.one(TAKE, {"purpose": purpose, "token_hash": fingerprint(secret)})
    return row[0] if row else None
