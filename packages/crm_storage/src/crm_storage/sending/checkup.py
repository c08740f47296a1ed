"""Looking after a company's outgoing mail: its domains' records, its bounce accounts, and a trial on the whole way."""

import asyncio
import imaplib
from contextlib import suppress
from datetime import datetime
from socket import SHUT_RDWR, socket
from typing import NamedTuple
from uuid import UUID

import msgspec

from crm_domain.problems import Problem
from crm_domain.sending.checkup import MailboxReport, Report
from crm_storage.bounces.mailboxes import Bookmark, Server, SignInRefused
from crm_storage.database import Session
from crm_storage.letters.imap import LetterBox
from crm_storage.notices import tell
from crm_storage.outbound.dns import Names
from crm_storage.outbox import put
from crm_storage.people.preferences import save_setting, setting
from crm_storage.records.context import Context
from crm_storage.sealing import Unreadable
from crm_storage.sending.believed import believed, returning, returns_of, senders_of
from crm_storage.sending.probe import send_probe
from crm_storage.sending.station import HOUSE, Station

SUBJECT = "mail.checkup"
NOTICE = "mail_checked"
PAGE = "/admin/sending/setup"
SETTING = "mail_checkup"
WAIT_S = 20.0
MAILBOX_S = 60.0
"""For all that one mailbox says: its server is somebody else's, and may speak slowly for ever."""
BOXES = """
SELECT id, name, host, port, security, user_name, coalesce(folder, 'INBOX') FROM bounce_accounts
WHERE deleted_at IS NULL AND active AND protocol = 'imap' ORDER BY created_at, id LIMIT 10
"""
FAILURES = (Problem, Unreadable, OSError, imaplib.IMAP4.error, TimeoutError, ValueError)


class Box(NamedTuple):
    """A bounce account that has folders."""

    id: UUID
    name: str
    host: str
    port: int
    security: str
    user: str
    folder: str


async def ask(session: Session, *, by: UUID, now: datetime) -> None:
    """Has the worker look; the caller commits. What was found before stays to be seen meanwhile."""
    former = await read_report(session)
    report = msgspec.structs.replace(former, asked_at=now, checked_at=None) if former else Report(asked_at=now)
    await save_setting(session, SETTING, report)
    await put(session, SUBJECT, {"user": str(by)})


async def read_report(session: Session) -> Report | None:
    """What the last look found; None before the first one."""
    found = await setting(session, SETTING)
    return msgspec.convert(found, Report) if found else None


async def check_up(station: Station, names: Names, user: UUID) -> Report:
    """Looks at everything, keeps what was found, and tells the user."""
    now = station.clock()
    async with station.session() as session:
        senders = await senders_of(Context(session, station.schema, HOUSE, "job", "", station.vault))
        returns = await returns_of(session)
        boxes = [Box(*row) for row in await session.rows(BOXES)]
        passwords = [await station.vault.read(session, "bounce_accounts", box.id, "password") or "" for box in boxes]
    domains = await asyncio.gather(*(believed(names, one) for one in senders))
    servers = await asyncio.gather(*(returning(names, *one) for one in returns))
    pairs = zip(boxes, passwords, strict=True)
    mailboxes = tuple([await _signed_in(station, box, password) for box, password in pairs])
    probe = await send_probe(station)
    report = Report(
        asked_at=now,
        checked_at=now,
        domains=tuple(domains),
        returns=tuple(servers),
        mailboxes=mailboxes,
        probe=probe,
    )
    async with station.session() as session:
        await save_setting(session, SETTING, report)
        await tell(session, NOTICE, [user], PAGE, {})
        await session.commit()
    return report


async def _signed_in(station: Station, box: Box, password: str) -> MailboxReport:
    """Signs in through the outbound door and lists the folders."""
    found = MailboxReport(str(box.id), box.name)
    server = Server(
        protocol="imap", host=box.host, port=box.port, security=box.security, user=box.user, folder=box.folder
    )
    try:
        connected = await station.door.socket(
            station.number, box.host, box.port, tls=box.security == "tls", wait_s=WAIT_S
        )
        async with asyncio.timeout(MAILBOX_S):
            try:
                folders = await asyncio.to_thread(_folders, connected, server, password)
            except asyncio.CancelledError:
                with suppress(OSError):
                    connected.shutdown(SHUT_RDWR)
                raise
    except SignInRefused:
        return msgspec.structs.replace(found, trouble="sign_in")
    except imaplib.IMAP4.abort:
        return msgspec.structs.replace(found, trouble="unreachable")
    except imaplib.IMAP4.error:
        return msgspec.structs.replace(found, trouble="folder")
    except FAILURES:
        return msgspec.structs.replace(found, trouble="unreachable")
    return msgspec.structs.replace(found, folders=tuple(folders))


def _folders(connected: socket, server: Server, password: str) -> list[str]:
    mailbox = LetterBox(connected, server, password, Bookmark())
    try:
        return [folder.name for folder in mailbox.folders()]
    finally:
        with suppress(OSError, imaplib.IMAP4.error):
            mailbox.close()
