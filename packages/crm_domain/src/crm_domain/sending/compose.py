"""A run's mail, compiled once and then spliced for each recipient: static bytes stay as they are (4.9)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from email.utils import format_datetime
from html import escape
from typing import Any

import msgspec

from crm_domain.messages.catalogue import catalogue
from crm_domain.sending import mime
from crm_domain.sending.frame import frame_of, shared_headers
from crm_domain.sending.letter import Letter, Occasion, Outgoing, Recipient, Sender, Tracked
from crm_domain.sending.page import Link, Page
from crm_domain.sending.plain import directed, drawn_text, own_text
from crm_domain.text.merge_tags import Filled, Place, Vocabulary, Word, compile_template, names, parse
from crm_domain.tracking.tokens import PREVIEW, SILENT, TEST, Content, Kind, Tokens

CLICK, OPEN, OPT_OUT, PREFERENCES, VIEW = "/c/", "/o/", "/u/", "/p/", "/w/"
"""Where the tracker listens, each followed by a token."""
UNSUBSCRIBE = "system.unsubscribe_url"
SYSTEM = {
    "system.preferences_url": (Kind.PREFERENCES, PREFERENCES, ""),
    "system.web_view_url": (Kind.VIEW, VIEW, ""),
    "link.open": (Kind.OPEN, OPEN, ".gif"),
}
WEB_VIEW: Mapping[Kind, int] = {Kind.OPEN: SILENT}
STAFF_VIEW: Mapping[Kind, int] = dict.fromkeys(Kind, PREVIEW)
"""For people other than the recipient: whatever they follow counts for nobody and changes nothing."""
OWN = ("link.", "system.")
"""Groups whose values the composer knows by itself."""
Sign = Callable[[bytes, datetime], bytes]
"""Puts a signature in front of a whole mail, dated (DKIM)."""


class _Address(msgspec.Struct, frozen=True):
    """One of the tracker's addresses in the mail: its word, and what stands around its token."""

    word: str
    kind: Kind
    before: str
    after: str = ""
    link: int = 0


