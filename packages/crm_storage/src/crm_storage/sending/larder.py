"""Keeps mails ready for one account: leases rows, composes them, gives each its place where a pace is set."""

import asyncio
import secrets
from collections import deque
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from crm_domain.problems import BadValue
from crm_domain.sending.letter import Recipient
from crm_domain.text.merge_tags import Missing, TooMuch
from crm_storage.database import Session
from crm_storage.records.context import Context
from crm_storage.sending import marks, pace, states
from crm_storage.sending.alarm import halt_if_bad
from crm_storage.sending.cast import Cast, cast, recipients
from crm_storage.sending.lease import Leased, give_back, lease
from crm_storage.sending.piece import Piece
from crm_storage.sending.station import Outlet, Station

BATCH = 200
TOGETHER = 20
"""Mails composed before others get their turn in this process."""
AHEAD_S = 10
"""Where a pace is set, rows are taken for so long in advance."""
FARTHEST = timedelta(seconds=60)
"""A row whose place is further away goes back."""
LATE = timedelta(seconds=1)
"""A row whose place is so long gone gets a new one: other processes have the places after it."""
RUNS = """
SELECT id FROM mkt_run WHERE state = 'sending' AND settings ->> 'account' = %(account)s
ORDER BY kind = 'test' DESC, state_at, id
"""


