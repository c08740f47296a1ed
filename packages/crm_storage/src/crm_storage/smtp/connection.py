"""One connection to a mail server: greeting, TLS, sign-in, goodbye."""

import asyncio
import base64
import ssl
from contextlib import suppress

from crm_domain.sending.replies import Class, Reply, Stage, classify
from crm_storage.outbound.door import normal_host, tls_context
from crm_storage.smtp.account import Account
from crm_storage.smtp.replies import Nonsense, Replies

WAIT_S = 60.0
"""REL-21: for any one answer."""
BROKEN = (OSError, TimeoutError, EOFError, Nonsense)
"""What ends a connection whatever was meant to be said next."""


class Unusable(Exception):
    """The connection cannot be used; the class says whether to try again later or to stop the account."""

    def __init__(self, kind: Class, reply: Reply | None = None) -> None:
        super().__init__(kind)
        self.kind = kind
        self.reply = reply


class Connection:
    """A signed-in connection. `sent` counts the mails that went over it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, account: Account) -> None:
        self.account = account
        self.writer = writer
        self.replies = Replies(reader)
        self.features: dict[str, str] = {}
        self.sent = 0
        self.broken = False

    async def greet(self) -> None:
        """Greeting, EHLO, TLS where the account asks for it, sign-in. Raises Unusable."""
        try:
            async with asyncio.timeout(WAIT_S):
                self._good(await self.replies.next(), "greeting")
                await self._hello()
                if self.account.security == "starttls":
                    await self._secure()
                if self.account.user:
                    await self._sign_in()
        except BROKEN as error:
            self.close()
            raise Unusable(Class.SIGN_IN if isinstance(error, ssl.SSLError) else Class.SERVICE) from error
        except Unusable:
            self.close()
            raise

    async def say(self, line: str) -> Reply:
        """One command and its answer."""
        self.writer.write(line.encode() + b"\r\n")
        await self.writer.drain()
        return await self.replies.next()

    async def quit(self) -> None:
        """Says goodbye without waiting for the answer."""
        if not self.broken:
            with suppress(OSError, TimeoutError):
                self.writer.write(b"QUIT\r\n")
                async with asyncio.timeout(1):
                    await self.writer.drain()
        self.close()

    def close(self) -> None:
        """Cuts the connection; safe to call twice."""
        self.broken = True
        self.writer.close()

    async def _hello(self) -> None:
        reply = await self.say(f"EHLO {self.account.helo}")
        if reply.code // 100 != 2:
            self._good(await self.say(f"HELO {self.account.helo}"), "greeting")
            return
        lines = (line.partition(" ") for line in reply.text.splitlines()[1:])
        self.features = {name.upper(): rest.upper() for name, _, rest in lines}

    async def _secure(self) -> None:
        """TLS or nothing. What was said in clear beyond the answer does not count as said under TLS."""
        if "STARTTLS" not in self.features:
            raise Unusable(Class.SIGN_IN)
        self._good(await self.say("STARTTLS"), "sign_in")
        if not self.replies.clean:
            raise Unusable(Class.SERVICE)
        await self.writer.start_tls(tls_context(), server_hostname=normal_host(self.account.host))
        await self._hello()

    async def _sign_in(self) -> None:
        user, password = self.account.user, self.account.password
        if self.account.bearer:
            secret = base64.b64encode(f"user={user}\1auth=Bearer {password}\1\1".encode()).decode()
            reply = await self.say(f"AUTH XOAUTH2 {secret}")
            if reply.code == 334:
                reply = await self.say("")  # what is wrong is asked for by an empty answer
        elif "LOGIN" in self.features.get("AUTH", "").split() and "PLAIN" not in self.features["AUTH"].split():
            reply = await self.say("AUTH LOGIN")
            for secret in (user, password):
                if reply.code != 334:
                    break
                reply = await self.say(base64.b64encode(secret.encode()).decode())
        else:
            secret = base64.b64encode(f"\0{user}\0{password}".encode()).decode()
            reply = await self.say(f"AUTH PLAIN {secret}")
        self._good(reply, "sign_in")

    def _good(self, reply: Reply, stage: Stage) -> None:
        if reply.code // 100 != 2:
            raise Unusable(classify(stage, reply), reply)
