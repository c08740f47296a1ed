"""Sends what one account has waiting, for a while: mails are begun in groups, handed over, and concluded in groups (4.3)."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from uuid import UUID

import structlog

from crm_domain.sending.replies import Class
from crm_storage.database import Session
from crm_storage.ending import end
from crm_storage.failures import UNAVAILABLE
from crm_storage.sending import marks, pace
from crm_storage.sending.alarm import disable_account, halt_if_bad
from crm_storage.sending.courier import Courier
from crm_storage.sending.larder import BATCH, Larder
from crm_storage.sending.lease import give_back, renew
from crm_storage.sending.piece import Piece, result_of
from crm_storage.sending.station import Outlet, Station
from crm_storage.smtp.transfer import Fate

GROUP = 50
"""Mails begun in one transaction. With the connections it bounds what a killed worker leaves uncertain."""
TURN_S = 20.0
DRAIN_S = 20.0
RENEW_S = 30.0
LOOK_S = 0.5
"""An idle lane looks again so often; after two looks it ends."""
AWAY_S = 0.5
STREAK = 3
"""Mails in a row that could not be handed over, after which the server counts as away."""


class Lane:
    """One account's turn in this process. Several lanes of one account, here or elsewhere, never meet in a row."""

    def __init__(self, station: Station, account: UUID, outlet: Outlet) -> None:
        self._station, self._account, self._outlet = station, account, outlet
        self._larder = Larder(station, account, outlet)
        self._courier = Courier(station, outlet, self._told)
        self._begun: dict[int, Piece] = {}
        self._between = asyncio.Event()
        """Unset while pieces are on their way from the larder to the wire, and in neither."""
        self._between.set()
        self._fates: list[Fate] = []
        self._doubtful: list[Piece] = []
        self._stir = asyncio.Event()
        per_second = outlet.pace.per_second
        self._window = outlet.connections + (max(1, per_second // 10) if per_second else GROUP)
        self._streak = 0
        self._worked = False
        self._by_provider: Counter[str] = Counter()
        self._started = time.monotonic()
        self._chance = random.Random()  # noqa: S311 - spreads pauses, guards nothing
        self.concluded = 0
        """Mails whose result was noted."""

    async def run(self, stop: asyncio.Event, seconds: float = TURN_S) -> None:
        """Until nothing is left, the time is over, the account fails or `stop` is set; everything begun has its result then."""
        marking = asyncio.create_task(self._mark())
        renewing = asyncio.create_task(self._renew())
        try:
            await self._feed(stop, time.monotonic() + seconds)
        finally:
            await self._drain()
            await end(marking, renewing)
            await self._last_words()

    async def _feed(self, stop: asyncio.Event, until: float) -> None:
        idle = 0
        while not stop.is_set() and time.monotonic() < until and not self._failed:
            try:
                await self._larder.place_late()
                if len(self._larder.pieces) >= BATCH // 2:
                    await asyncio.sleep(0.01)
                    continue
                found = await self._larder.fill()
            except UNAVAILABLE:
                await asyncio.sleep(AWAY_S)
                continue
            self._stir.set()
            idle = 0 if found or self._larder.pieces or self._unfinished else idle + 1
            if idle > 1:
                return
            if not found:
                await asyncio.sleep(LOOK_S if not self._larder.pieces else 0.05)

    @property
    def _unfinished(self) -> bool:
        return bool(self._begun or self._doubtful or not self._between.is_set())

    @property
    def _failed(self) -> bool:
        return self._courier.trouble is not None or self._streak >= STREAK

    def _told(self, fate: Fate) -> None:
        self._streak = self._streak + 1 if fate.kind is Class.SERVICE else 0
        self._worked = self._worked or fate.kind is Class.ACCEPTED
        self._fates.append(fate)
        self._stir.set()

    async def _mark(self) -> None:
        """Group commits: as many results and beginnings as there are, one transaction after the other."""
        while True:
            if not self._fates and not self._doubtful and not self._due(1):
                self._stir.clear()
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._pause()):
                        await self._stir.wait()
                continue
            self._between.clear()
            try:
                await self._commit()
            finally:
                self._between.set()

    async def _commit(self) -> None:
        fates, self._fates = self._fates, []
        pieces = self._due(min(GROUP, self._window - len(self._begun) + len(fates)))
        for _ in pieces:
            self._larder.pieces.popleft()
        ended = [(self._begun[fate.message], fate) for fate in fates if fate.message in self._begun]
        try:
            async with self._station.session() as session:
                allowed = await self._note(session, ended, pieces)
                await session.commit()
            self._doubtful = []
        except UNAVAILABLE as error:
            structlog.get_logger().warning("lane.waits", error=type(error).__name__)
            self._fates = [*fates, *self._fates]
            self._doubtful += pieces
            await asyncio.sleep(AWAY_S)
            return
        for piece, _ in ended:
            del self._begun[piece.row.id]
        self.concluded += len(ended)
        going = [piece for piece in pieces if piece.row.id in allowed]
        self._begun |= {piece.row.id: piece for piece in going}
        await self._courier.carry([piece.mail for piece in going])

    async def _note(self, session: Session, ended: Sequence[tuple[Piece, Fate]], pieces: Sequence[Piece]) -> set[int]:
        """Within one transaction: results, their consequences, and the beginnings that are allowed."""
        now = self._station.clock()
        if self._doubtful:
            await self._undo(session)
        if ended:
            results = [result_of(piece, fate, now, self._chance.random()) for piece, fate in ended]
            await marks.conclude(session, results)
            await self._learn(session, ended)
        allowed = await marks.begin(session, [piece.beginning for piece in pieces]) if pieces else set[int]()
        held = [piece for piece in pieces if piece.row.id not in allowed]
        for piece in held:
            await give_back(session, piece.token, [piece.row.id], now)
        return allowed

    async def _learn(self, session: Session, ended: Sequence[tuple[Piece, Fate]]) -> None:
        """What answers mean beyond their mail: a run that goes wrong halts, a provider that asks for it gets rest."""
        for piece, fate in ended:
            self._by_provider[piece.row.provider] += 1
            if fate.kind is Class.SLOW_DOWN:
                rate = self._by_provider[piece.row.provider] / max(1.0, time.monotonic() - self._started)
                await pace.slow_down(session, str(self._account), piece.row.provider, rate)
        for run in {piece.cast.run for piece, _ in ended}:
            if await halt_if_bad(session, run):
                structlog.get_logger().warning("run.halted", run=str(run))

    async def _undo(self, session: Session) -> None:
        """Rows whose begin mark may or may not have lasted: nothing was sent of them, so they wait again."""
        now = self._station.clock()
        results = [result_of(piece, Fate(piece.row.id, Class.SERVICE, "mail"), now, 0) for piece in self._doubtful]
        await marks.conclude(session, results)
        for piece in self._doubtful:
            await give_back(session, piece.token, [piece.row.id], now)

    def _due(self, most: int) -> list[Piece]:
        """The next pieces whose place has come, while there is room on the wire."""
        if most <= 0 or len(self._begun) - len(self._fates) >= self._window or self._failed:
            return []
        now = self._station.clock()
        found: list[Piece] = []
        for piece in self._larder.pieces:
            if len(found) == most or (piece.at and piece.at > now) or self._larder.is_late(piece):
                break
            found.append(piece)
        return found

    def _pause(self) -> float:
        """Seconds until the next piece's place, if it has one."""
        first = next(iter(self._larder.pieces), None)
        if first is None or first.at is None or self._larder.is_late(first):
            return LOOK_S
        return max(0.001, min(LOOK_S, (first.at - self._station.clock()).total_seconds()))

    async def _renew(self) -> None:
        """A slow server must not make rows look abandoned."""
        while True:
            await asyncio.sleep(RENEW_S)
            leases: dict[int, list[int]] = {}
            for piece in (*self._larder.pieces, *self._begun.values()):
                leases.setdefault(piece.token, []).append(piece.row.id)
            with suppress(*UNAVAILABLE):
                async with self._station.session() as session:
                    for token, ids in leases.items():
                        await renew(session, token, ids)
                    await session.commit()

    async def _drain(self) -> None:
        """Gives back what was not begun and waits for what was, also for what is just being begun."""
        leases = self._larder.drop()
        with suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_S):
                await self._between.wait()
        await self._courier.close(DRAIN_S)
        until = time.monotonic() + DRAIN_S
        while self._unfinished and time.monotonic() < until:
            self._stir.set()
            await asyncio.sleep(0.01)
        with suppress(Exception):
            async with self._station.session() as session:
                for token, ids in leases.items():
                    await give_back(session, token, ids, self._station.clock())
                await session.commit()

    async def _last_words(self) -> None:
        """What the turn taught about the account's server; the next turn learns it too."""
        trouble = self._courier.trouble
        with suppress(*UNAVAILABLE):
            async with self._station.session() as session:
                if trouble and trouble.kind is Class.SIGN_IN and not self._outlet.own:
                    await disable_account(session, self._account, trouble.reply.text if trouble.reply else "")
                elif self._failed:
                    await pace.trouble(session, str(self._account))
                elif self._worked:
                    await pace.well(session, str(self._account))
                await session.commit()
