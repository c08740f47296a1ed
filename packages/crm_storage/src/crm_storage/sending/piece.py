"""One mail on its way from the queue to the wire, and what its fate makes of its row."""

from datetime import datetime, timedelta

import msgspec

from crm_domain.sending.letter import Outgoing
from crm_domain.sending.pauses import SLOW_DOWN_MINUTES, pause
from crm_domain.sending.replies import VERDICTS, Class
from crm_storage.sending.cast import Cast
from crm_storage.sending.lease import Leased
from crm_storage.sending.marks import Beginning, Result
from crm_storage.smtp.transfer import Fate

SOON = timedelta(seconds=10)
"""Until a mail that could not be handed over is offered again."""


class Piece(msgspec.Struct, frozen=True):
    """A leased row with its mail; `at` is its place where a pace is set."""

    row: Leased
    mail: Outgoing
    token: int
    cast: Cast
    merged: str
    at: datetime | None = None

    @property
    def beginning(self) -> Beginning:
        return Beginning(self.row.id, self.token, self.merged)


def result_of(piece: Piece, fate: Fate, now: datetime, chance: float) -> Result:
    """The row's result. `chance` (0 to 1) spreads the wait."""
    kind, verdict, wait = fate.kind, VERDICTS[fate.kind], None
    if verdict.state == "ready" and not verdict.spends:
        wait = now + SOON
    elif verdict.state == "ready":
        span = pause(piece.row.attempts + 1, chance)
        if span and kind is Class.SLOW_DOWN:
            span = max(span, timedelta(minutes=SLOW_DOWN_MINUTES))
        if span is None or now + span > piece.cast.expires_at:
            kind, verdict = Class.EXPIRED, VERDICTS[Class.EXPIRED]
        else:
            wait = now + span
    reply = fate.reply
    return Result(
        piece.row.id, piece.token, kind, verdict, reply.code if reply else None, reply.text if reply else "", wait
    )
