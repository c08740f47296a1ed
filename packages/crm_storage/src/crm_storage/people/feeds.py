"""The secret addresses of a user's calendar: the whole of it, and only when he is busy. Shown once, kept as fingerprints, ended
by making others or none (SEC-31)."""

from typing import Literal
from uuid import UUID

from crm_storage.database import Session
from crm_storage.hashing import fingerprint
from crm_storage.people.once import new_secret
from crm_storage.people.revoke import SAME_STANDING

What = Literal["calendar", "busy"]
COLUMNS: dict[What, str] = {"calendar": "secret_hash", "busy": "busy_hash"}
MAKE = """
INSERT INTO calendar_feed (user_id, secret_hash, busy_hash) VALUES (%(user)s, %(calendar)s, %(busy)s)
ON CONFLICT (user_id) DO UPDATE
SET secret_hash = excluded.secret_hash, busy_hash = excluded.busy_hash, created_at = now()
"""
END = "DELETE FROM calendar_feed WHERE user_id = %(user)s"
HAS = "SELECT 1 FROM calendar_feed WHERE user_id = %(user)s"
OWNER = f"""
SELECT f.user_id FROM calendar_feed f JOIN users u ON u.id = f.user_id
WHERE f.{{column}} = %(hash)s AND u.status = 'active' AND u.deleted_at IS NULL
  AND {SAME_STANDING.format(since="f.created_at")}
"""


async def make_feed(session: Session, user: UUID) -> dict[What, str]:
    """New secrets; earlier addresses stop to work."""
    made: dict[What, str] = {"calendar": new_secret(), "busy": new_secret()}
    hashes = {what: fingerprint(secret) for what, secret in made.items()}
    await session.execute(MAKE, {"user": user, **hashes})
    return made


async def end_feed(session: Session, user: UUID) -> None:
    """Takes the addresses back."""
    await session.execute(END, {"user": user})


async def has_feed(session: Session, user: UUID) -> bool:
    """Whether there are addresses."""
    return await session.one(HAS, {"user": user}) is not None


async def feed_owner(session: Session, secret: str, what: What = "calendar") -> UUID | None:
    """Whose address that is, while he may sign in."""
    row = await session.one(OWNER.format(column=COLUMNS[what]), {"hash": fingerprint(secret)})
    return row[0] if row else None
