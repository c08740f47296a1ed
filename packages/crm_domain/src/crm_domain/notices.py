"""What people are told: kinds of notices, whom they reach by which way, and the port that tells."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, Protocol, get_args
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from crm_domain.definition.values import Ref
from crm_domain.people.quiet import MORNING

Way = Literal["off", "now", "digest"]
"""How a kind reaches somebody by mail: not at all, as soon as his quiet hours allow, with the others of the day."""
WAYS: tuple[Way, ...] = get_args(Way)
Topic = Literal[
    "assigned", "mentioned", "followed", "reminders", "security", "work", "cases", "mailings", "letters", "news"
]
TOPICS: tuple[Topic, ...] = get_args(Topic)


class NoticeKind(msgspec.Struct, frozen=True):
    """One kind. Worded by `notices.kind.<key>` in the settings and `notices.text.<key>` as the sentence, whose facts are
    `who`, `name`, and what the teller adds; as a mail by `mail.notice_<key>.subject` and `.text`."""

    key: str
    icon: str
    topic: Topic
    """What the list is narrowed by; worded by `notices.topic.<topic>`."""
    page: bool = True
    mail: Way = "off"
    """Whether it reaches people who chose nothing: on the page, by e-mail."""
    snoozes: bool = False
    """Whether one may ask to be told again later."""
    collapses: bool = True
    """Whether it is told once within five minutes; what has a time of its own is told every time."""


NOTICES: tuple[NoticeKind, ...] = (
    NoticeKind("assigned", "user-check", "assigned"),
    NoticeKind("assigned_many", "users", "assigned"),
    NoticeKind("mentioned", "at-sign", "mentioned"),
    NoticeKind("followed", "eye", "followed", collapses=False),
    NoticeKind("reminder", "alarm-clock", "reminders", snoozes=True, collapses=False),
    NoticeKind("expiring", "calendar-clock", "reminders", mail="now", snoozes=True),
    NoticeKind("security", "shield", "security"),
    NoticeKind("feed_paused", "rss", "news"),
    NoticeKind("letter_unsent", "mail-warning", "letters"),
    NoticeKind("mails_undecided", "circle-help", "mailings", mail="now"),
    NoticeKind("mailing_waits", "circle-alert", "mailings", mail="now"),
    NoticeKind("account_tried", "server", "letters"),
    NoticeKind("mail_checked", "server", "letters"),
    NoticeKind("to_approve", "book-open", "assigned"),
    NoticeKind("case_answered", "message-square", "cases"),
    NoticeKind("form_known", "notebook-pen", "mailings"),
    NoticeKind("form_held", "notebook-pen", "mailings"),
    NoticeKind("job_done", "circle-check", "work"),
    NoticeKind("job_failed", "circle-alert", "work", mail="now"),
)
BY_KEY: Mapping[str, NoticeKind] = {kind.key: kind for kind in NOTICES}


def of_topic(topic: str) -> tuple[str, ...]:
    """The kinds of a topic; all of them for none that is known."""
    found = tuple(kind.key for kind in NOTICES if kind.topic == topic)
    return found or tuple(BY_KEY)


WHAT = "what"
"""The fact that lists changed fields by key, and modules of parts that came as `+key`."""
WAITS = ("5m", "15m", "1h", "tomorrow")
"""How long a notice may be put off."""
_SPANS = {"5m": timedelta(minutes=5), "15m": timedelta(minutes=15), "1h": timedelta(hours=1)}


def awake(wait: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """When what is put off so long is told again: nine o'clock where the reader lives for tomorrow; None for no such wait."""
    if wait == "tomorrow":
        day = now.astimezone(zone).date() + timedelta(days=1)
        return datetime.combine(day, MORNING, zone).astimezone(UTC)
    return now + _SPANS[wait] if wait in _SPANS else None


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """One thing somebody was told. `facts` fill its sentence; `href` is where it leads."""

    id: UUID
    kind: str
    href: str
    facts: Mapping[str, Any]
    about: Ref | None
    actor: UUID | None
    created_at: datetime
    read_at: datetime | None


class Choice(msgspec.Struct, frozen=True):
    """How one kind reaches one person."""

    kind: str
    page: bool
    mail: Way


class Notices(Protocol):
    """Telling others, and what the acting user was told; in the same transaction as everything else."""

    async def tell(
        self, kind: str, to: Sequence[UUID], href: str, facts: Mapping[str, Any], *, about: Ref | None = None
    ) -> int:
        """Tells active users as each of them chose, never the actor himself nor who may not see what it is about; how many.
        The same thing about the same record within five minutes is told once."""
        ...

    async def mine(
        self, *, kinds: Sequence[str] = (), unread: bool = False, before: UUID | None = None, limit: int = 50
    ) -> list[Notice]:
        """Newest first; of these kinds only, where any are named."""
        ...

    async def unread(self) -> int: ...

    async def read(self, id_: UUID) -> Notice:
        """Marks one as read. Raises NotFound."""
        ...

    async def snooze(self, id_: UUID, until: datetime) -> Notice:
        """Marks one as read, to be told anew then. Raises NotFound."""
        ...

    async def read_all(self) -> int: ...

    async def choices(self) -> list[Choice]:
        """For every kind, the actor's choice or what holds without one."""
        ...

    async def choose(self, choices: Sequence[Choice]) -> None: ...
