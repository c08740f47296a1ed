"""How fast a mailing goes and when it will be through, by what it did since it was last let go on (REL-13)."""

import math
from datetime import datetime, timedelta

import msgspec

LEAST = timedelta(seconds=10)
"""Before that nobody can tell."""


class Going(msgspec.Struct, frozen=True):
    """Mails a minute, and how many minutes are left, rounded up."""

    a_minute: int
    minutes: int


def going(*, tried: int, left: int, since: datetime, now: datetime) -> Going | None:
    """The pace of `tried` mails since then; None while there is too little to tell by."""
    span = now - since
    if tried < 1 or left < 1 or span < LEAST:
        return None
    a_minute = tried * timedelta(minutes=1) / span
    return Going(max(1, round(a_minute)), math.ceil(left / a_minute))
