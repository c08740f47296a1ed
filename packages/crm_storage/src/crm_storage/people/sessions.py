"""Sessions: random references of which only the fingerprint is kept; users see and end their own (SEC-31)."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from crm_domain.problems import NotFound
from crm_storage.database import Session
from crm_storage.hashing import fingerprint
from crm_storage.people.actor import IDLE
from crm_storage.people.once import new_secret

ABSOLUTE = timedelta(days=7)
OPEN = """
INSERT INTO session (user_id, token_hash, expires_at, agent, address)
VALUES (%(user)s, %(token_hash)s, now() + %(lasts)s, %(agent)s, %(address)s)
"""
RENEW = """
WITH former AS (DELETE FROM session WHERE id = %(id)s AND user_id = %(user)s RETURNING *)
INSERT INTO session (user_id, token_hash, opened_at, expires_at, agent, address, support_id)
SELECT user_id, %(token_hash)s, opened_at, expires_at, agent, address, support_id FROM former
"""
LIST = f"""
SELECT id, opened_at, last_seen_at, expires_at, agent, address FROM session
WHERE user_id = %(user)s AND expires_at > now() AND last_seen_at > now() - {IDLE}
ORDER BY last_seen_at DESC, id DESC
"""
END = "DELETE FROM session WHERE id = %(id)s AND user_id = %(user)s"
END_OTHERS = "DELETE FROM session WHERE user_id = %(user)s AND id <> %(keep)s"
SIGN_OUT = "DELETE FROM session WHERE token_hash = %(token_hash)s"
AGENT_MAX = 300


class OpenSession(msgspec.Struct, frozen=True):
    """One of a user's sessions, as he sees it."""

    id: UUID
    opened_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    agent: str
    address: str


async def open_session(session: Session, user: UUID, *, agent: str, address: str, lasts: timedelta = ABSOLUTE) -> str:
    """A new session; the secret for its cookie, which is nowhere else."""
    secret = new_secret()
    facts = {
        "user": user,
        "token_hash": fingerprint(secret),
        "lasts": lasts,
        "agent": agent[:AGENT_MAX],
        "address": address,
    }
    await session.execute(OPEN, facts)
    return secret


async def renew(session: Session, user: UUID, id_: UUID) -> str:
    """The same session under a new secret, freshly proven; it ends when it would have ended. Raises NotFound."""
    secret = new_secret()
    if not await session.execute(RENEW, {"id": id_, "user": user, "token_hash": fingerprint(secret)}):
        raise NotFound
    return secret


async def sign_out(session: Session, secret: str) -> None:
    """Ends the session of that secret, if there still is one."""
    await session.execute(SIGN_OUT, {"token_hash": fingerprint(secret)})


async def sessions_of(session: Session, user: UUID) -> list[OpenSession]:
    """A user's sessions that still count, the last used first."""
    return [OpenSession(*row) for row in await session.rows(LIST, {"user": user})]


async def end_session(session: Session, user: UUID, id_: UUID) -> None:
    """Ends one of the user's sessions. Raises NotFound."""
    if not await session.execute(END, {"id": id_, "user": user}):
        raise NotFound


async def end_other_sessions(session: Session, user: UUID, *, keep: UUID) -> int:
    """Ends all of the user's sessions but the one he does it from; how many."""
    return await session.execute(END_OTHERS, {"user": user, "keep": keep})
