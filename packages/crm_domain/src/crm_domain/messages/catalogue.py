"""The words of the product: gettext catalogues by room and language, looked up by ids that follow from place."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast

from babel.messages.pofile import read_po

LANGUAGES = ("fa", "en")
HOME = Path(__file__).parent


class Catalogue:
    """A language's messages, some of them in `words` of a tenant's own. A missing one is worded in the other language;
    failing that, the id stands for itself."""

    def __init__(self, language: str, words: Mapping[str, str] | None = None) -> None:
        self.language = language
        self._own: Mapping[str, str] = {**messages_of(language), **words} if words else messages_of(language)
        self._other = messages_of("en" if language == "fa" else "fa")

    def text(self, id_: str, **facts: Any) -> str:
        """The message with its named placeholders filled."""
        found = self._own.get(id_) or self._other.get(id_) or id_
        return found.format_map(self.told(facts)) if facts else found

    def plural(self, id_: str, n: int, **facts: Any) -> str:
        """The message for a number: `<id>.one` for one where the language has it, else the id itself."""
        one = f"{id_}.one"
        return self.text(one if n == 1 and one in self._own else id_, **{"n": n, **facts})

    def told(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        """Facts that were kept for readers of any language: `{"id": …}` among them is a message, worded here."""
        return {
            name: self.text(str(cast("dict[str, Any]", fact)["id"])) if isinstance(fact, dict) else fact
            for name, fact in facts.items()
        }

    def has(self, id_: str) -> bool:
        return id_ in self._own

    def ids(self) -> frozenset[str]:
        return frozenset(self._own)


@cache
def messages_of(language: str) -> Mapping[str, str]:
    """All messages of a language by id, from every room's file."""
    found: dict[str, str] = {}
    for path in sorted((HOME / language).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if message.id:
                    found[str(message.id)] = str(message.string)
    return found


@cache
def catalogue(language: str) -> Catalogue:
    """The language's catalogue, read once."""
    return Catalogue(language)
