"""The last place where a pace is kept: between a mail that has been begun and the wire (4.4)."""

import time
from collections.abc import Callable

SLACK_S = 0.05
"""So much late a mail may be without making the next ones wait; timers are no more exact."""


class Gate:
    """Lets mails pass one after the other, evenly. What was missed while something stood still is not made up for."""

    def __init__(self, per_second: int | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._step = 1 / per_second if per_second else 0.0
        self._clock = clock
        self._next = 0.0

    def wait(self) -> float:
        """Seconds until one more may pass. With 0 it has passed."""
        now = self._clock()
        left = self._next - SLACK_S - now if self._step else 0.0
        if left > 0:
            return left
        self._next = max(self._next, now) + self._step
        return 0.0
