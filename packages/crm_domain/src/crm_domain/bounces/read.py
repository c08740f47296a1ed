"""A returned mail read: a report, a complaint, an automatic answer, a person's reply, or nothing we know (RFC 3464, 5965)."""

# pyright: basic
# The standard library's mails are of anything.

import re
from collections.abc import Callable, Iterator, Set
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from email.utils import getaddresses
from typing import Final, Literal

import msgspec
from msgspec.structs import replace

Sort = Literal["report", "complaint", "automatic", "receipt", "leave", "reply", "unknown"]
MOST_PARTS, MOST_DEPTH = 500, 20
"""SEC-27."""
MOST_TEXT = 8000
FEEDBACK: Final = "message/feedback-report"
SIGN: Final = r"[a-z2-7]{55}"
RETURN_PATH: Final = re.compile(rf"(?:\bb-|\+)({SIGN})@", re.IGNORECASE)
LEAVE_PATH: Final = re.compile(rf"\bu-({SIGN})@", re.IGNORECASE)
IDENTITY: Final = re.compile(rf"({SIGN})@", re.IGNORECASE)
HEADER: Final = re.compile(rf"^x-sadra-msg:\s*({SIGN})\s*$", re.IGNORECASE | re.MULTILINE)
OPT_OUT: Final = re.compile(r"/u/([A-Za-z0-9_-]{46})(?![A-Za-z0-9_-])")
TO: Final = ("delivered-to", "x-original-to", "envelope-to", "to", "x-envelope-to")
VACATION: Final = re.compile(
    r"out of (?:the )?office|auto(?:matic)?[ -]?(?:reply|response)|vacation|پاسخ خودکار|مرخصی", re.IGNORECASE
)
DAEMON: Final = re.compile(r"mailer-daemon|postmaster|mail delivery|microsoftexchange", re.IGNORECASE)

Failures = Callable[[Message], Set[bytes]]
"""The addresses that a mail without a proper report seems to be about."""


class Recipient(msgspec.Struct, frozen=True):
    """One recipient of a report."""

    address: str
    action: str
    status: str = ""
    diagnostic: str = ""


class Tokens(msgspec.Struct, frozen=True, kw_only=True):
    """Where our own signs were found, the surest first. None of them is believed before its MAC was checked."""

    returned: tuple[str, ...] = ()
    """In the address the mail came to, in the returned headers, in the returned Message-ID."""
    left: str = ""
    """In the address by which a mail program unsubscribes."""
    opt_out: tuple[str, ...] = ()
    """In an address of the returned body."""


class Returned(msgspec.Struct, frozen=True, kw_only=True):
    """What a mail in a bounce account is."""

    sort: Sort
    sender: str = ""
    subject: str = ""
    recipients: tuple[Recipient, ...] = ()
    tokens: Tokens = Tokens()
    feedback: str = ""
    """The kind of complaint: abuse, fraud, not-spam …"""


def read(raw: bytes, failures: Failures) -> Returned:
    """Reads a mail, cut off or hostile as it may be. What is too deep or has too many parts is unknown."""
    try:
        mail = BytesParser(policy=compat32).parsebytes(raw)
        parts = list(parts_of(mail, 0))
    except (RecursionError, ValueError, LookupError, TooMany):
        return Returned(sort="unknown")
    told = _tokens(mail, parts, raw)
    sender, subject = readable(mail, "from")[:320], readable(mail, "subject")[:255]
    found = Returned(sort="unknown", sender=sender, subject=subject, tokens=told)
    report = str(mail.get_param("report-type", "") or "").lower()
    if told.left and not report:
        return replace(found, sort="leave")
    if report == "feedback-report" or any(part.get_content_type() == FEEDBACK for part in parts):
        return replace(found, sort="complaint", feedback=_feedback(parts))
    if recipients := tuple(_reported(parts)):
        return replace(found, sort="report", recipients=recipients)
    if report == "disposition-notification":
        return replace(found, sort="receipt")
    machine = from_machine(mail, sender)
    if machine and (addresses := failures(mail)):
        return _in_words(found, parts, addresses)
    if automatic(mail, subject):
        return replace(found, sort="automatic")
    if machine and DAEMON.search(sender) and told.returned:
        return _in_words(found, parts, {b""})
    answers = told.returned or (word_of(mail, "in-reply-to") and told.opt_out)
    return replace(found, sort="reply") if answers else found


