"""Two versions of a text side by side: what stayed, what went and what came, word by word."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Literal

import msgspec

WORD = re.compile(r"\s+|\S+")
MOST_WORDS = 1_500
"""Beyond, two blocks are shown one after the other: telling their words apart would take too long."""


class Piece(msgspec.Struct, frozen=True):
    """A stretch of text, with the spaces and line ends in it."""

    kind: Literal["same", "gone", "new"]
    text: str


def compared(old: str, new: str) -> list[Piece]:
    """The pieces in reading order; those of the old text alone make it up again, as do those of the new."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    found: list[Piece] = []
    for gone, come in _blocks(before, after):
        if gone == come:
            found.append(Piece("same", gone))
            continue
        words, others = WORD.findall(gone), WORD.findall(come)
        within = _blocks(words, others) if max(len(words), len(others)) <= MOST_WORDS else [(gone, come)]
        for lost, got in within:
            found += [Piece("same", lost)] if lost == got else [Piece("gone", lost), Piece("new", got)]
    return [piece for piece in found if piece.text]


def _blocks(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What stands in the place of what; equal where nothing changed."""
    for _, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        yield "".join(before[i:j]), "".join(after[k:m])
