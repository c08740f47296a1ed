"""What is done once, however often it is asked for: a key in the tenant's ledger and the answer it was given."""

from typing import Any
from uuid import UUID

import msgspec

from crm_storage.database import Session

HOUSE = UUID(int=0)
"""Whose the keys are that no user asked under."""
CLAIM = """
INSERT INTO idempotency (key, user_id) VALUES (%(key)s, %(user)s) ON CONFLICT (key) DO NOTHING RETURNING key
"""
ANSWER = "SELECT answer FROM idempotency WHERE key = %(key)s AND user_id = %(user)s"
KEEP = "UPDATE idempotency SET answer = %(answer)s::jsonb WHERE key = %(key)s"


async def claim(session: Session, key: str, user: UUID = HOUSE) -> bool:
    """Whether it is ours to do; False once it was done. Whoever asks meanwhile waits for the end of our transaction."""
    return bool(await session.rows(CLAIM, {"key": key, "user": user}))


async def answered(session: Session, key: str, user: UUID) -> Any:
    """What was answered when it was done; None for a key of somebody else."""
    row = await session.one(ANSWER, {"key": key, "user": user})
    return row[0] if row else None


async def answer(session: Session, key: str, result: Any) -> None:
    """Keeps the answer for whoever asks again."""
    await session.execute(KEEP, {"key": key, "answer": msgspec.json.encode(result).decode()})
