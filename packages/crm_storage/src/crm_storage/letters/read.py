"""Reading the mailboxes of a tenant: claimed by one process at a time, each batch stored with the mark of how far it came.

Whatever ends a process in between, the next look goes on where the last batch ended, and no letter comes twice.
"""

import asyncio
import imaplib
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import structlog

from crm_domain.keys import KeyRing
from crm_domain.letters.archive import ArchiveAddresses
from crm_domain.letters.incoming import read_letter
from crm_domain.modules.emails import EMAIL_LINKS
from crm_domain.problems import Problem
from crm_domain.records.work import Work
from crm_domain.tenancy import Tenant
from crm_storage.bounces.mailboxes import Bookmark, ImapMailbox, Server, SignInRefused
from crm_storage.database import Database, Session
from crm_storage.files.door import FileDoor
from crm_storage.letters.take import Arrived, Owner, Taker
from crm_storage.letters.way import proved_by_mail
from crm_storage.outbound import Door
from crm_storage.sealing import Seals, Unreadable
from crm_storage.vault import Vault

MODULE, PASSWORD = "mailboxes", "password"
EVERY_S, SLOWEST = 60, 30
"""Seconds between two looks; after failures up to so many times as many."""
CHUNK, CHUNK_BYTES = 50, 8 * 1024 * 1024
MOST_BYTES = 35 * 1024 * 1024
"""Of one mail (SEC-27); what is larger is read up to there."""
WAIT_S, LONGEST_S = 30.0, 120.0
"""For one answer of the server; for one look at a mailbox, which the next one continues."""
DUE = f"""
SELECT b.id FROM mailboxes b LEFT JOIN mailbox_reading r ON r.mailbox_id = b.id
WHERE b.active AND b.deleted_at IS NULL AND (r.read_at IS NULL
  OR r.read_at <= %(now)s::timestamptz - make_interval(secs => {EVERY_S} * least(power(2, r.failures), {SLOWEST})))
"""
CLAIM = """
INSERT INTO mailbox_reading AS r (mailbox_id, claim, claimed_until) VALUES (%(box)s, %(claim)s, %(now)s::timestamptz + interval '5 minutes')
ON CONFLICT (mailbox_id) DO UPDATE SET claim = excluded.claim, claimed_until = excluded.claimed_until
WHERE r.claimed_until IS NULL OR r.claimed_until < %(now)s RETURNING 1
"""
HOLD = """
UPDATE mailbox_reading SET claimed_until = %(now)s::timestamptz + interval '5 minutes'
WHERE mailbox_id = %(box)s AND claim = %(claim)s RETURNING 1
"""
"""Longer than any one batch takes; whoever lost the claim stores nothing more."""
BOX = """
SELECT host, port, security, user_name, folder, coalesce(sent_folder, ''), address, mailbox_use = 'personal', assigned_to, team,
  coalesce(auto_link, false), coalesce(create_cases, false)
FROM mailboxes WHERE id = %(box)s AND active AND deleted_at IS NULL
"""
MARK = "SELECT uid_validity, last_uid FROM mailbox_folder WHERE mailbox_id = %(box)s AND folder = %(folder)s"
KEEP_MARK = """
INSERT INTO mailbox_folder (mailbox_id, folder, uid_validity, last_uid) VALUES (%(box)s, %(folder)s, %(validity)s, %(uid)s)
ON CONFLICT (mailbox_id, folder) DO UPDATE SET uid_validity = excluded.uid_validity, last_uid = excluded.last_uid
"""
READ = """
WITH reading AS (
  UPDATE mailbox_reading SET read_at = %(now)s, claimed_until = NULL, failures = 0 WHERE mailbox_id = %(box)s AND claim = %(claim)s
)
UPDATE mailboxes SET health = 'working', trouble = NULL, read_at = %(now)s WHERE id = %(box)s
"""
FAILED = """
WITH reading AS (
  UPDATE mailbox_reading SET read_at = %(now)s, claimed_until = NULL, failures = failures + 1
  WHERE mailbox_id = %(box)s AND claim = %(claim)s
)
UPDATE mailboxes SET health = 'troubled', trouble = %(trouble)s WHERE id = %(box)s
"""
TROUBLES = {
    "outbound.not_allowed": "not_allowed",
    "outbound.unreachable": "unreachable",
    "outbound.too_many": "too_many",
}
FAILURES = (Problem, Unreadable, OSError, imaplib.IMAP4.error, TimeoutError, ValueError)
WorkOf = Callable[[Session], Awaitable[Work]]


class LostClaim(Exception):
    """Another process reads this mailbox now."""


