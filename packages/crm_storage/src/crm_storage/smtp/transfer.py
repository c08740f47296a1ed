"""Mails over an open connection, one after the other, each with its fate."""

import asyncio
from collections.abc import Callable

import msgspec

from crm_domain.sending.letter import Outgoing
from crm_domain.sending.replies import Class, Reply, Stage, classify
from crm_storage.smtp.connection import BROKEN, WAIT_S, Connection

NOT_OFFERED = Reply(550, "5.6.7", "5.6.7 the relay does not take addresses with these letters")
GO_ON = 354


class Fate(msgspec.Struct, frozen=True):
    """What became of a mail, how far it had come, and what the server said."""

    message: int
    kind: Class
    stage: Stage
    reply: Reply | None = None


Source = Callable[[], Outgoing | None]
Report = Callable[[Fate], None]


async def transfer(connection: Connection, first: Outgoing, more: Source, done: Report) -> None:
    """Hands over mails as long as `more` has one; returns when it has none, the connection is used up or broken.

    Where the server takes pipelining, the next envelope goes out with the former content: a mail costs one round
    trip. Its content leaves only after the former's fate is known, so of each connection at most one mail can
    become unknown. Every mail that was taken has its fate told, whatever happens.
    """
    line = _Line(connection, more, done)
    line.current = first
    try:
        while line.current:
            async with asyncio.timeout(WAIT_S):
                await line.step()
    except BROKEN:
        connection.close()
        line.abandon()
    except asyncio.CancelledError:
        connection.close()
        line.abandon()
        raise


class _Line:
    """The mail under way, the one whose envelope may be ahead, and how far things are."""

    def __init__(self, connection: Connection, more: Source, done: Report) -> None:
        self._connection, self._more, self._done = connection, more, done
        self._pipelining = "PIPELINING" in connection.features
        self.current: Outgoing | None = None
        self._next: Outgoing | None = None
        self._ahead = False
        self._stage: Stage = "mail"

    async def step(self) -> None:
        """One mail from its envelope to its fate."""
        mail = self.current
        assert mail is not None
        if not mail.ascii_envelope and "SMTPUTF8" not in self._connection.features:
            self._tell(Fate(mail.message, Class.BLOCKED, "recipient", NOT_OFFERED))
            return
        refused = await self._envelope(mail)
        if refused:
            self._tell(refused)
            if not self._connection.broken:
                await self._connection.say("RSET")
            return
        self._stage = "content"
        self._next = self._following()
        self._ahead = self._next is not None and self._pipelining and self._takes(self._next)
        ahead = self._commands(self._next) if self._ahead and self._next else b""
        self._connection.writer.write(framed(mail.content) + ahead)
        await self._connection.writer.drain()
        reply = await self._connection.replies.next()
        self._tell(Fate(mail.message, classify("content", reply), "content", reply))

    def abandon(self) -> None:
        """The connection is gone: what was being handed over is unknown, what was not is not."""
        if self.current:
            self._done(Fate(self.current.message, classify(self._stage, None), self._stage))
        if self._next:
            self._done(Fate(self._next.message, Class.SERVICE, "mail"))
        self.current = self._next = None

    async def _envelope(self, mail: Outgoing) -> Fate | None:
        """Says whom it is from and to; the fate of a mail that is not taken."""
        refused: Fate | None = None
        stages: tuple[Stage, ...] = ("mail", "recipient", "data")
        if self._pipelining and not self._ahead:
            self._connection.writer.write(self._commands(mail))
        for stage, command in zip(stages, self._lines(mail), strict=True):
            if not self._pipelining:
                self._connection.writer.write(command)
            reply = await self._connection.replies.next()
            good = reply.code == GO_ON if stage == "data" else reply.code // 100 == 2
            if not good and refused is None:
                refused = Fate(mail.message, classify(stage, reply), stage, reply)
            if refused and stage == "data" and reply.code == GO_ON:
                await self._connection.say(".")
            if reply.code == 421 or (refused and not self._pipelining):
                break
        self._ahead = False
        if refused and refused.reply and refused.reply.code == 421:
            self._connection.close()
        return refused

    def _tell(self, fate: Fate) -> None:
        """Reports the mail under way and goes on to the next."""
        self.current = None
        self._done(fate)
        self._connection.sent += 1
        if fate.reply and fate.reply.code == 421:
            self._connection.close()
        if self._connection.broken:
            self.abandon()
            return
        self.current, self._next, self._stage = self._next or self._following(), None, "mail"

    def _following(self) -> Outgoing | None:
        """The next mail, if there is one at once and this connection may carry it."""
        connection = self._connection
        room = connection.sent + 1 < connection.account.per_connection
        return self._more() if room and not connection.broken else None

    def _takes(self, mail: Outgoing) -> bool:
        return mail.ascii_envelope or "SMTPUTF8" in self._connection.features

    def _commands(self, mail: Outgoing) -> bytes:
        return b"".join(self._lines(mail))

    def _lines(self, mail: Outgoing) -> tuple[bytes, bytes, bytes]:
        wide = "" if mail.ascii_envelope else " SMTPUTF8"
        return (
            f"MAIL FROM:<{mail.mail_from}>{wide}\r\n".encode(),
            f"RCPT TO:<{mail.rcpt_to}>\r\n".encode(),
            b"DATA\r\n",
        )


def framed(content: bytes) -> bytes:
    """The content with its dots doubled where a line begins with one, and the dot that ends it."""
    if b"\r\n." in content or content.startswith(b"."):
        content = content.replace(b"\r\n.", b"\r\n..")
        content = b"." + content if content.startswith(b".") else content
    return content + (b".\r\n" if content.endswith(b"\r\n") else b"\r\n.\r\n")
