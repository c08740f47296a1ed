"""What a mail server's answer means for the mail, for its address and for the account that sends (4.5)."""

import re
from enum import StrEnum
from typing import Literal

import msgspec

_ENHANCED = re.compile(r"([245]\.\d{1,3}\.\d{1,3})(?=\s|$)")
HARD = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"})
MAILBOX = frozenset({"5.2.0", "5.2.1", "5.2.2", "5.2.3"})
SIGN_IN = frozenset({530, 534, 535, 538})
REFUSALS = frozenset({550, 551, 553})
DISABLED = "5.2.1"

Stage = Literal["greeting", "sign_in", "mail", "recipient", "data", "content"]
"""How far a mail had come when the answer was given; `content` means that all of it had been handed over."""


class Reply(msgspec.Struct, frozen=True):
    """A server's answer: its code, its enhanced code where it gives one, its words, shortened."""

    code: int
    enhanced: str = ""
    text: str = ""

    @classmethod
    def read(cls, code: int, text: str) -> "Reply":
        found = _ENHANCED.match(text)
        return cls(code, found[1] if found else "", text[:500])


class Class(StrEnum):
    """The kinds of answers, each with one treatment."""

    ACCEPTED = "accepted"
    SERVICE = "service"
    """The server is away or closes: nothing is wrong with the mail, no attempt is spent."""
    SIGN_IN = "sign_in"
    """The account is wrong: it stops until a person mends it."""
    TRANSIENT = "transient"
    SLOW_DOWN = "slow_down"
    """Greylisting and rates: come back later and slower."""
    BAD_ADDRESS = "bad_address"
    MAILBOX = "mailbox"
    """Full, closed or too small for this mail."""
    BLOCKED = "blocked"
    """The sender is not wanted: says nothing about the address."""
    REFUSED = "refused"
    UNKNOWN = "unknown"
    """The mail was handed over and no answer came: nobody knows."""
    EXPIRED = "expired"
    """Put off so often, or so long, that it is given up."""


State = Literal["sent", "ready", "failed", "uncertain"]
Effect = Literal["", "success", "invalid", "soft"]


class Verdict(msgspec.Struct, frozen=True):
    """The row's next state, whether the attempt counts, and what the address learns."""

    state: State
    spends: bool = True
    address: Effect = ""


VERDICTS = {
    Class.ACCEPTED: Verdict("sent", address="success"),
    Class.SERVICE: Verdict("ready", spends=False),
    Class.SIGN_IN: Verdict("ready", spends=False),
    Class.TRANSIENT: Verdict("ready"),
    Class.SLOW_DOWN: Verdict("ready"),
    Class.BAD_ADDRESS: Verdict("failed", address="invalid"),
    Class.MAILBOX: Verdict("failed", address="soft"),
    Class.BLOCKED: Verdict("failed"),
    Class.REFUSED: Verdict("failed", address="soft"),
    Class.UNKNOWN: Verdict("uncertain"),
    Class.EXPIRED: Verdict("failed", address="soft"),
}


def classify(stage: Stage, reply: Reply | None) -> Class:
    """The class of an answer, or of silence (`None`: the connection broke or nothing came in time)."""
    if reply is None:
        return Class.UNKNOWN if stage == "content" else Class.SERVICE
    code, enhanced = reply.code, reply.enhanced
    if code // 100 == 2:
        return Class.ACCEPTED
    if code in SIGN_IN or stage == "sign_in":
        return Class.SERVICE if code // 100 == 4 else Class.SIGN_IN
    if code == 421 or stage == "greeting":
        return Class.SLOW_DOWN if enhanced.startswith("4.7.") and stage != "greeting" else Class.SERVICE
    if code // 100 == 4:
        return Class.SLOW_DOWN if enhanced.startswith("4.7.") else Class.TRANSIENT
    if stage == "mail":
        return Class.BLOCKED
    return _permanent(code, enhanced)


def _permanent(code: int, enhanced: str) -> Class:
    if enhanced.startswith("5.7."):
        return Class.BLOCKED
    if enhanced in HARD and code in REFUSALS:
        return Class.BAD_ADDRESS
    if enhanced in MAILBOX or (code == 552 and not enhanced):
        return Class.MAILBOX
    return Class.REFUSED
