"""Where a value lands, and how it is made harmless there."""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from html import escape
from urllib.parse import quote, urlsplit

_CONTROLS = {number: None for number in (*range(9), 11, *range(14, 32), 127)}
"""Control characters but tab and line ends: they have no place in any text."""
_LINE = {number: " " for number in (9, 10, 11, 12, 13, 0x85, 0x2028, 0x2029)}
_HEADER = _CONTROLS | _LINE | {number: None for number in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}
"""In a header all ends of lines become blanks (SEC-16), and what turns the direction of the rest goes."""

_LOUD = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f&<>\"']")
"""What HTML makes anything of; most values have none of it."""


class Place(StrEnum):
    """What surrounds a value."""

    HTML = "html"
    """Between elements."""
    ATTRIBUTE = "attribute"
    """In a quoted attribute that is no address."""
    QUERY = "query"
    """Within an address."""
    ADDRESS = "address"
    """A whole address in HTML."""
    TEXT = "text"
    HEADER = "header"


def _html(text: str) -> str:
    return escape(text.translate(_CONTROLS)) if _LOUD.search(text) else text


def _query(text: str) -> str:
    return quote(text.translate(_CONTROLS), safe="")


def _address(text: str) -> str:
    """Only web and mail addresses; anything else leads nowhere."""
    text = text.strip().translate(_CONTROLS)
    try:
        scheme = urlsplit(text).scheme
    except ValueError:
        scheme = ""
    return escape(text) if scheme in ("http", "https", "mailto", "tel") else "#"


def _text(text: str) -> str:
    return text.translate(_CONTROLS).replace("\r\n", "\n").replace("\r", "\n")


def _header(text: str) -> str:
    return text.translate(_HEADER)


ESCAPES: Mapping[Place, Callable[[str], str]] = {
    Place.HTML: _html,
    Place.ATTRIBUTE: _html,
    Place.QUERY: _query,
    Place.ADDRESS: _address,
    Place.TEXT: _text,
    Place.HEADER: _header,
}
