"""Reading the mailboxes of a tenant: claimed by one process at a time, each batch stored with the mark of how far it came.

Whatever ends a process in between, the next look goes on where the last batch ended, and no letter comes twice.
"""

import asyncio
import imaplib
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import structlog

from crm_domain.keys import KeyRing
from crm_domain.letters.archive import ArchiveAddresses
from crm_domain.letters.incoming import read_letter
from crm_domain.modules.emails import EMAIL_LINKS
from crm_domain.problems import Problem
from crm_domain.records.work import Work
from crm_domain.tenancy import Tenant
from crm_storage.bounces.mailboxes import Bookmark, Server, SignInRefused
from crm_storage.database import Database, Session
from crm_storage.files.door import FileDoor
from crm_storage.letters import sync
from crm_storage.letters.consent import ConsentGone, SignIns
from crm_storage.letters.folders import Listed, folders_of, keep_list, keep_mark, mark_of
from crm_storage.letters.imap import Folder, LetterBox, connect, sent_folder
from crm_storage.letters.moves import planned, settle
from crm_storage.letters.take import Arrived, Owner, Taker
from crm_storage.letters.way import proved_by_mail
from crm_storage.outbound import Door
from crm_storage.sealing import Seals, Unreadable

EVERY_S, SLOWEST = 60, 30
"""Seconds between two looks; after failures up to so many times as many."""
CHUNK, CHUNK_BYTES = 50, 8 * 1024 * 1024
MOST_BYTES = 35 * 1024 * 1024
"""Of one mail (SEC-27); what is larger is read up to there."""
LONGEST_S = 120.0
"""For one look at a mailbox, which the next one continues."""
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
    "mail_providers.refused": "sign_in",
}
FAILURES = (Problem, ConsentGone, Unreadable, OSError, imaplib.IMAP4.error, TimeoutError, ValueError)
WorkOf = Callable[[Session], Awaitable[Work]]


