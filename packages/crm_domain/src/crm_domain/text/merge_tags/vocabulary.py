"""What a template may name, and how a value of each name is written for a reader."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

import msgspec

from crm_domain.messages.catalogue import Catalogue
from crm_domain.text.locale import Locale

Sort = Literal["text", "date", "number", "money", "truth", "link", "list"]


class Word(msgspec.Struct, frozen=True):
    """One name's value: `write` makes text of what is neither empty nor filtered; `otherwise` stands for an empty one.

    A `link` is a whole address; a `list` has the keys of its items in `items`.
    """

    sort: Sort = "text"
    write: Callable[[Any], str] = str
    otherwise: str = ""
    latin: bool = False
    """Phone numbers, addresses and codes: read from left to right also among Persian words."""
    coded: bool = False
    """A text that people read otherwise than it is stored: an option, a phone number. In addresses it stands as stored."""
    trusted: bool = False
    """An address the product made itself, of letters that mean nothing anywhere."""
    items: "Mapping[str, Word]" = {}


class Vocabulary(msgspec.Struct, frozen=True):
    """The names of one reader's language. Whole names such as `contact.first_name` are its keys."""

    words: Mapping[str, Word]
    locale: Locale
    catalogue: Catalogue
