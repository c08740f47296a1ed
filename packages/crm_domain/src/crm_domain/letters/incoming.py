"""A received mail as values: headers read, text and cleaned markup, the files that came with it (SEC-27)."""

# pyright: basic
# The standard library's mails are of anything.

import base64
import hashlib
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from email.utils import parsedate_to_datetime
from html import escape

import msgspec

from crm_domain.bounces.read import TooMany, automatic, decoded, from_machine, parts_of, readable, word_of
from crm_domain.letters.addresses import Party, parties
from crm_domain.letters.markup import clean_letter
from crm_domain.text.jalali import holds
from crm_domain.text.rich import to_plain

MOST_TEXT, MOST_BODY = 200_000, 1_000_000
MOST_FILES = 40
INLINE_BYTES = 120_000
"""Pictures up to this size are shown within the letter; larger ones lie beside it."""
MOST_ANCESTORS = 8000
MESSAGE_ID = re.compile(r"<[^<>\s]{1,253}>")
TO = ("delivered-to", "x-original-to", "envelope-to")
CID = re.compile(r'src="cid:([^"]{1,300})"', re.IGNORECASE)


class Enclosed(msgspec.Struct, frozen=True):
    """A file that came with a letter."""

    name: str
    body: bytes


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """What arrived. `reached` are the addresses the servers say it was for, besides those of its headers."""

    subject: str
    sender: Party | None
    to: tuple[Party, ...]
    copies: tuple[Party, ...]
    reached: tuple[Party, ...]
    sent_at: datetime | None
    message_id: str
    answers: str
    ancestors: tuple[str, ...]
    text: str
    markup: str
    files: tuple[Enclosed, ...]
    calendar: str = ""
    """What a calendar program sent with it."""
    machine: bool
    """A program wrote it: nothing answers it by itself."""


def read_letter(raw: bytes) -> Letter:
    """Reads a mail, cut off or hostile as it may be; what has too many parts or lies too deep keeps its headers only."""
    mail = BytesParser(policy=compat32).parsebytes(raw)
    try:
        parts = list(parts_of(mail, 0))
    except (TooMany, RecursionError):
        parts = []
    text, markup = _bodies(parts)
    files, pictures = _files(parts)
    markup = clean_letter(_with_pictures(markup, pictures))[:MOST_BODY] if markup else ""
    found = MESSAGE_ID.search(word_of(mail, "message-id"))
    answers = MESSAGE_ID.search(word_of(mail, "in-reply-to"))
    senders = parties(readable(mail, "from"))
    subject = readable(mail, "subject")
    return Letter(
        subject=_printed(subject)[:255],
        sender=senders[0] if senders else None,
        to=parties(readable(mail, "to")),
        copies=parties(readable(mail, "cc")),
        reached=tuple(party for name in TO for value in mail.get_all(name, []) for party in parties(str(value))),
        sent_at=_moment(word_of(mail, "date")),
        message_id=found[0] if found else f"<{hashlib.sha256(raw).hexdigest()}@without.id>",
        answers=answers[0] if answers else "",
        ancestors=tuple(MESSAGE_ID.findall(word_of(mail, "references")[:MOST_ANCESTORS])),
        text=_printed((text or to_plain(markup))[:MOST_TEXT], lines=True),
        markup=markup,
        files=files,
        calendar=next((decoded(part) for part in parts if part.get_content_type() == "text/calendar"), ""),
        machine=automatic(mail, subject) or from_machine(mail, readable(mail, "from")),
    )


def _bodies(parts: Sequence[Message]) -> tuple[str, str]:
    """The first plain text and the first markup that are no files; forwarded mails' own come after the outer one's."""
    text = markup = ""
    for part in parts:
        kind = part.get_content_type()
        if _is_file(part) or part.is_multipart():
            continue
        if kind == "text/plain" and not text:
            text = decoded(part).replace("\r\n", "\n").strip()
        elif kind == "text/html" and not markup:
            markup = decoded(part)[: 2 * MOST_BODY]
    return text, markup


def _files(parts: Sequence[Message]) -> tuple[tuple[Enclosed, ...], dict[str, tuple[str, bytes]]]:
    """What lies beside the text, and the small pictures that stand in it by their content id."""
    files: list[Enclosed] = []
    pictures: dict[str, tuple[str, bytes]] = {}
    for part in parts:
        if part.is_multipart() or (part.get_content_type() in ("text/plain", "text/html") and not _is_file(part)):
            continue
        body = part.get_payload(decode=True)
        if not isinstance(body, bytes) or not body:
            continue
        name, kind = _name(part), part.get_content_type()
        content_id = word_of(part, "content-id").strip("<>")
        inside = kind in ("image/png", "image/jpeg", "image/gif", "image/webp") and len(body) <= INLINE_BYTES
        if content_id and inside:
            pictures[content_id] = (kind, body)
        elif len(files) < MOST_FILES:
            files.append(Enclosed(name or f"{kind.replace('/', '-')}", body))
    return tuple(files), pictures


def _with_pictures(markup: str, pictures: dict[str, tuple[str, bytes]]) -> str:
    def placed(found: re.Match[str]) -> str:
        kind, body = pictures.get(found[1], ("", b""))
        return f'src="data:{kind};base64,{base64.b64encode(body).decode()}"' if body else 'src=""'

    return CID.sub(placed, markup)


def _is_file(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or bool(part.get_filename())


def _name(part: Message) -> str:
    try:
        return _printed(str(part.get_filename() or ""))[:255]
    except (ValueError, LookupError):
        return ""


def _moment(text: str) -> datetime | None:
    """The time a mail claims; nothing for none, and for one no calendar knows."""
    try:
        found = parsedate_to_datetime(text)
        moment = (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
        return moment if holds(moment.date()) else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _printed(text: str, *, lines: bool = False) -> str:
    """Without what no database keeps and no reader sees."""
    kept = text.replace("\0", "").encode("utf-8", "replace").decode()
    return kept if lines else " ".join(kept.split())


def as_markup(text: str) -> str:
    """Plain text as markup, a paragraph for each run of lines."""
    blocks = re.split(r"\n\s*\n", escape(text.strip()))
    return "".join(f"<p>{block.replace(chr(10), '<br>')}</p>" for block in blocks if block.strip())