def _in_words(found: Returned, parts: list[Message], addresses: Set[bytes]) -> Returned:
    """A machine's mail without a proper report, about the addresses that the detectors found in it."""
    text = next((decoded(part)[:MOST_TEXT] for part in parts if part.get_content_type() == "text/plain"), "")
    named = [address.decode("ascii", "replace") for address in sorted(addresses)[:20]]
    return replace(found, sort="report", recipients=tuple(Recipient(one, "failed", "", text) for one in named))


class TooMany(Exception):
    """More parts, or deeper ones, than any honest mail has."""


def parts_of(mail: Message, depth: int, seen: list[int] | None = None) -> Iterator[Message]:
    """The mail and all its parts. Raises TooMany."""
    seen = [0] if seen is None else seen
    seen[0] += 1
    if depth > MOST_DEPTH or seen[0] > MOST_PARTS:
        raise TooMany
    yield mail
    inner = mail.get_payload()
    if isinstance(inner, list):
        for part in inner:
            if isinstance(part, Message):
                yield from parts_of(part, depth + 1, seen)


def word_of(mail: Message, name: str) -> str:
    """A header in one line; empty without it."""
    return " ".join(str(mail.get(name, "")).replace("\0", "").split())


def readable(mail: Message, name: str) -> str:
    """The same with its encoded words read."""
    try:
        return str(make_header(decode_header(word_of(mail, name))))
    except (ValueError, LookupError, HeaderParseError):
        return word_of(mail, name)


def _tokens(mail: Message, parts: list[Message], raw: bytes) -> Tokens:
    """The address it came to, then the returned headers, then the returned Message-ID, then the returned body."""
    text = raw.decode("latin-1")
    to = " ".join(address for name in TO for _, address in getaddresses(mail.get_all(name, [])))
    found = [*RETURN_PATH.findall(to), *HEADER.findall(text)]
    identities = [str(part.get("message-id", "")) for part in parts[1:]]
    identities += [readable(mail, "in-reply-to"), readable(mail, "references")]
    found += [token for identity in identities for token in IDENTITY.findall(identity)]
    left = LEAVE_PATH.search(to)
    bodies = " ".join(decoded(part) for part in parts if part.get_content_maintype() == "text")
    links = OPT_OUT.findall(text + bodies)
    return Tokens(
        returned=tuple(dict.fromkeys(token.lower() for token in found)),
        left=left[1].lower() if left else "",
        opt_out=tuple(dict.fromkeys(links)),
    )


def _reported(parts: list[Message]) -> Iterator[Recipient]:
    """The groups of a delivery report after the first, one for each recipient."""
    for part in parts:
        if part.get_content_type() != "message/delivery-status":
            continue
        groups = part.get_payload()
        for group in groups if isinstance(groups, list) else []:
            if isinstance(group, Message) and (group["action"] or group["status"]):
                address = _typed(group, "final-recipient") or _typed(group, "original-recipient")
                yield Recipient(
                    address,
                    word_of(group, "action") or "failed",
                    word_of(group, "status"),
                    _typed(group, "diagnostic-code"),
                )


def _typed(group: Message, name: str) -> str:
    """The value after the type: `rfc822; a@b.example`."""
    kind, semicolon, value = word_of(group, name).partition(";")
    return (value if semicolon else kind).strip()[:MOST_TEXT]


def _feedback(parts: list[Message]) -> str:
    """What a complaint calls itself."""
    for part in parts:
        if part.get_content_type() == FEEDBACK:
            inner = part.get_payload()
            fields = inner[0] if isinstance(inner, list) and inner else _parsed(decoded(part))
            return word_of(fields, "feedback-type").lower() if isinstance(fields, Message) else ""
    return ""


def _parsed(text: str) -> Message:
    return BytesParser(policy=compat32).parsebytes(text.encode("utf-8", "replace"))


def automatic(mail: Message, subject: str) -> bool:
    """Whether a program answered in somebody's absence."""
    said = word_of(mail, "auto-submitted").lower()
    if said.startswith("auto-replied") or mail["x-autoreply"] or mail["x-autorespond"]:
        return True
    return word_of(mail, "precedence").lower() in {"auto_reply", "auto-reply"} or bool(VACATION.search(subject))


def from_machine(mail: Message, sender: str) -> bool:
    """Whether no person wrote it."""
    empty = word_of(mail, "return-path") == "<>"
    return empty or bool(DAEMON.search(sender)) or word_of(mail, "auto-submitted").lower().startswith("auto-generated")


def decoded(part: Message) -> str:
    """A part's text, as well as it can be read."""
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    try:
        return content.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:
        return content.decode("latin-1")
