"""How long a mail waits before it is tried again."""

from datetime import timedelta

MINUTES = (5, 15, 45, 120, 360, 720, 1440)
"""After the first, second, … attempt."""
MOST_ATTEMPTS = 8
JITTER = 0.2
SLOW_DOWN_MINUTES = 5


def pause(attempts: int, chance: float) -> timedelta | None:
    """The wait after so many attempts, spread by `chance` (0 to 1) over ±20 %; None when it is enough."""
    if attempts >= MOST_ATTEMPTS:
        return None
    minutes = MINUTES[min(max(attempts, 1), len(MINUTES)) - 1]
    return timedelta(minutes=minutes * (1 - JITTER + 2 * JITTER * chance))
