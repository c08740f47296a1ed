"""A copy of what was sent from here in its mailbox's folder on the server, once however often it is tried."""

import asyncio
import imaplib
from contextlib import suppress
from datetime import datetime
from uuid import UUID

import structlog

from crm_domain.letters.outgoing import mail_of
from crm_domain.tenancy import Tenant
from crm_storage.bounces.mailboxes import Server
from crm_storage.database import Database
from crm_storage.letters.consent import ConsentGone, SignIns
from crm_storage.letters.folders import sent_folder_of
from crm_storage.letters.imap import LetterBox, connect
from crm_storage.letters.send import Dispatch
from crm_storage.letters.wire import Refusal
from crm_storage.outbound import Door
from crm_storage.sealing import Seals

BOX = """
SELECT b.id, b.host, b.port, b.security, b.user_name, b.folder, coalesce(b.sent_folder, '')
FROM emails e JOIN mailboxes b ON b.id = e.mailbox
WHERE e.id = %(email)s AND e.deleted_at IS NULL AND b.active AND b.deleted_at IS NULL
"""


class Copies:
    """Those of one tenant's letters."""

    def __init__(self, database: Database, door: Door, seals: Seals, tenant: Tenant, dispatch: Dispatch) -> None:
        self._database, self._door, self._tenant = database, door, tenant
        self._sign_ins = SignIns(database, door, seals, tenant)
        self._dispatch = dispatch

    async def keep(self, id_: UUID) -> None:
        """Puts one sent letter where its mailbox keeps such, unless it lies there. Raises what may be better next time."""
        async with self._database.tenant(self._tenant.number) as session:
            row = await session.one(BOX, {"email": id_})
            if row is None:
                return
            box, host, port, security, user, inbox, named = row
            folder = named or await sent_folder_of(session, box)
        try:
            sent = await self._dispatch.sent(id_) if folder else None
            if sent is None:
                return
            known = await self._sign_ins.credentials(box)
            server = Server(
                protocol="imap", host=host, port=port, security=security, user=user, folder=inbox, bearer=known.bearer
            )
            mailbox = await connect(self._door, self._tenant.number, server, known.secret)
            await asyncio.to_thread(_kept, mailbox, folder, sent.message_id, sent.at, mail_of(sent).as_bytes())
        except imaplib.IMAP4.abort:
            raise
        except (imaplib.IMAP4.error, Refusal, ConsentGone) as error:
            structlog.get_logger().warning("letter.uncopied", tenant=self._tenant.number, error=type(error).__name__)


def _kept(mailbox: LetterBox, folder: str, message_id: str, at: datetime, mail: bytes) -> None:
    try:
        mailbox.keep(folder, message_id, at, mail)
    finally:
        with suppress(OSError, imaplib.IMAP4.error):
            mailbox.close()
