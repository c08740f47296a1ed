"""The plain text of a mail: the template's own, or drawn from its page with the links as footnotes."""

# pyright: basic, reportAttributeAccessIssue=false
# The HTML libraries come without types.

import copy
import re
from collections.abc import Sequence
from html import unescape
from typing import Any

from inscriptis import get_text
from lxml import html

from crm_domain.messages.catalogue import Catalogue, catalogue
from crm_domain.sending.letter import Letter, Tracked
from crm_domain.sending.page import OPT_OUT, Link, Page

_TRACKER = re.compile(r"\{([A-Za-z][A-Za-z0-9_]{0,79})\}")
_URL = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]»،؛]")
_BLANKS = re.compile(r"\n{3,}")
RIGHT_TO_LEFT_MARK = "\u200f"
_STRONG = re.compile(r"[A-Za-z\u0590-\u08ff]")


def links_of(letter: Letter, trackers: Sequence[Tracked]) -> tuple[Link, ...]:
    """The addresses that a letter's mails track, in their order. Raises BadTemplate and BadValue."""
    page = Page(letter, trackers, track=True)
    if letter.text.strip():
        own_text(page, letter.text, catalogue(letter.language))
    return tuple(page.links)


def own_text(page: Page, text: str, words: Catalogue) -> str:
    """The template's plain text as a template, its named and plain links followed, with an opt-out line (5.2)."""
    masked = _TRACKER.sub(lambda match: page.target(match[0]), page.mask.hide(text))
    masked = _URL.sub(lambda match: page.target(match[0]), masked)
    shown = page.mask.show(masked)
    return shown if "system.unsubscribe_url" in shown else f"{shown.rstrip()}\n\n{_line(words)}\n"


def drawn_text(page: Page, words: Catalogue) -> str:
    """The page's words as a template. The tags are those of the page, so both parts say the same."""
    tree = copy.deepcopy(page.root)
    notes: list[str] = []
    for element in tree.iter("a"):
        address = element.get("href", "")
        if address.startswith(("http://", "https://", page.mask.found.pattern[:5])) and (element.text or len(element)):
            if address not in notes:
                notes.append(address)
            _append(element, f" [{notes.index(address) + 1}]")
    shown = get_text(str(html.tostring(tree, encoding="unicode")))
    lines = [line.rstrip() for line in shown.strip().splitlines()]
    body = _BLANKS.sub("\n\n", "\n".join(lines))
    listed = "\n".join(f"[{number}] {address}" for number, address in enumerate(notes, 1))
    text = unescape(page.mask.show(f"{body}\n\n{listed}".strip()))
    return text + "\n" if "system.unsubscribe_url" in text else f"{text}\n\n{_line(words)}\n"


def directed(text: str, *, rtl: bool) -> str:
    """A text for right-to-left readers begins that way, also when its first letter would turn it (5.3)."""
    first = _STRONG.search(text)
    return RIGHT_TO_LEFT_MARK + text if rtl and first and first[0].isascii() else text


def _line(words: Catalogue) -> str:
    return f"{words.text('sending.unsubscribe')}: {OPT_OUT}"


def _append(element: Any, text: str) -> None:
    """Puts words behind what the element says."""
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text