class Mailboxes:
    """The mailboxes of one tenant."""

    def __init__(
        self,
        database: Database,
        door: Door,
        seals: Seals,
        keys: KeyRing,
        files: FileDoor,
        tenant: Tenant,
        work_of: WorkOf,
    ) -> None:
        self._database, self._door, self._seals, self._tenant, self._work_of = database, door, seals, tenant, work_of
        archive = ArchiveAddresses(keys, tenant.number, EMAIL_LINKS.rights)
        self._taker = Taker(database, files, tenant, archive)

    async def look(self, now: datetime) -> int:
        """Reads what is due; how many letters were new."""
        async with self._session() as session:
            due = [row[0] for row in await session.rows(DUE, {"now": now})]
        return sum([await self.read(box, now) for box in due])

    async def read(self, box: UUID, now: datetime) -> int:
        """Reads one mailbox, unless another process does; how many letters were new. Failures stay with the mailbox."""
        claim = uuid4()
        facts = {"box": box, "claim": claim, "now": now}
        async with self._session() as session:
            claimed = await session.one(CLAIM, facts)
            await session.commit()
        if claimed is None:
            return 0
        try:
            new = await self._folders(box, claim, now)
        except LostClaim:
            return 0
        except FAILURES as error:
            trouble = TROUBLES.get(error.id, "other") if isinstance(error, Problem) else _trouble(error)
            structlog.get_logger().warning(
                "mailbox.unread", tenant=self._tenant.number, mailbox=str(box), error=type(error).__name__
            )
            await self._run(FAILED, {**facts, "trouble": trouble})
            return 0
        await self._run(READ, facts)
        return new

    async def _folders(self, box: UUID, claim: UUID, now: datetime) -> int:
        async with self._session() as session:
            row = await session.one(BOX, {"box": box})
            if row is None:
                return 0
            password = await Vault(self._seals, self._tenant.number).read(session, MODULE, box, PASSWORD)
        host, port, security, user, inbox, sent, address, personal, owner, team, auto, cases = row
        whose = Owner(box, address, personal, owner, team, auto, cases)
        new = 0
        for folder in dict.fromkeys(name for name in (inbox, sent) if name):
            server = Server(
                protocol="imap",
                host=host,
                port=port,
                security=security,
                user=user,
                folder=folder,
                most_bytes=MOST_BYTES,
            )
            new += await self._folder(whose, server, password or "", claim, now, sent=folder == sent)
        return new

    async def _folder(
        self, whose: Owner, server: Server, password: str, claim: UUID, now: datetime, *, sent: bool
    ) -> int:
        async with self._session() as session:
            row = await session.one(MARK, {"box": whose.id, "folder": server.folder})
        bookmark = Bookmark(*row) if row else Bookmark()
        connected = await self._door.socket(
            self._tenant.number, server.host, server.port, tls=server.security == "tls", wait_s=WAIT_S
        )
        mailbox = await asyncio.to_thread(ImapMailbox, connected, server, password, bookmark)
        new, ends = 0, time.monotonic() + LONGEST_S
        try:
            while time.monotonic() < ends:
                mails = mailbox.mails()
                any_ = False
                while chunk := await asyncio.to_thread(_next, mails):
                    any_ = True
                    new += await self._take(whose, server.folder, mailbox.bookmark, chunk, claim, now, sent=sent)
                if not any_:
                    break
        finally:
            await asyncio.to_thread(_closed, mailbox)
        return new

    async def _take(
        self,
        whose: Owner,
        folder: str,
        mark: Bookmark,
        chunk: Sequence[bytes],
        claim: UUID,
        now: datetime,
        *,
        sent: bool,
    ) -> int:
        """Stores a batch and how far it goes, together."""
        letters = await asyncio.to_thread(lambda: [Arrived(read_letter(raw), sent) for raw in chunk])
        async with self._session() as session:
            arrived = await self._taker.new(session, whose, letters)
            await proved_by_mail(session, _proofs(letters), whose.id, whose.owner)
            await session.commit()
        files = await self._taker.files(arrived)
        async with self._session() as session:
            if await session.one(HOLD, {"box": whose.id, "claim": claim, "now": now}) is None:
                raise LostClaim
            work = await self._work_of(session)
            await self._taker.store(work, session, whose, arrived, files)
            facts = {"box": whose.id, "folder": folder, "validity": mark.validity, "uid": mark.uid}
            await session.execute(KEEP_MARK, facts)
            await session.commit()
        return len(arrived)

    async def _run(self, statement: str, facts: Mapping[str, Any]) -> None:
        async with self._session() as session:
            await session.execute(statement, facts)
            await session.commit()

    def _session(self) -> AbstractAsyncContextManager[Session]:
        return self._database.tenant(self._tenant.number)


def _proofs(letters: Sequence[Arrived]) -> list[str]:
    """What they show to have left: letters among those sent, and letters that were answered."""
    own = [one.letter.message_id for one in letters if one.sent]
    return own + [id_ for one in letters if not one.sent for id_ in (one.letter.answers, *one.letter.ancestors) if id_]


def _trouble(error: Exception) -> str:
    """What a server's refusal means; of others nothing is told but that there was one."""
    match error:
        case SignInRefused():
            return "sign_in"
        case imaplib.IMAP4.abort() | OSError():
            return "unreachable"
        case imaplib.IMAP4.error():
            return "folder"
        case _:
            return "other"


def _next(mails: Iterator[tuple[str, bytes]]) -> list[bytes]:
    """The next letters, so many or so large as one batch may be."""
    found: list[bytes] = []
    size = 0
    for _, raw in mails:
        found.append(raw)
        size += len(raw)
        if len(found) == CHUNK or size >= CHUNK_BYTES:
            break
    return found


def _closed(mailbox: ImapMailbox) -> None:
    """A server that does not say goodbye has nevertheless said all it had."""
    try:
        mailbox.close()
    except FAILURES:
        return
