"""How people sign their letters, in each language they write."""

from collections.abc import Mapping
from uuid import UUID

from crm_storage.database import Session

OWN = "SELECT language, body FROM user_signature WHERE user_id = %(user)s"
DROP = "DELETE FROM user_signature WHERE user_id = %(user)s AND NOT language = ANY(%(languages)s)"
SIGN = """
INSERT INTO user_signature (user_id, language, body) VALUES (%(user)s, %(language)s, %(body)s)
ON CONFLICT (user_id, language) DO UPDATE SET body = excluded.body
"""


async def signatures_of(session: Session, user: UUID) -> dict[str, str]:
    """By language, as markup; none where he signs with nothing."""
    return {language: body for language, body in await session.rows(OWN, {"user": user})}


async def sign_with(session: Session, user: UUID, bodies: Mapping[str, str]) -> None:
    """From now on he signs with these, by language; an empty one, or none, is no signature. The markup must be clean."""
    kept = {language: body for language, body in bodies.items() if body}
    await session.execute(DROP, {"user": user, "languages": list(kept)})
    for language, body in kept.items():
        await session.execute(SIGN, {"user": user, "language": language, "body": body})
