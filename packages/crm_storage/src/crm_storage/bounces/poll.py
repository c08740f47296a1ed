"""Polling the bounce accounts of a tenant: claimed by one process at a time, stored before anything is moved away."""

import asyncio
import imaplib
import poplib
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from uuid import UUID

import structlog

from crm_domain.problems import Problem
from crm_domain.tracking.tokens import Tokens
from crm_storage.bounces.mailboxes import Bookmark, ImapMailbox, Mailbox, PopMailbox, Server
from crm_storage.bounces.take import Taker
from crm_storage.database import Database
from crm_storage.outbound import Door
from crm_storage.sealing import Seals, Unreadable
from crm_storage.sending.alarm import alarm
from crm_storage.vault import Vault

MODULE, PASSWORD = "bounce_accounts", "password"
EVERY_S, SLOWEST = 120, 15
"""Seconds between two looks; after failures up to so many times as many."""
CHUNK = 20
WAIT_S = 30.0
TROUBLED = 5
"""Failures in a row after which the account is shown as not working, and administrators are told."""
DUE = f"""
SELECT a.id FROM bounce_accounts a LEFT JOIN bounce_reading r ON r.account_id = a.id
WHERE a.active AND a.deleted_at IS NULL AND (r.read_at IS NULL
  OR r.read_at < %(now)s::timestamptz - make_interval(secs => {EVERY_S} * least(power(2, r.failures), {SLOWEST})))
"""
CLAIM = """
INSERT INTO bounce_reading AS r (account_id, claimed_until) VALUES (%(account)s, %(now)s::timestamptz + interval '10 minutes')
ON CONFLICT (account_id) DO UPDATE SET claimed_until = excluded.claimed_until
WHERE r.claimed_until IS NULL OR r.claimed_until < %(now)s
RETURNING uid_validity, last_uid
"""
ACCOUNT = """
SELECT protocol, host, port, security, user_name, coalesce(folder, 'INBOX'), coalesce(processed_folder, ''), leave_on_server
FROM bounce_accounts WHERE id = %(account)s AND active AND deleted_at IS NULL
"""
SEEN = "SELECT uid FROM inbound_mail WHERE account_id = %(account)s"
READ = """
WITH reading AS (
  UPDATE bounce_reading SET uid_validity = %(validity)s, last_uid = %(uid)s, read_at = %(now)s, claimed_until = NULL, failures = 0,
    error = '' WHERE account_id = %(account)s
)
UPDATE bounce_accounts SET state = 'working', state_note = NULL WHERE id = %(account)s AND state IS DISTINCT FROM 'working'
"""
FAILED = f"""
WITH reading AS (
  UPDATE bounce_reading SET read_at = %(now)s, claimed_until = NULL, failures = failures + 1, error = %(error)s
  WHERE account_id = %(account)s RETURNING failures
)
UPDATE bounce_accounts SET state = CASE WHEN reading.failures >= {TROUBLED} THEN 'disabled' ELSE 'slow' END, state_note = %(error)s
FROM reading WHERE id = %(account)s RETURNING reading.failures, name
"""
TROUBLES = (Problem, Unreadable, OSError, imaplib.IMAP4.error, poplib.error_proto, TimeoutError, ValueError)


class Bounces:
    """One for each worker process."""

    def __init__(self, database: Database, door: Door, tokens: Tokens, seals: Seals) -> None:
        self._database, self._door, self._tokens, self._seals = database, door, tokens, seals

    async def look(self, tenant: int, now: datetime) -> int:
        """Polls what is due; how many mails were new."""
        async with self._database.tenant(tenant) as session:
            due = [row[0] for row in await session.rows(DUE, {"now": now})]
        return sum([await self.poll(tenant, account, now) for account in due])

    async def poll(self, tenant: int, account: UUID, now: datetime) -> int:
        """Reads one account, unless another process does; how many mails were new. Failures are kept with the account."""
        async with self._database.tenant(tenant) as session:
            claimed = await session.one(CLAIM, {"account": account, "now": now})
            await session.commit()
        if claimed is None:
            return 0
        try:
            return await self._read(tenant, account, Bookmark(claimed[0], claimed[1]), now)
        except TROUBLES as error:
            told = error.id if isinstance(error, Problem) else type(error).__name__
            structlog.get_logger().warning("bounces.unread", tenant=tenant, account=str(account), error=told)
            async with self._database.tenant(tenant) as session:
                row = await session.one(FAILED, {"account": account, "now": now, "error": told})
                if row and row[0] == TROUBLED:
                    await alarm(session, "bounces_unread", {"account": row[1]})
                await session.commit()
            return 0

    async def _read(self, tenant: int, account: UUID, bookmark: Bookmark, now: datetime) -> int:
        mailbox = await self._open(tenant, account, bookmark)
        try:
            new = 0
            mails = mailbox.mails()
            while chunk := await asyncio.to_thread(_next, mails):
                understood, fresh = await self._take(tenant, account, chunk, now)
                new += fresh
                await asyncio.to_thread(mailbox.after, understood)
        finally:
            await asyncio.to_thread(_closed, mailbox)
        facts = {"validity": mailbox.bookmark.validity, "uid": mailbox.bookmark.uid, "account": account, "now": now}
        async with self._database.tenant(tenant) as session:
            await session.execute(READ, facts)
            await session.commit()
        return new

    async def _open(self, tenant: int, account: UUID, bookmark: Bookmark) -> Mailbox:
        async with self._database.tenant(tenant) as session:
            row = await session.one(ACCOUNT, {"account": account})
            if row is None:
                raise ValueError("the account is gone")
            password = await Vault(self._seals, tenant).read(session, MODULE, account, PASSWORD)
            protocol, host, port, security, user, folder, processed, leave = row
            seen: frozenset[str] = frozenset()
            if protocol == "pop3":
                seen = frozenset(uid for (uid,) in await session.rows(SEEN, {"account": account}))
        server = Server(
            protocol=protocol, host=host, port=port, security=security, user=user, folder=folder, processed=processed,
            leave=bool(leave),
        )  # fmt: skip
        connected = await self._door.socket(tenant, host, port, tls=security == "tls", wait_s=WAIT_S)
        if protocol == "pop3":
            return await asyncio.to_thread(PopMailbox, connected, server, password or "", seen)
        return await asyncio.to_thread(ImapMailbox, connected, server, password or "", bookmark)

    async def _take(
        self, tenant: int, account: UUID, chunk: Sequence[tuple[str, bytes]], now: datetime
    ) -> tuple[list[str], int]:
        """Stores and applies; which may be put away, and how many were new."""
        taker, understood, fresh = Taker(self._tokens, tenant), list[str](), 0
        async with self._database.tenant(tenant) as session:
            for uid, raw in chunk:
                taken = await taker.take(session, account, uid, raw, now)
                fresh += taken.new
                if taken.known:
                    understood.append(uid)
            await session.commit()
        return understood, fresh


def _next(mails: Iterator[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    return list(islice(mails, CHUNK))


def _closed(mailbox: Mailbox) -> None:
    """A server that does not say goodbye has nevertheless said all it had."""
    try:
        mailbox.close()
    except TROUBLES:
        return
