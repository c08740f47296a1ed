"""Personal tokens for the API: `sadra_<prefix>_<secret>`, shown once, kept as a fingerprint (SEC-35)."""

import secrets
import string
from datetime import datetime, timedelta
from typing import get_args
from uuid import UUID

import msgspec

from crm_domain.people.actor import TokenScope
from crm_domain.problems import FieldProblem, Invalid, NotFound
from crm_storage.database import Session
from crm_storage.hashing import fingerprint
from crm_storage.people.alarm import alarm
from crm_storage.people.once import new_secret

PREFIX_LENGTH = 8
ALPHABET = string.ascii_lowercase + string.digits
NAME_MAX = 100
LONGEST = timedelta(days=366)
CREATE = """
INSERT INTO personal_token (user_id, name, prefix, token_hash, scopes, expires_at)
VALUES (%(user)s, %(name)s, %(prefix)s, %(token_hash)s, %(scopes)s, %(expires_at)s)
"""
LIST = """
SELECT id, name, prefix, scopes, created_at, expires_at, last_used_at FROM personal_token
WHERE user_id = %(user)s ORDER BY created_at DESC, id DESC
"""
END = "DELETE FROM personal_token WHERE id = %(id)s AND user_id = %(user)s"


class PersonalToken(msgspec.Struct, frozen=True):
    """A token as its owner sees it: never the secret (SEC-41)."""

    id: UUID
    name: str
    prefix: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


async def create_token(
    session: Session, user: UUID, *, name: str, scopes: frozenset[str], expires_at: datetime, now: datetime
) -> str:
    """A new token, which nobody can read again. Raises Invalid."""
    problems: dict[str, tuple[FieldProblem, ...]] = {}
    if not name.strip() or len(name) > NAME_MAX:
        problems["name"] = (FieldProblem("people.token_name_wrong", {"n": NAME_MAX}),)
    if not scopes or not scopes <= set(get_args(TokenScope)):
        problems["scopes"] = (FieldProblem("people.token_scopes_wrong"),)
    if not now < expires_at <= now + LONGEST:
        problems["expires_at"] = (FieldProblem("people.token_end_wrong"),)
    if problems:
        raise Invalid(problems)
    prefix = "".join(secrets.choice(ALPHABET) for _ in range(PREFIX_LENGTH))
    token = f"sadra_{prefix}_{new_secret()}"
    facts = {
        "user": user,
        "name": name.strip(),
        "prefix": prefix,
        "token_hash": fingerprint(token),
        "scopes": sorted(scopes),
        "expires_at": expires_at,
    }
    await session.execute(CREATE, facts)
    await alarm(session, user, "token", name.strip())
    return token


async def tokens_of(session: Session, user: UUID) -> list[PersonalToken]:
    """A user's tokens, the newest first."""
    return [PersonalToken(*row) for row in await session.rows(LIST, {"user": user})]


async def end_token(session: Session, user: UUID, id_: UUID) -> None:
    """Ends one of the user's tokens. Raises NotFound."""
    if not await session.execute(END, {"id": id_, "user": user}):
        raise NotFound
