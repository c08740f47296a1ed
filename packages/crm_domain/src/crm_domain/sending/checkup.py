"""Whether mail of a domain is believed: its SPF, DKIM and DMARC records and where its returned mail goes, each judged."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import msgspec

Part = Literal["spf", "dkim", "dmarc", "mx"]
State = Literal["good", "weak", "missing", "wrong", "unknown"]
FIRST_PROBE = 3 << 61
"""Tokens of trial mails carry numbers from here on; every trial has two, for what arrives and for what comes back."""
MOST_LOOKUPS = 10
"""RFC 7208: a record that asks for more is worth nothing."""
LOOKS_UP = re.compile(r"[+~?-]?(?:include:|a(?:[:/]|$)|mx(?:[:/]|$)|ptr(?::|$)|exists:)|redirect=")
POLICIES = ("none", "quarantine", "reject")
PASSED = re.compile(r"\b(spf|dkim|dmarc)\s*=\s*(\w+)", re.IGNORECASE)


class Verdict(msgspec.Struct, frozen=True):
    """How a record is; `why` is a key of `checkup.why`, empty for what is good."""

    state: State
    why: str = ""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One record of a domain: what was found under its name, what should be there, and how that is judged."""

    part: Part
    name: str
    kind: Literal["TXT", "MX"]
    wanted: str
    found: tuple[str, ...] = ()
    verdict: Verdict = Verdict("unknown")


class DomainReport(msgspec.Struct, frozen=True):
    """A domain from which mail is sent, or to which returned mail goes."""

    name: str
    entries: tuple[Entry, ...]


class MailboxReport(msgspec.Struct, frozen=True):
    """A bounce account that was signed in to: its folders, or by a key of `checkup.why` what kept us from it."""

    id: str
    name: str
    folders: tuple[str, ...] = ()
    trouble: str = ""


class Probe(msgspec.Struct, frozen=True, kw_only=True):
    """Two trial mails on their way: to the bounce account, and to an address that is nobody's.

    `sent` and `refused` are classes of the server's answers, keys of `account_trial`; empty where nothing was sent.
    """

    number: int
    account: str
    at: datetime
    sent: str = ""
    refused: str = ""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What the last look found. Without `checked_at` one is under way."""

    asked_at: datetime
    checked_at: datetime | None = None
    domains: tuple[DomainReport, ...] = ()
    mailboxes: tuple[MailboxReport, ...] = ()
    probe: Probe | None = None


def judge(part: Part, found: Sequence[str], key: str = "") -> Verdict:
    """Judges what the name system has. `key` is the public key a DKIM record should have."""
    match part:
        case "spf":
            return _spf([text for text in found if text.lower().split()[:1] == ["v=spf1"]])
        case "dkim":
            return _dkim(found, key)
        case "dmarc":
            return _dmarc([text for text in found if text.replace(" ", "").lower().startswith("v=dmarc1")])
        case "mx":
            return Verdict("good") if found else Verdict("missing", "mx_missing")


def _spf(found: Sequence[str]) -> Verdict:
    if not found:
        return Verdict("missing", "spf_missing")
    if len(found) > 1:
        return Verdict("wrong", "spf_many")
    words = found[0].lower().split()[1:]
    if "+all" in words or "all" in words:
        return Verdict("wrong", "spf_everybody")
    if sum(LOOKS_UP.match(word) is not None for word in words) > MOST_LOOKUPS:
        return Verdict("wrong", "spf_lookups")
    closed = any(word in ("~all", "-all") or word.startswith("redirect=") for word in words)
    return Verdict("good") if closed else Verdict("weak", "spf_open")


def _dkim(found: Sequence[str], key: str) -> Verdict:
    keys = ["".join(tags.get("p", "").split()) for text in found if "p" in (tags := _tags(text))]
    if not keys:
        return Verdict("missing", "dkim_missing")
    if len(keys) > 1:
        return Verdict("wrong", "dkim_many")
    return Verdict("good") if keys[0] == key else Verdict("wrong", "dkim_other")


def _dmarc(found: Sequence[str]) -> Verdict:
    if not found:
        return Verdict("missing", "dmarc_missing")
    policy = _tags(found[0]).get("p", "").lower()
    if len(found) > 1 or policy not in POLICIES:
        return Verdict("wrong", "dmarc_wrong")
    return Verdict("weak", "dmarc_watches") if policy == "none" else Verdict("good")


def _tags(text: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in text.split(";"))
    return {name.strip().lower(): value.strip() for name, equals, value in pairs if equals}


def proofs(header: str) -> dict[str, str]:
    """What the receiving server says of a mail's SPF, DKIM and DMARC in its Authentication-Results."""
    found: dict[str, str] = {}
    for name, said in PASSED.findall(header):
        found.setdefault(name.lower(), said.lower())
    return found