class Composer:
    """Composes the mails of one run. Raises BadTemplate or BadValue when the letter cannot be sent to anyone."""

    def __init__(
        self,
        letter: Letter,
        trackers: Sequence[Tracked],
        sender: Sender,
        occasion: Occasion,
        vocabulary: Vocabulary,
        tokens: Tokens,
        *,
        numbers: Mapping[str, int] | None = None,
        sign: Sign | None = None,
    ) -> None:
        self._occasion, self._tokens, self._sign = occasion, tokens, sign
        self._marks = TEST if occasion.test else 0
        self._returns = _Returns(sender)
        page = Page(letter, trackers, track=occasion.track_clicks)
        words = catalogue(letter.language)
        text = own_text(page, letter.text, words) if letter.text.strip() else drawn_text(page, words)
        text = directed(text, rtl=letter.language == "fa")
        shown = "" if letter.text_only else page.finish(words, pixel=occasion.track_opens)
        links = tuple(page.links)
        vocabulary = _with_addresses(vocabulary, links)
        used = names(parse(letter.subject)) | names(parse(text)) | names(parse(shown, html=True))
        self.names = frozenset(name for name in used if not name.startswith(OWN))
        """The words whose values a recipient must bring."""
        self._subject = _compiled(letter.subject, vocabulary, Place.HEADER)
        self._text = _compiled(text, vocabulary, Place.TEXT)
        self._html = _compiled(shown, vocabulary, Place.HTML) if shown else None
        self._addresses = _addresses(occasion.tracker_url.rstrip("/"), used, links, numbers or {})
        self._heads = shared_headers(letter, sender, occasion)
        base64 = letter.language == "fa" or mime.prefers_base64(shown + text)
        self._frame = frame_of(letter, page=bool(shown), base64=base64)
        self._prefix = words.text("sending.test_prefix") + " " if occasion.test else ""
        self._date = (0, b"")

    def compose(self, recipient: Recipient, now: datetime) -> Outgoing:
        """One recipient's mail. Raises Missing, TooMuch or BadValue, which concern this recipient only."""
        values: dict[str, Any] = {"system.today": now, **recipient.values, **self._own_values(recipient.message)}
        address = mime.ascii_domain(recipient.address)
        token = self._tokens.sign_mail(Kind.BOUNCE, self._content(recipient.message))
        frame, html = self._frame, self._html
        content = b"".join((
            self._heads,
            mime.header_mailbox("To", recipient.name, address),
            mime.header_text("Subject", self._prefix + self._subject(values)),
            self._dated(now),
            self._identity(recipient.message, token, values[UNSUBSCRIBE]),
            frame.start,
            frame.body(self._text(values)),
            frame.between,
            frame.body(html(values)) if html else b"",
            frame.end,
        ))  # fmt: skip
        signed = self._sign(content, now) if self._sign else content
        return Outgoing(recipient.message, self._returns.path(token), address, signed, address.isascii())

    def subject(self, recipient: Recipient, now: datetime) -> str:
        """The subject alone. Raises as `compose` does."""
        return self._prefix + self._subject({"system.today": now, **recipient.values})

    def page(self, recipient: Recipient, now: datetime, marks: Mapping[Kind, int] = WEB_VIEW) -> str:
        """The same mail as a page for the browser, in which its reader's links count and its picture does not, unless the
        `marks` of its tokens say otherwise. Raises as `compose` does."""
        values = {"system.today": now, **recipient.values, **self._own_values(recipient.message, marks)}
        if self._html:
            return self._html(values)
        return f'<!doctype html><meta charset="utf-8"><pre dir="auto">{escape(self._text(values))}</pre>'

    def _content(self, message: int, link: int = 0, marks: int = 0) -> Content:
        return Content(self._occasion.tenant, message, link, self._marks | marks)

    def _own_values(self, message: int, marks: Mapping[Kind, int] | None = None) -> Mapping[str, Any]:
        sign, content, marked = self._tokens.sign, self._content, marks or {}
        return {
            one.word: f"{one.before}{sign(one.kind, content(message, one.link, marked.get(one.kind, 0)))}{one.after}"
            for one in self._addresses
        }

    def _identity(self, message: int, token: str, unsubscribe: str) -> bytes:
        """What tells this mail from all others; Message-ID is the same on every try."""
        out = f"<{unsubscribe}>"
        if self._returns.catches_all:
            mail = self._tokens.sign_mail(Kind.OPT_OUT, self._content(message))
            out += f",\r\n <mailto:u-{mail}@{self._returns.domain}?subject=unsubscribe>"
        lines = (
            f"Message-ID: <{token}@{self._returns.domain}>",
            f"X-Sadra-Msg: {token}",
            f"List-Unsubscribe: {out}",
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        )
        return "".join(f"{line}\r\n" for line in lines).encode()

    def _dated(self, now: datetime) -> bytes:
        second = int(now.timestamp())
        if self._date[0] != second:
            self._date = (second, f"Date: {format_datetime(now)}\r\n".encode())
        return self._date[1]


class _Returns:
    """Where returned mail goes: the envelope's sender carries the mail's token (5.5)."""

    def __init__(self, sender: Sender) -> None:
        self.catches_all = bool(sender.bounce_domain)
        self._mailbox = sender.bounce_mailbox.partition("@")
        self._plain = mime.ascii_domain(mime.checked_address(sender.from_address))
        self.domain = sender.bounce_domain or self._mailbox[2] or self._plain.rpartition("@")[2]

    def path(self, token: str) -> str:
        if self.catches_all:
            return f"b-{token}@{self.domain}"
        local, _, domain = self._mailbox
        return f"{local}+{token}@{domain}" if local and len(local) + len(token) < 64 else self._plain


def _compiled(source: str, vocabulary: Vocabulary, place: Place) -> Filled:
    return compile_template(parse(source, html=place is Place.HTML), vocabulary, place)


def _with_addresses(vocabulary: Vocabulary, links: Sequence[Link]) -> Vocabulary:
    """The composer's own words besides those of the tenant."""
    own = (UNSUBSCRIBE, *SYSTEM, *(f"link.n{link.position}" for link in links))
    words = {**vocabulary.words, **{name: Word(sort="link", trusted=True) for name in own}}
    return msgspec.structs.replace(vocabulary, words=words)


def _addresses(
    base: str, used: frozenset[str], links: Sequence[Link], numbers: Mapping[str, int]
) -> tuple[_Address, ...]:
    """The addresses that the mail holds; the opt-out always, because it stands in a header."""
    found = [_Address(UNSUBSCRIBE, Kind.OPT_OUT, base + OPT_OUT)]
    found += [_Address(name, kind, base + path, after) for name, (kind, path, after) in SYSTEM.items() if name in used]
    found += [
        _Address(f"link.n{link.position}", Kind.CLICK, base + CLICK, "", numbers.get(link.url, link.position))
        for link in links
    ]
    return tuple(one for one in found if one.word in used or one.word == UNSUBSCRIBE)
