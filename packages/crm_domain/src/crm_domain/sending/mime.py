"""Headers and parts as bytes, by the rules of mail: what is prepared once, and what is quick for each recipient."""

import re
from base64 import b64encode
from binascii import b2a_base64, b2a_qp
from email.message import EmailMessage
from email.policy import SMTP

from crm_domain.problems import BadValue
from crm_domain.sending.letter import Attachment

LINE = 76
WORD_BYTES = 42
"""Of text in one encoded word: 56 letters of base64, 12 of frame and the header's name stay on a line of 78."""
MOSTLY = 0.85
"""Share of ASCII from which quoted-printable is shorter and readable."""
_FORBIDDEN = re.compile(r"[\r\n\0]")
_PLAIN = re.compile(r"[ -~]*\Z")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+\Z")
_ADDRESS = re.compile(
    r"[^\s<>()\[\]\\,;:\"@\x00-\x20\x7f]{1,64}@([A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9-]{2,63}\Z"
)


def header_text(name: str, value: str) -> bytes:
    """One header of free text, encoded and folded, with its end of line. Raises BadValue for line ends (SEC-16)."""
    _refuse(value)
    return f"{name}: {_folded(value, len(name) + 2)}\r\n".encode()


def header_mailbox(name: str, person: str, address: str) -> bytes:
    """A header that holds one mailbox. Raises BadValue for what is no address."""
    return f"{name}: {mailbox(person, address)}\r\n".encode()


def mailbox(person: str, address: str) -> str:
    """`Name <address>`, the name encoded where it must be."""
    _refuse(person)
    checked_address(address)
    if not person.strip():
        return f"<{address}>"
    if not _PLAIN.match(person) or "=?" in person:
        return f"{_encoded(person)}\r\n <{address}>"
    shown = person if _ATOMS.match(person) else _quoted(person)
    return f"{shown}\r\n <{address}>" if len(shown) + len(address) > LINE - 20 else f"{shown} <{address}>"


def checked_address(address: str) -> str:
    """The address, when it is one that may stand in an envelope and a header. Raises BadValue."""
    if not _ADDRESS.match(address):
        raise BadValue("problems.not_an_email")
    return address


def ascii_domain(address: str) -> str:
    """The address with its domain as the mail system writes it."""
    local, _, domain = address.rpartition("@")
    try:
        return f"{local}@{domain.encode('ascii').decode()}"
    except UnicodeEncodeError:
        pass
    try:
        return f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError:
        raise BadValue("problems.not_an_email") from None


def prefers_base64(text: str) -> bool:
    """Whether most of it is no ASCII, as in Persian."""
    return sum(letter < "\x80" for letter in text) < MOSTLY * len(text)


def text_body(text: str, *, base64: bool) -> bytes:
    """A part's text, encoded in short lines."""
    raw = text.replace("\r\n", "\n").replace("\n", "\r\n").encode()
    if not base64:
        return b2a_qp(raw, istext=True) + b"\r\n"
    return base64_lines(raw)


def base64_lines(raw: bytes) -> bytes:
    """Bytes as base64, 76 letters a line."""
    flat = b2a_base64(raw, newline=False)
    return b"\r\n".join([flat[at : at + LINE] for at in range(0, len(flat), LINE)]) + b"\r\n"


def text_head(subtype: str, *, base64: bool) -> bytes:
    """The headers of a text part."""
    how = "base64" if base64 else "quoted-printable"
    return f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: {how}\r\n'.encode()


def attachment_part(attachment: Attachment) -> bytes:
    """A whole part with a file, made by the standard policy because it is made once."""
    message = EmailMessage(policy=SMTP)
    kind, _, subtype = attachment.media_type.partition("/")
    message.set_content(attachment.content, kind, subtype or "octet-stream", filename=attachment.name)
    del message["MIME-Version"]
    return message.as_bytes()


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _folded(value: str, taken: int) -> str:
    """Plain words broken at blanks, or encoded words."""
    if not _PLAIN.match(value) or "=?" in value or any(len(word) > LINE - 2 for word in value.split(" ")):
        return _encoded(value)
    lines: list[str] = []
    line = ""
    for word in value.split(" "):
        candidate = f"{line} {word}" if line or lines else word
        if line.strip() and len(candidate) + (taken if not lines else 0) > LINE:
            lines.append(line)
            candidate = f" {word}"
        line = candidate
    return "\r\n".join([*lines, line])


def _encoded(text: str) -> str:
    """Encoded words (RFC 2047), never cut within a letter."""
    words: list[bytes] = []
    piece = b""
    for letter in text:
        raw = letter.encode("utf-8", "replace")
        if len(piece) + len(raw) > WORD_BYTES:
            words.append(piece)
            piece = b""
        piece += raw
    words.append(piece)
    return "\r\n ".join(f"=?utf-8?b?{b64encode(word).decode()}?=" for word in words)


def _refuse(value: str) -> None:
    if _FORBIDDEN.search(value):
        raise BadValue("sending.line_breaks")
