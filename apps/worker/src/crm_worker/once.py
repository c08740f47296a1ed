"""What must happen once, whatever is delivered twice (REL-02)."""

from crm_storage.database import Session

CLAIM = """
INSERT INTO idempotency (key, user_id, answer) VALUES (%(key)s, '00000000-0000-0000-0000-000000000000', '"sent"')
ON CONFLICT (key) DO NOTHING RETURNING key
"""


async def first(session: Session, key: str) -> bool:
    """Whether this never happened before; it counts as happened once the session commits."""
    return bool(await session.rows(CLAIM, {"key": key}))
