"""The secret address of a user's calendar: shown once, kept as a fingerprint, ended by making another or none (SEC-31)."""

from uuid import UUID

from crm_storage.database import Session
from crm_storage.hashing import fingerprint
from crm_storage.people.once import new_secret
from crm_storage.people.revoke import SAME_STANDING

MAKE = """
INSERT INTO calendar_feed (user_id, secret_hash) VALUES (%(user)s, %(secret_hash)s)
ON CONFLICT (user_id) DO UPDATE SET secret_hash = excluded.secret_hash, created_at = now()
"""
END = "DELETE FROM calendar_feed WHERE user_id = %(user)s"
HAS = "SELECT 1 FROM calendar_feed WHERE user_id = %(user)s"
OWNER = f"""
SELECT f.user_id FROM calendar_feed f JOIN users u ON u.id = f.user_id
WHERE f.secret_hash = %(secret_hash)s AND u.status = 'active' AND u.deleted_at IS NULL
  AND {SAME_STANDING.format(since="f.created_at")}
"""


async def make_feed(session: Session, user: UUID) -> str:
    """A new secret; an earlier address stops to work."""
    secret = new_secret()
    await session.execute(MAKE, {"user": user, "secret_hash": fingerprint(secret)})
    return secret


async def end_feed(session: Session, user: UUID) -> None:
    """Takes the address back."""
    await session.execute(END, {"user": user})


async def has_feed(session: Session, user: UUID) -> bool:
    """Whether there is an address."""
    return await session.one(HAS, {"user": user}) is not None


async def feed_owner(session: Session, secret: str) -> UUID | None:
    """Whose address that is, while he may sign in."""
    row = await session.one(OWNER, {"secret_hash": fingerprint(secret)})
    return row[0] if row else None
