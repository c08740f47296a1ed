"""Where in a text the words stand that somebody looked for, however either is spelt."""

from crm_domain.text.normalise import ZWNJ, search_key

Piece = tuple[str, bool]
"""A part of a text, and whether it is what was looked for."""


def marked(text: str, words: str) -> list[Piece]:
    """The text in pieces; `words` are as search keys have them. Every place of every word is one piece."""
    wanted = [word for word in words.split() if word]
    folded, origin = _folded(text)
    hits = [False] * len(text)
    for word in wanted:
        at = folded.find(word)
        while at >= 0:
            first, last = origin[at], origin[at + len(word) - 1]
            hits[first : last + 1] = [True] * (last + 1 - first)
            at = folded.find(word, at + len(word))
    pieces: list[Piece] = []
    for letter, hit in zip(text, hits, strict=True):
        if pieces and pieces[-1][1] == hit:
            pieces[-1] = (pieces[-1][0] + letter, hit)
        else:
            pieces.append((letter, hit))
    return pieces


def _folded(text: str) -> tuple[str, list[int]]:
    """The text as keys have it, joined where it has a ZWNJ, and for each letter of that the place it comes from."""
    folded: list[str] = []
    origin: list[int] = []
    for place, letter in enumerate(text):
        key = "" if letter == ZWNJ else search_key(letter) or (" " if letter.isspace() else "")
        folded.append(key)
        origin += [place] * len(key)
    return "".join(folded), origin
