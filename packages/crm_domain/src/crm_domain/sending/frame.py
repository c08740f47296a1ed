"""What surrounds the texts of a mail: the headers that all of a run share, and the boundaries between its parts."""

from collections.abc import Callable
from hashlib import blake2b

import msgspec

from crm_domain.sending import mime
from crm_domain.sending.letter import Attachment, Letter, Occasion, Sender

Body = Callable[[str], bytes]
QUIET = "Precedence: bulk\r\nX-Auto-Response-Suppress: OOF, AutoReply\r\nMIME-Version: 1.0\r\n"
"""Keeps vacation responders from answering a mailing."""


class Frame(msgspec.Struct, frozen=True):
    """The fixed bytes before, between and after a mail's two texts; `page` is empty in text-only mail."""

    start: bytes
    between: bytes
    end: bytes
    base64: bool

    def body(self, text: str) -> bytes:
        """A text as it stands in its part."""
        return mime.text_body(text, base64=self.base64)


def shared_headers(letter: Letter, sender: Sender, occasion: Occasion) -> bytes:
    """From, who answers, and what mail programs and their keepers group by (5.4)."""
    lines = [mime.header_mailbox("From", sender.from_name, mime.ascii_domain(sender.from_address))]
    if sender.reply_to_address:
        address = mime.ascii_domain(sender.reply_to_address)
        lines.append(mime.header_mailbox("Reply-To", sender.reply_to_name, address))
    domain = sender.from_address.rpartition("@")[2].encode("idna").decode()
    group = f"<c{occasion.campaign.replace('-', '')}.t{occasion.tenant}.{domain}>"
    lines += [
        f"List-Id: {group}\r\n".encode(),
        f"Feedback-ID: {occasion.campaign[:8]}:t{occasion.tenant}:{occasion.campaign_type}:sadra\r\n".encode(),
        QUIET.encode(),
        f"Content-Language: {letter.language}\r\n".encode(),
    ]
    return b"".join(lines)


def frame_of(letter: Letter, *, page: bool, base64: bool) -> Frame:
    """The parts' frame: text alone, text and page as alternatives, and files outside of both (5.2)."""
    mark = "=_" + blake2b(f"{letter.subject}\0{letter.html}\0{letter.text}".encode(), digest_size=12).hexdigest()
    head = mime.text_head("plain", base64=base64)
    if page:
        inner = f"{mark}a"
        start = _multipart("alternative", inner) + _opening(inner) + head + b"\r\n"
        between = _opening(inner) + mime.text_head("html", base64=base64) + b"\r\n"
        end = f"--{inner}--\r\n".encode()
    else:
        start, between, end = head + b"\r\n", b"", b""
    if letter.attachments:
        start = _multipart("mixed", mark) + _opening(mark) + start
        end += b"".join(_attached(mark, one) for one in letter.attachments) + f"--{mark}--\r\n".encode()
    return Frame(start, between, end, base64)


def _multipart(subtype: str, mark: str) -> bytes:
    return f'Content-Type: multipart/{subtype}; boundary="{mark}"\r\n\r\n'.encode()


def _opening(mark: str) -> bytes:
    return f"--{mark}\r\n".encode()


def _attached(mark: str, attachment: Attachment) -> bytes:
    return _opening(mark) + mime.attachment_part(attachment)
