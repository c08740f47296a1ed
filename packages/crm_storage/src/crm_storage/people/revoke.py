"""The revocation door: whatever changes who somebody is or how he proves it goes through here (SEC-32)."""

from uuid import UUID

from crm_storage.database import Session

REVOKE = """
WITH sessions AS (
  DELETE FROM session WHERE user_id = %(user)s AND id IS DISTINCT FROM %(keep)s
), tokens AS (
  DELETE FROM personal_token WHERE user_id = %(user)s
), once AS (
  DELETE FROM one_time_token WHERE user_id = %(user)s
)
UPDATE user_credential SET version = version + 1 WHERE user_id = %(user)s
"""


async def revoke(session: Session, user: UUID, *, keep: UUID | None = None) -> None:
    """Ends a user's sessions, API tokens and open links at once; `keep` is the session he does it from.

    Requests read their session each time, so nothing outlives the commit.
    """
    await session.execute(REVOKE, {"user": user, "keep": keep})
