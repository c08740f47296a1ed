"""Carries begun mails over a handful of connections and tells each one's fate."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress

from crm_domain.problems import Refused
from crm_domain.sending.letter import Outgoing
from crm_domain.sending.replies import Class
from crm_storage.ending import end
from crm_storage.outbound.door import tls_context
from crm_storage.sending.gate import Gate
from crm_storage.sending.station import Outlet, Station
from crm_storage.smtp.connection import Connection, Unusable
from crm_storage.smtp.transfer import Fate, transfer

IDLE_S = 10
OPEN_S = 10


class Courier:
    """Connections are opened when there is work and closed when there has been none for a while."""

    def __init__(self, station: Station, outlet: Outlet, done: Callable[[Fate], None]) -> None:
        self._station, self._outlet, self._done = station, outlet, done
        self._gate = Gate(outlet.pace.per_second)
        self._wire: deque[Outgoing] = deque()
        self._work = asyncio.Condition()
        self._tasks: set[asyncio.Task[None]] = set()
        self._idle = 0
        self._closing = False
        self.trouble: Unusable | None = None
        """Why no connection could be opened; nothing more is carried then."""

    async def carry(self, mails: Sequence[Outgoing]) -> None:
        """Takes mails that have been begun. Each gets a fate, also when the server is away."""
        self._wire.extend(mails)
        if self.trouble:
            self._turn_away(self.trouble)
            return
        serving = sum(not task.done() for task in self._tasks)
        missing = min(self._outlet.connections - serving, len(self._wire) - self._idle)
        for _ in range(max(0, missing)):
            task = asyncio.create_task(self._serve())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        async with self._work:
            self._work.notify(len(mails))

    async def close(self, seconds: float) -> None:
        """Lets what is on the wire end; whatever has not ended by then is cut off, and unknown."""
        self._closing = True
        async with self._work:
            self._work.notify_all()
        if self._tasks:
            _, late = await asyncio.wait(tuple(self._tasks), timeout=seconds)
            with suppress(Exception):  # what was cut off is unknown, however it ends
                await end(*late)
        self._turn_away(Unusable(Class.SERVICE))

    async def _serve(self) -> None:
        """One connection after the other: mails that come while one is being closed find nobody else who waits."""
        while True:
            await self._one_connection()
            if not self._wire:
                return

    async def _one_connection(self) -> None:
        connection: Connection | None = None
        mail: Outgoing | None = None
        try:
            while (mail := await self._next()) is not None:
                if connection is None or connection.broken or connection.sent >= connection.account.per_connection:
                    if connection:
                        await connection.quit()
                    connection = await connect(self._station, self._outlet)
                first, mail = mail, None
                await transfer(connection, first, self._more, self._done)
        except Unusable as trouble:
            self.trouble = trouble
            self._turn_away(trouble)
        finally:
            if mail:
                kind = self.trouble.kind if self.trouble else Class.SERVICE
                self._done(Fate(mail.message, kind, "greeting", self.trouble.reply if self.trouble else None))
            if connection:
                await connection.quit()

    def _turn_away(self, trouble: Unusable) -> None:
        while self._wire:
            self._done(Fate(self._wire.popleft().message, trouble.kind, "greeting", trouble.reply))

    def _more(self) -> Outgoing | None:
        """The next mail, if there is one that may go at once."""
        return self._wire.popleft() if self._wire and not self._gate.wait() else None

    async def _next(self) -> Outgoing | None:
        """The next mail when its turn comes; None when there is none for a while or it is time to close."""
        while self._wire or await self._called():
            pause = self._gate.wait()
            if not pause:
                return self._wire.popleft()
            await asyncio.sleep(pause)
        return None

    async def _called(self) -> bool:
        """Whether there is work, for which this waits a while; also work that came at the end of the waiting."""
        async with self._work:
            self._idle += 1
            try:
                with suppress(TimeoutError):
                    async with asyncio.timeout(IDLE_S):
                        await self._work.wait_for(lambda: self._wire or self._closing or self.trouble)
            finally:
                self._idle -= 1
        return bool(self._wire)


async def connect(station: Station, outlet: Outlet) -> Connection:
    """A signed-in connection to the account's server: the tenant's by the one door out, the operator's relay directly.

    Raises Unusable.
    """
    account = outlet.account
    tls = account.security == "tls"
    try:
        if outlet.own:
            context = tls_context() if tls else None
            async with asyncio.timeout(OPEN_S):
                reader, writer = await asyncio.open_connection(account.host, account.port, ssl=context)
        else:
            reader, writer = await station.door.streams(station.number, account.host, account.port, tls=tls)
    except (OSError, TimeoutError, Refused) as error:
        raise Unusable(Class.SERVICE) from error
    connection = Connection(reader, writer, account)
    await connection.greet()
    return connection
