"""Letters on their way: by the mailbox's own server through the outbound door, else by the house's relay."""

import asyncio
import re
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import structlog

from crm_domain.definition import Blob
from crm_domain.letters.addresses import Party, parties
from crm_domain.letters.outgoing import Sent, mail_of
from crm_domain.problems import BadValue, NotFound, Refused
from crm_domain.sending.compose import OPEN
from crm_domain.sending.letter import Attachment
from crm_domain.sending.replies import Class
from crm_domain.tenancy import Tenant
from crm_domain.tracking.tokens import Content, Kind, Tokens
from crm_storage.database import Database, Session
from crm_storage.files.door import FileDoor
from crm_storage.letters import way
from crm_storage.letters.consent import ConsentGone, SignIns
from crm_storage.letters.opens import number_for
from crm_storage.letters.rules import letter_rules
from crm_storage.letters.wire import Outcome, Refusal, hand_over
from crm_storage.outbound import Door
from crm_storage.outbound.door import tls_context
from crm_storage.outbox import put
from crm_storage.sealing import Seals
from crm_storage.smtp.account import Account, Security
from crm_storage.smtp.connection import BROKEN, Connection, Unusable

OPEN_S = 10
COPY = "email.copy"
"""Asks for a copy of what was sent in its mailbox's own folder."""
LETTER = """
SELECT e.id, e.name, e.sender, e.recipients, e.copies, e.blind, e.description, e.body, e.attachments, e.message_id, e.answers,
  e.ancestors, e.sent_at, e.mailbox, m.smtp_host, m.smtp_port, m.smtp_security, m.user_name, e.assigned_to,
  coalesce(m.auto_link, true), coalesce(e.track_opens, false),
  coalesce(e.automatic, false)
FROM emails e LEFT JOIN mailboxes m ON m.id = e.mailbox
WHERE e.id = %(email)s AND e.status = %(status)s AND e.deleted_at IS NULL
  AND (e.leaves_at IS NULL OR e.leaves_at <= now())
"""
SHOWN = """
SELECT b.key, b.name, b.media_type, b.size, b.pictured FROM blob_link l JOIN blob b ON b.key = l.key
WHERE l.record_id = %(email)s AND l.field = 'body'
"""
"""The pictures that stand in a letter's text."""
IN_TEXT = re.compile(r'src="/files/([0-9a-f]{48})/[a-z]*"')


class House(NamedTuple):
    """What the installation sends by where a mailbox has no server of its own."""

    relay: Account
    domain: str
    """Of the house's own address, from which such letters come; answers go to whoever wrote."""
    tracker_url: str
    tokens: Tokens


class Queued(NamedTuple):
    """A letter that waits, with how its mailbox sends."""

    id: UUID
    name: str
    sender: str | None
    recipients: str | None
    copies: str | None
    blind: str | None
    description: str | None
    body: str | None
    attachments: Sequence[dict[str, Any]] | None
    message_id: str | None
    answers: str | None
    ancestors: str | None
    sent_at: datetime
    mailbox: UUID | None
    host: str | None
    port: int | None
    security: Security | None
    user: str | None
    owner: UUID | None
    auto_link: bool
    tracked: bool
    automatic: bool

    def people(self) -> list[str]:
        """Everybody it goes to, each once."""
        texts = (self.recipients, self.copies, self.blind)
        return list(dict.fromkeys(party.address for text in texts for party in parties(text)))


