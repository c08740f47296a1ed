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
), devices AS (
  UPDATE device SET trusted_until = NULL WHERE user_id = %(user)s
)
UPDATE user_credential SET version = version + 1 WHERE user_id = %(user)s
"""

SAME_STANDING = """
NOT EXISTS (
  SELECT FROM audit_event e WHERE e.record_id = u.id AND e.module = 'users' AND e.at > {since}
    AND e.action <> 'create' AND e.changes ?| ARRAY['status', 'user_type']
)
"""
"""Deactivation and another user type end what was opened before, on whichever path they come, also once they are undone
(SEC-32): the audit is written by the statement that changes the user, so nothing can pass it by."""


async def revoke(session: Session, user: UUID, *, keep: UUID | None = None) -> None:
    """Ends a user's sessions, API tokens and open links at once and trusts no browser of his; `keep` is where he does it.

    Requests read their session each time, so nothing outlives the commit.
    """
    await session.execute(REVOKE, {"user": user, "keep": keep})