class Larder:
    """`pieces` are ready to be begun, in the order of their places."""

    def __init__(self, station: Station, account: UUID, outlet: Outlet) -> None:
        self._station, self._account, self._outlet = station, account, outlet
        self._casts: dict[UUID, Cast] = {}
        self._paces: dict[str, pace.Provider] = {}
        self.pieces: deque[Piece] = deque()

    async def fill(self) -> int:
        """Leases and composes up to one batch; how many rows there were, also those that were left out.

        The pieces are there only when the lease lasts: whoever begins them looks from another session.
        """
        async with self._station.work() as context:
            session = context.session
            runs = [row[0] for row in await session.rows(RUNS, {"account": str(self._account)})]
            self._paces = await pace.providers(session, str(self._account))
            limit = await self._allowed(session)
            found, near = 0, list[Piece]()
            for run in runs if limit else ():
                found, near = await self._take(context, run, limit)
                if found:
                    break
                await states.finish(session, run)
            await self._return(session, limit - found)
            await session.commit()
        self._offer(near)
        return found

    def drop(self) -> dict[int, list[int]]:
        """Empties the larder; the rows by lease, to be given back."""
        rows = _by_lease(self.pieces)
        self.pieces.clear()
        return rows

    async def place_late(self) -> None:
        """New places for what missed its own, be it that the process or the database stood still."""
        late: list[Piece] = []
        while self.pieces and self.is_late(self.pieces[0]):
            late.append(self.pieces.popleft())
        if not late:
            return
        near: Sequence[Piece] = late
        try:
            async with self._station.session() as session:
                placed = await self._place(session, [msgspec.structs.replace(piece, at=None) for piece in late])
                await session.commit()
            near = placed
        finally:
            self._offer(near)

    def is_late(self, piece: Piece) -> bool:
        """Whether its place is gone."""
        return piece.at is not None and piece.at < self._now() - LATE

    def _offer(self, pieces: Sequence[Piece]) -> None:
        """Puts them among the others, in the order of their places."""
        now = self._now()
        self.pieces = deque(sorted((*self.pieces, *pieces), key=lambda piece: piece.at or now))

    async def _take(self, context: Context, run: UUID, limit: int) -> tuple[int, list[Piece]]:
        """How many rows were leased of a run, and what may go out of them soon."""
        play = await self._cast(context, run)
        if play is None:
            return 0, []
        token = secrets.randbits(62)
        resting = [name for name, one in self._paces.items() if one.closed_until and one.closed_until > self._now()]
        rows = await lease(context.session, run, play.conditions, token=token, limit=limit, resting=resting)
        if not rows:
            return 0, []
        made = await self._compose(context.session, play, token, await recipients(context, play, rows))
        return len(rows), await self._place(context.session, made)

    async def _cast(self, context: Context, run: UUID) -> Cast | None:
        """The run's composer, made once; a letter that cannot be composed halts the run."""
        if run not in self._casts:
            try:
                self._casts[run] = await cast(self._station, context, run, self._outlet)
            except BadValue as fault:
                facts: dict[str, Any] = {"problem": fault.problem.id, **fault.problem.facts}
                await states.move(context.session, run, ("sending",), "halted", "unrendered", facts)
                return None
        return self._casts[run]

    async def _compose(
        self, session: Session, play: Cast, token: int, rows: Sequence[tuple[Leased, Recipient]]
    ) -> list[Piece]:
        made: list[Piece] = []
        failed: list[tuple[int, str, str]] = []
        for number, (row, recipient) in enumerate(rows, 1):
            try:
                mail = play.composer.compose(recipient, self._now())
            except (Missing, BadValue) as fault:
                failed.append(
                    (row.id, "unrendered", f"{fault.problem.id} {fault.problem.facts.get('name', '')}".strip())
                )
            except TooMuch:
                failed.append((row.id, "unrendered", "merge_tags.too_long"))
            else:
                made.append(Piece(row, mail, token, play, msgspec.json.encode(recipient.values).decode()))
            if number % TOGETHER == 0:
                await asyncio.sleep(0)
        if failed:
            await marks.unrendered(session, token, failed)
            await halt_if_bad(session, play.run)
        return made

    async def _place(self, session: Session, made: Sequence[Piece]) -> list[Piece]:
        """Reserves places in the account's and the providers' paces; rows far away go back until then."""
        made = await self._spread(session, "account_second", str(self._account), self._outlet.pace.per_second, made)
        for name, one in self._paces.items():
            own = [piece for piece in made if piece.row.provider == name]
            if one.per_second and own:
                others = [piece for piece in made if piece.row.provider != name]
                made = [
                    *others,
                    *await self._spread(session, "provider", f"{self._account}:{name}", one.per_second, own),
                ]
        now = self._now()
        far = [piece for piece in made if piece.at and piece.at > now + FARTHEST]
        for token, ids in _by_lease(far).items():
            await give_back(session, token, ids, min(piece.at or now for piece in far))
        return [piece for piece in made if not piece.at or piece.at <= now + FARTHEST]

    async def _spread(
        self, session: Session, scope: pace.Scope, key: str, per_second: float | None, made: Sequence[Piece]
    ) -> Sequence[Piece]:
        if not per_second or not made:
            return made
        first = self._now() + await pace.places(session, scope, key, len(made), per_second)
        step = timedelta(seconds=1 / per_second)
        return [
            msgspec.structs.replace(piece, at=max(piece.at or first, first + number * step))
            for number, piece in enumerate(made)
        ]

    async def _allowed(self, session: Session) -> int:
        """How many rows may be leased now: no more than go out soon, and than hours and days still allow."""
        per_second = self._outlet.pace.per_second
        want = min(BATCH, max(1, per_second * AHEAD_S)) if per_second else BATCH
        for number, (scope, key, unit, most) in enumerate(self._windows()):
            allowed = await pace.window(session, scope, key, unit, want, most) if want else 0
            for former in self._windows()[:number]:
                await pace.unused(session, *former[:3], want - allowed)
            want = allowed
        return want

    async def _return(self, session: Session, number: int) -> None:
        for scope, key, unit, _ in self._windows() if number > 0 else ():
            await pace.unused(session, scope, key, unit, number)

    def _windows(self) -> list[tuple[pace.Scope, str, pace.Unit, int]]:
        """The limits by hour and day that hold here: the account's and the plan's."""
        limits, key = self._outlet.pace, str(self._account)
        found: list[tuple[pace.Scope, str, pace.Unit, int | None]] = [
            ("account_hour", key, "hour", limits.per_hour),
            ("account_day", key, "day", limits.per_day),
            ("tenant_day", "", "day", self._station.daily or None),
        ]
        return [(scope, name, unit, most) for scope, name, unit, most in found if most]

    def _now(self) -> datetime:
        return self._station.clock()


def _by_lease(pieces: Iterable[Piece]) -> dict[int, list[int]]:
    rows: dict[int, list[int]] = {}
    for piece in pieces:
        rows.setdefault(piece.token, []).append(piece.row.id)
    return rows
