"""Tags taken out of a text while something else works on it, and put back afterwards."""

import re

from crm_domain.text.merge_tags.parse import pieces

FIRST_MARK = "xqtag"


class Mask:
    """Stands a plain word in for every tag, one that no program that reads HTML changes."""

    def __init__(self, *texts: str) -> None:
        self._mark = FIRST_MARK
        while any(self._mark in text for text in texts):
            self._mark += "q"
        self._tags: list[str] = []
        self.found = re.compile(rf"{self._mark}(\d+)z")

    def hide(self, source: str) -> str:
        """The text with a word for each tag. Raises BadTemplate."""
        return "".join(part.body if part.kind == "text" else self.add(part.source) for part in pieces(source))

    def add(self, tag: str) -> str:
        """The word for one more tag."""
        self._tags.append(tag)
        return f"{self._mark}{len(self._tags) - 1}z"

    def show(self, text: str) -> str:
        """The text with its tags back."""
        return self.found.sub(lambda match: self._tags[int(match[1])], text)

    def within(self, text: str) -> list[str]:
        """The tags whose words stand in the text."""
        return [self._tags[int(number)] for number in self.found.findall(text)]