class Dispatch:
    """The letters of one tenant."""

    def __init__(
        self, database: Database, door: Door, seals: Seals, files: FileDoor, tenant: Tenant, house: House
    ) -> None:
        self._database, self._door = database, door
        self._sign_ins = SignIns(database, door, seals, tenant)
        self._files, self._tenant, self._house = files, tenant, house

    async def send(self, id_: UUID) -> None:
        """Sends a queued letter, once however often it is asked. Raises what may be better next time."""
        async with self._session() as session:
            row = await session.one(LETTER, {"email": id_, "status": "queued"})
        if row is None:
            return
        try:
            await self._carry(Queued(*row))
        except Refusal as refusal:
            structlog.get_logger().warning("letter.failed", tenant=self._tenant.number, reason=str(refusal))
            async with self._session() as session:
                await way.fail(session, id_, str(refusal))
                await session.commit()

    async def sent(self, id_: UUID) -> Sent | None:
        """A letter that has left, without what tells that it was opened. Raises Refusal when a file of it is gone."""
        async with self._session() as session:
            row = await session.one(LETTER, {"email": id_, "status": "sent"})
            if row is None:
                return None
            queued = Queued(*row)
            return await self._sent(session, queued._replace(tracked=False), own=bool(queued.mailbox and queued.host))

    async def _carry(self, queued: Queued) -> None:
        """Hands one letter over. Raises Refusal, and for the house's relay what may be better next time."""
        own = bool(queued.mailbox and queued.host)
        async with self._session() as session:
            sent = await self._sent(session, queued, own=own)
            await session.commit()
        try:
            mail = mail_of(sent)
        except (BadValue, ValueError) as error:
            raise Refusal("refused") from error
        token = uuid4()
        try:
            account = await self._account(queued) if own else self._house.relay
            connection = await self._open(account, own=own)
            try:
                begin = partial(self._begin, queued, token, sent.message_id)
                outcome = await hand_over(connection, sent.sender.address, queued.people(), mail, begin)
            finally:
                await connection.quit()
        except (*BROKEN, Unusable, Refused) as error:
            if own:
                raise Refusal("unreachable") from error
            raise
        await self._end(queued, token, outcome, own=own)

    async def _begin(self, queued: Queued, token: UUID, message_id: str) -> bool:
        async with self._session() as session:
            people, by, link = queued.people(), queued.owner, queued.auto_link
            begun = await way.begin(session, queued.id, token, message_id, people=people, by=by, link=link)
            await session.commit()
        return begun

    async def _end(self, queued: Queued, token: UUID, outcome: Outcome, *, own: bool) -> None:
        """Keeps how it ended. What the house's relay wants to wait for waits. Raises ConnectionError then."""
        later = ("send_error", "unreachable") if own else ("queued", None)
        ends = {
            Outcome.SENT: ("sent", None),
            Outcome.REFUSED: ("send_error", "refused"),
            Outcome.UNKNOWN: ("uncertain", None),
        }
        if outcome is Outcome.NOT_OURS:
            return
        status, failure = ends.get(outcome, later)
        async with self._session() as session:
            await way.end(session, queued.id, token, status, failure)
            if status == "sent" and queued.mailbox:
                await put(session, COPY, {"email": str(queued.id)})
            await session.commit()
        if status != "sent":
            structlog.get_logger().warning("letter.unsent", tenant=self._tenant.number, outcome=outcome.value)
        if status == "queued":
            raise ConnectionError

    def _session(self) -> AbstractAsyncContextManager[Session]:
        return self._database.tenant(self._tenant.number)

    async def _sent(self, session: Session, queued: Queued, *, own: bool) -> Sent:
        """The letter with its files. The house writes as itself, for somebody who gets the answers."""
        writer = next(iter(parties(queued.sender)), None)
        if writer is None:
            raise Refusal("refused")
        shown = writer if own else Party(writer.name, f"no-reply@{self._house.domain}")
        files = [Blob(*found) for found in await session.rows(SHOWN, {"email": queued.id})]
        pictures = await self._attached(files)
        return Sent(
            sender=shown,
            reply_to=None if own else writer,
            to=parties(queued.recipients),
            copies=parties(queued.copies),
            subject=queued.name,
            text=queued.description or "",
            markup=IN_TEXT.sub(r'src="cid:\1@letter"', queued.body or ""),
            pictures={f"{blob.key}@letter": picture for blob, picture in zip(files, pictures, strict=True)},
            message_id=queued.message_id or f"<{queued.id}@{shown.address.partition('@')[2]}>",
            answers=queued.answers or "",
            ancestors=queued.ancestors or "",
            at=queued.sent_at,
            attachments=await self._attached([Blob(**file) for file in queued.attachments or ()]),
            automatic=queued.automatic,
            pixel=await self._pixel(session, queued),
        )

    async def _pixel(self, session: Session, queued: Queued) -> str:
        """Where the tracker notes that the letter was opened; nothing unless writer, company and readers allow it."""
        if not (queued.tracked and queued.body and (await letter_rules(session)).may_track):
            return ""
        number = await number_for(session, queued.id, queued.people())
        token = self._house.tokens.sign(Kind.OPEN, Content(self._tenant.number, number))
        return f"{self._house.tracker_url}{OPEN}{token}.gif" if number else ""

    async def _account(self, queued: Queued) -> Account:
        assert queued.mailbox and queued.host, "only a mailbox's own server is asked for"
        try:
            known = await self._sign_ins.credentials(queued.mailbox)
        except ConsentGone:
            raise Refusal("consent") from None
        return Account(
            host=queued.host,
            port=queued.port or 587,
            security=queued.security or "starttls",
            user=queued.user or "",
            password=known.secret,
            bearer=known.bearer,
            helo=self._house.relay.helo,
        )

    async def _attached(self, files: Sequence[Blob]) -> list[Attachment]:
        found: list[Attachment] = []
        for blob in files:
            try:
                pieces = [piece async for piece in await self._files.open(self._tenant, blob.key)]
            except NotFound:
                raise Refusal("attachments") from None
            found.append(Attachment(blob.name, blob.media_type, b"".join(pieces)))
        return found

    async def _open(self, account: Account, *, own: bool) -> Connection:
        """The house's relay was named by the operator; a mailbox's server is judged by the door."""
        tls = account.security == "tls"
        try:
            if own:
                reader, writer = await self._door.streams(self._tenant.number, account.host, account.port, tls=tls)
            else:
                async with asyncio.timeout(OPEN_S):
                    reader, writer = await asyncio.open_connection(
                        account.host, account.port, ssl=tls_context() if tls else None
                    )
        except Refused as refused:
            if refused.id == "outbound.not_allowed":
                raise Refusal("not_allowed") from refused
            raise
        connection = Connection(reader, writer, account)
        try:
            await connection.greet()
        except Unusable as trouble:
            if trouble.kind is Class.SIGN_IN:
                raise Refusal("sign_in") from trouble
            raise
        return connection
