"""Which notices are mailed when: as soon as their reader's hours allow, or with the others of the day."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from crm_domain.notices import Notice
from crm_domain.people.quiet import Quiet, digest_at


class Waiting(msgspec.Struct, frozen=True):
    """A notice that is to be mailed; `page` when the bell has it too."""

    notice: Notice
    page: bool
    digest: bool

    def due(self, now: datetime, zone: ZoneInfo, quiet: Quiet) -> datetime:
        """When it is mailed; `now` if at once."""
        free = quiet.until(now, zone)
        return max(free, digest_at(self.notice.created_at, zone, quiet)) if self.digest else free

    @property
    def known(self) -> bool:
        """Whether the digest need not have it any more: it was read where the bell has it."""
        return self.digest and self.page and self.notice.read_at is not None


class Post(msgspec.Struct, frozen=True):
    """What is mailed at once, what goes into the digest, and what waits until when."""

    now: tuple[Waiting, ...]
    digest: tuple[Waiting, ...]
    held: tuple[tuple[Waiting, datetime], ...]


def sorted_out(waiting: Iterable[Waiting], now: datetime, zone: ZoneInfo, quiet: Quiet) -> Post:
    """One reader's notices by what becomes of them now."""
    timed = [(one, one.due(now, zone, quiet)) for one in waiting]
    due = [one for one, at in timed if at <= now]
    return Post(
        now=tuple(one for one in due if not one.digest),
        digest=tuple(one for one in due if one.digest and not one.known),
        held=tuple((one, at) for one, at in timed if at > now),
    )
