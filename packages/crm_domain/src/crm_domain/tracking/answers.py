"""What the tracker asks the worker when a page needs more than its token says, and what it is told."""

from typing import Literal

import msgspec

LINK, ABOUT, VIEW = "ask.link", "ask.about", "ask.view"
"""Subjects of the questions. The tenant and the message come from a verified token."""


class Question(msgspec.Struct, frozen=True, array_like=True):
    """About a message of a tenant, or one of its links. `staff` asks from a mail that was shown to the company's own people."""

    tenant: int
    message: int = 0
    link: int = 0
    staff: bool = False


class Newsletter(msgspec.Struct, frozen=True):
    """A newsletter the person may have."""

    id: str
    name: str
    frequency: str
    subscribed: bool


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What a recipient's page says. The address is masked: who finds the link learns no more than he has."""

    company: str
    language: Literal["fa", "en"]
    address: str = ""
    newsletter: str = ""
    """The name of the newsletter the mail was an issue of; empty for other mail."""
    left: bool = False
    """Nothing more comes of what the mail was: of the newsletter, or at all."""
    left_all: bool = False
    complained: bool = False
    paused_until: str = ""
    newsletters: tuple[Newsletter, ...] = ()


def masked(address: str) -> str:
    """`l***i@a***.example`: enough to know one's own address by."""
    local, _, domain = address.rpartition("@")
    name, dot, rest = domain.partition(".")
    return f"{_masked(local)}@{name[:1]}***{dot}{rest}"


def _masked(word: str) -> str:
    return f"{word[:1]}***{word[-1:]}" if len(word) > 2 else f"{word[:1]}***"
