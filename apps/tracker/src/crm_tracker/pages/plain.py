"""Pages that only say something: a damaged link, one that is not known now, a mail that is no longer kept."""

from crm_tracker.pages.frame import Words, framed, heading


def notice(words: Words, key: str) -> bytes:
    """A title and a text: `damaged`, `later`, `nothing`, `too_often`, `gone`."""
    title = words(key)
    return framed(words, title, heading(title, words(f"{key}_text")))