class Look(NamedTuple):
    """One look at a mailbox: whose it is, by which claim, when, and until when by this machine's clock."""

    whose: Owner
    claim: UUID
    now: datetime
    ends: float


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
        self._database, self._door, self._tenant, self._work_of = database, door, tenant, work_of
        self._sign_ins = SignIns(database, door, seals, tenant)
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
            if isinstance(error, SignInRefused):
                await self._sign_ins.forget(box)
            await self._run(FAILED, {**facts, "trouble": trouble})
            return 0
        await self._run(READ, facts)
        return new

    async def _folders(self, box: UUID, claim: UUID, now: datetime) -> int:
        """Reads what is chosen, in one connection: the inbox first, so that what lies twice is there."""
        async with self._session() as session:
            row = await session.one(BOX, {"box": box})
            if row is None:
                return 0
        known = await self._sign_ins.credentials(box)
        host, port, security, user, inbox, sent, address, personal, owner, team, auto, cases = row
        look = Look(Owner(box, address, personal, owner, team, auto, cases), claim, now, time.monotonic() + LONGEST_S)
        server = Server(
            protocol="imap", host=host, port=port, security=security, user=user, folder=inbox, most_bytes=MOST_BYTES,
            bearer=known.bearer,
        )  # fmt: skip
        mailbox = await connect(self._door, self._tenant.number, server, known.secret)
        try:
            listed = await self._list(box, mailbox)
            chosen = [one.name for one in listed if one.chosen]
            new, read = 0, list[str]()
            for name in dict.fromkeys(name for name in (inbox, sent, *chosen) if name):
                place = "" if name in (inbox, sent) else name
                number, ended = await self._folder(look, mailbox, name, sent=name == sent, place=place)
                new += number
                read += [name] if ended else []
            folders = [Folder(one.name, one.kind) for one in listed]
            await settle(self._session, box, mailbox, planned(inbox, sent or sent_folder(folders), folders, read))
            return new
        finally:
            await asyncio.to_thread(_closed, mailbox)

    async def _list(self, box: UUID, mailbox: LetterBox) -> list[Listed]:
        found = await asyncio.to_thread(mailbox.folders)
        async with self._session() as session:
            await keep_list(session, box, found)
            await session.commit()
            return await folders_of(session, box)

    async def _folder(self, look: Look, mailbox: LetterBox, folder: str, *, sent: bool, place: str) -> tuple[int, bool]:
        """How many letters were new, and whether the folder was read to its end."""
        box = look.whose.id
        async with self._session() as session:
            mark = await mark_of(session, box, folder)
        await asyncio.to_thread(mailbox.open, folder, mark)
        if mark.validity and mailbox.bookmark.validity != mark.validity:
            async with self._session() as session:
                await sync.forget(session, box, folder)
                await session.commit()
        new = 0
        while time.monotonic() < look.ends:
            mails = mailbox.mails()
            any_ = False
            while chunk := await asyncio.to_thread(_next, mails):
                any_ = True
                batch = await asyncio.to_thread(_arrived, chunk, sent, place)
                new += await self._take(look, folder, mailbox.bookmark, batch, [uid for uid, _ in chunk])
            if not any_:
                await self._gone(box, mailbox, folder)
                await self._flags(box, mailbox, folder)
                return new, True
        return new, False

    async def _take(
        self, look: Look, folder: str, mark: Bookmark, letters: Sequence[Arrived], uids: Sequence[int]
    ) -> int:
        """Stores a batch and how far it goes, together."""
        whose = look.whose
        async with self._session() as session:
            arrived = await self._taker.new(session, whose, letters)
            await proved_by_mail(session, _proofs(letters), whose.id, whose.owner)
            await session.commit()
        files = await self._taker.files(arrived)
        async with self._session() as session:
            facts = {"box": whose.id, "claim": look.claim, "now": look.now}
            if await session.one(HOLD, facts) is None:
                raise LostClaim
            work = await self._work_of(session)
            await self._taker.store(work, session, whose, arrived, files)
            await sync.place(session, whose.id, folder, uids, [one.letter.message_id for one in letters])
            await keep_mark(session, whose.id, folder, mark)
            await session.commit()
        return len(arrived)

    async def _gone(self, box: UUID, mailbox: LetterBox, folder: str) -> None:
        """Forgets where letters lay that lie there no more."""
        async with self._session() as session:
            known = await sync.known(session, box, folder)
            if gone := await asyncio.to_thread(mailbox.gone, known):
                await sync.forget(session, box, folder, gone)
                await session.commit()

    async def _flags(self, box: UUID, mailbox: LetterBox, folder: str) -> None:
        """Tells the server what changed here, and keeps what changed there."""
        async with self._session() as session:
            letters = await sync.compared(session, box, folder)
        there = await asyncio.to_thread(mailbox.flags, [one.uid for one in letters])
        changes = sync.settled(letters, there)
        await asyncio.to_thread(mailbox.put, {one.letter.uid: (one.there, one.both) for one in changes})
        async with self._session() as session:
            await sync.forget(session, box, folder, [one.uid for one in letters if one.uid not in there])
            await sync.agree(session, box, folder, changes)
            await session.commit()

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
        case ConsentGone():
            return "consent"
        case imaplib.IMAP4.abort() | OSError():
            return "unreachable"
        case imaplib.IMAP4.error():
            return "folder"
        case _:
            return "other"


def _next(mails: Iterator[tuple[str, bytes]]) -> list[tuple[int, bytes]]:
    """The next letters with their numbers, so many or so large as one batch may be."""
    found: list[tuple[int, bytes]] = []
    size = 0
    for id_, raw in mails:
        found.append((int(id_.partition(".")[2]), raw))
        size += len(raw)
        if len(found) == CHUNK or size >= CHUNK_BYTES:
            break
    return found


def _arrived(chunk: Sequence[tuple[int, bytes]], sent: bool, place: str) -> list[Arrived]:
    return [Arrived(read_letter(raw), sent, place) for _, raw in chunk]


def _closed(mailbox: LetterBox) -> None:
    """A server that does not say goodbye has nevertheless said all it had."""
    try:
        mailbox.close()
    except FAILURES:
        return
