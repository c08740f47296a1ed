"""`mail.send`: one mail, once, whatever is delivered twice (REL-02)."""

from typing import Any

from crm_storage.database import Database
from crm_storage.mail.message import notice
from crm_storage.mail.send import send
from crm_storage.settings import Settings

CLAIM = """
INSERT INTO idempotency (key, user_id, answer) VALUES (%(key)s, '00000000-0000-0000-0000-000000000000', '"sent"')
ON CONFLICT (key) DO NOTHING RETURNING key
"""


async def send_mail(database: Database, settings: Settings, tenant: int, id_: str, payload: dict[str, Any]) -> bool:
    """Sends the mail of this job; False when it has gone before.

    The ledger's row and the hand-over stand in one transaction: a refused mail leaves no row and is tried again.
    """
    sender = f"no-reply@{settings.base_domain if '.' in settings.base_domain else 'sadra.example'}"
    message = notice(payload, sender=sender, message_id=f"{id_}@{settings.base_domain}")
    async with database.tenant(tenant) as session:
        if not await session.rows(CLAIM, {"key": f"mail:{id_}"}):
            return False
        await send(settings.smtp_url, message)
        await session.commit()
    return True
