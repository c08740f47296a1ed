"""What a server's refusal means for the mail and its address: one table for reports by mail and for answers while sending."""

import re
from typing import Final, Literal

import msgspec

Outcome = Literal["hard", "hard_late", "soft", "block", "delay", "success"]
SOFT_MOST, SOFT_DAYS, SOFT_WITHIN_DAYS = 4, 3, 60
"""So many soft refusals on so many different days within so many days, without a success, and an address is given up."""
LATE_WITHIN_DAYS = 30
"""A disabled mailbox counts as gone when it is refused again within so many days."""
STATUS: Final = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
NOBODY: Final = frozenset({"1.0", "1.1", "1.2", "1.3", "1.4", "1.6", "1.8", "1.9", "1.10", "4.4"})
FULL: Final = frozenset({"2.2"})
DISABLED: Final = frozenset({"2.1"})


class Words(msgspec.Struct, frozen=True):
    """What servers say in words, where they give no status that tells."""

    rule: str
    outcome: Outcome
    pattern: re.Pattern[str]


_WORDS: Final[tuple[tuple[str, Outcome, str], ...]] = (
    (
        "words.policy",
        "block",
        r"spam|blacklist|block(?:ed|list)|black ?hole|policy|reputation|dmarc|dkim|\bspf\b|\brbl\b|content reject",
    ),
    ("words.full", "soft", r"(?:mailbox|quota|inbox).{0,40}(?:full|exceed|over)|over ?quota|صندوق.{0,20}پر"),
    (
        "words.disabled",
        "hard_late",
        r"(?:account|mailbox|user).{0,30}(?:disabled|suspended|inactive|locked)|حساب.{0,20}غیرفعال",
    ),
    (
        "words.nobody",
        "hard",
        r"user (?:is )?unknown|unknown user|no such (?:user|mailbox|recipient|person)|does(?: no|n')t exist|"
        r"not (?:a valid|our customer|found)|invalid (?:recipient|mailbox|address)|no mailbox here|"
        r"recipient (?:address )?rejected|unrouteable|host (?:or domain )?(?:name )?not found|کاربر.{0,20}(?:وجود ندارد|یافت نشد)",
    ),
)
WORDS: Final = tuple(Words(rule, outcome, re.compile(words, re.IGNORECASE)) for rule, outcome, words in _WORDS)


class Verdict(msgspec.Struct, frozen=True):
    """What it means, by which rule, so that a better rule can be applied to the same mail later."""

    outcome: Outcome
    rule: str


def judge(action: str, status: str, diagnostic: str) -> Verdict:
    """From a report's action, its status (RFC 3463) and what the other server said."""
    action = action.strip().lower()
    if action in {"delivered", "relayed", "expanded"}:
        return Verdict("success", f"action.{action}")
    status = _status(status) or _status(diagnostic)
    if action == "delayed" or (status.startswith("4") and action != "failed"):
        return Verdict("delay", "action.delayed")
    detail = status.partition(".")[2]
    if detail in NOBODY:
        return Verdict("hard", f"status.{status}")
    if detail in DISABLED:
        return Verdict("hard_late", f"status.{status}")
    if detail in FULL:
        return Verdict("soft", f"status.{status}")
    if detail.startswith(("7.", "6.")):
        return Verdict("block", f"status.{status}")
    if detail and not detail.startswith("0."):
        return Verdict("soft", f"status.{status}")
    found = next((Verdict(words.outcome, words.rule) for words in WORDS if words.pattern.search(diagnostic)), None)
    return found or Verdict("soft", f"status.{status or 'none'}")


def _status(text: str) -> str:
    found = STATUS.search(text)
    return ".".join(found.groups()) if found else ""
