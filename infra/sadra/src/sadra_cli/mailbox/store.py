"""Mails the development mailbox caught: one file each, read back at start, the oldest forgotten first."""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from html import unescape
from pathlib import Path

KEPT = 20_000
LINK = re.compile(r"""https?://[^\s<>"'\])]+""")
HREF = re.compile(r"""href\s*=\s*["']([^"']+)["']""", re.IGNORECASE)


@dataclass(frozen=True)
class Envelope:
    """What the SMTP conversation and the headers say of a mail."""

    id: str
    at: str
    sender: str
    recipients: tuple[str, ...]
    subject: str
    message_id: str
    size: int


class Mailbox:
    """The mails under a folder, in the order they came."""

    def __init__(self, folder: Path, *, kept: int = KEPT) -> None:
        self._folder = folder
        self._kept = kept
        self._envelopes: dict[str, Envelope] = {}
        folder.mkdir(parents=True, exist_ok=True)
        for path in sorted(folder.glob("*.json")):
            read = json.loads(path.read_text())
            self._envelopes[path.stem] = Envelope(**{**read, "recipients": tuple(read["recipients"])})
        self._number = max((int(name) for name in self._envelopes), default=0)

    def add(self, sender: str, recipients: tuple[str, ...], content: bytes, at: datetime) -> Envelope:
        """Keeps a mail."""
        self._number += 1
        name = f"{self._number:09d}"
        headers = _parse(content)
        subject, message_id = str(headers["subject"] or ""), str(headers["message-id"] or "")
        envelope = Envelope(name, at.isoformat(), sender, recipients, subject, message_id, len(content))
        (self._folder / f"{name}.eml").write_bytes(content)
        (self._folder / f"{name}.json").write_text(json.dumps(asdict(envelope)))
        self._envelopes[name] = envelope
        while len(self._envelopes) > self._kept:
            self._forget(next(iter(self._envelopes)))
        return envelope

    def newest_first(self, to: str = "") -> Iterator[Envelope]:
        """The mails, or those to one address."""
        wanted = to.casefold()
        for envelope in reversed(self._envelopes.values()):
            if not wanted or any(wanted == address.casefold() for address in envelope.recipients):
                yield envelope

    def find(self, name: str) -> Envelope | None:
        """A mail by id."""
        return self._envelopes.get(name)

    def raw(self, name: str) -> bytes:
        """A mail as it came over SMTP."""
        return (self._folder / f"{self._envelopes[name].id}.eml").read_bytes()

    def clear(self) -> None:
        """Forgets all mails."""
        for name in list(self._envelopes):
            self._forget(name)

    def __len__(self) -> int:
        return len(self._envelopes)

    def _forget(self, name: str) -> None:
        del self._envelopes[name]
        for ending in ("json", "eml"):
            (self._folder / f"{name}.{ending}").unlink(missing_ok=True)


@dataclass(frozen=True)
class Opened:
    """A mail for reading: its headers, its texts, its attachments and the links in it."""

    headers: tuple[tuple[str, str], ...]
    text: str
    html: str
    attachments: tuple[str, ...]
    links: tuple[str, ...]


def opened(content: bytes) -> Opened:
    """Takes a mail apart."""
    message = _parse(content)
    text = _content(message.get_body(("plain",)))
    html = _content(message.get_body(("html",)))
    links = dict.fromkeys([*(unescape(link) for link in HREF.findall(html)), *LINK.findall(text)])
    return Opened(
        headers=tuple((name, str(value)) for name, value in message.items()),
        text=text,
        html=html,
        attachments=tuple(part.get_filename() or "" for part in message.iter_attachments()),
        links=tuple(link for link in links if link.startswith(("http://", "https://", "mailto:"))),
    )


def _parse(content: bytes) -> EmailMessage:
    return message_from_bytes(content, _class=EmailMessage, policy=policy.default)


def _content(part: MIMEPart | None) -> str:
    if part is None:
        return ""
    try:
        return str(part.get_content())
    except (LookupError, UnicodeDecodeError):
        payload = part.get_payload(decode=True)
        return payload.decode(errors="replace") if isinstance(payload, bytes) else ""
