"""Notices that wait to be mailed, taken reader by reader."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from crm_domain.notice_mails import Waiting
from crm_storage.database import Session
from crm_storage.notices import COLUMNS, noticed

READERS = "SELECT DISTINCT user_id FROM notification WHERE mail_at <= now()"
TAKE = f"""
UPDATE notification SET mail_at = NULL WHERE user_id = %(user)s AND mail_at <= now()
RETURNING {COLUMNS}, page, digest
"""
HOLD = "UPDATE notification SET mail_at = %(until)s WHERE id = ANY(%(ids)s)"


async def readers(session: Session) -> list[UUID]:
    """Whose notices are due."""
    return [user for (user,) in await session.rows(READERS)]


async def take(session: Session, user: UUID) -> list[Waiting]:
    """A reader's due notices, oldest first: they count as mailed unless they are held."""
    rows = sorted(await session.rows(TAKE, {"user": user}))
    return [Waiting(noticed(row[:-2]), page=row[-2], digest=row[-1]) for row in rows]


async def hold(session: Session, ids: Sequence[UUID], until: datetime) -> None:
    """Keeps them until then."""
    await session.execute(HOLD, {"ids": list(ids), "until": until})
