"""What a look at a company's outgoing mail found: what its domains say, its bounce accounts, a trial on the whole way."""

import re
from datetime import datetime

import msgspec

from crm_domain.sending.standing import Rule

FIRST_PROBE = 3 << 61
"""Tokens of trial mails carry numbers from here on; every trial has two, for what arrives and for what comes back."""
PASSED = re.compile(r"\b(spf|dkim|dmarc)\s*=\s*(\w+)", re.IGNORECASE)


class DomainReport(msgspec.Struct, frozen=True):
    """A domain from which mail is sent, judged by the receivers' rules."""

    name: str
    rules: tuple[Rule, ...]


class ReturnReport(msgspec.Struct, frozen=True):
    """A domain to which returned mail goes, and the servers that take it; None where the name system did not answer."""

    name: str
    host: str
    servers: tuple[str, ...] | None


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
    returns: tuple[ReturnReport, ...] = ()
    mailboxes: tuple[MailboxReport, ...] = ()
    probe: Probe | None = None


def proofs(header: str) -> dict[str, str]:
    """What the receiving server says of a mail's SPF, DKIM and DMARC in its Authentication-Results."""
    found: dict[str, str] = {}
    for name, said in PASSED.findall(header):
        found.setdefault(name.lower(), said.lower())
    return found
