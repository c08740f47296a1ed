"""What people do to letters in their boxes: read, flagged, moved; and how letters were before, so that it can be taken back."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

MARKS: dict[str, dict[str, Any]] = {
    "read": {"status": "read"},
    "unread": {"status": "unread"},
    "flag": {"flagged": True},
    "unflag": {"flagged": False},
    "inbox": {"folder": "inbox"},
    "archive": {"folder": "archive"},
    "trash": {"folder": "trash"},
}
SEEN_ONLY = ("read", "unread")
INCOMING = ("unread", "read", "replied")
ON_THEIR_WAY = ("queued", "sending", "uncertain")
PLACE = "@"
"""Before the name of a folder that only the server has."""
FORMER_FOLDERS = ("inbox", "archive", "trash", "sent", "drafts")
"""Where a letter that was moved may have lain."""


class State(msgspec.Struct, frozen=True):
    """What marks change of a letter."""

    status: str
    flagged: bool
    folder: str
    place: str


def marked(wish: str) -> dict[str, Any] | None:
    """The values that a wish sets: a mark's, or `@name` for a folder of the server; None for what is no wish."""
    if wish.startswith(PLACE) and len(wish) > 1:
        return {"folder": "archive", "place": wish.removeprefix(PLACE)}
    return MARKS.get(wish)


def open_to(wish: str, state: State) -> bool:
    """Whether the wish changes anything of a letter, and may: what we wrote is not unread, what is on its way stays there."""
    values = marked(wish) or {}
    if (wish in SEEN_ONLY and state.status not in INCOMING) or (wish == "read" and state.status == "replied"):
        return False
    if "folder" in values and state.status in ON_THEIR_WAY:
        return False
    return any(getattr(state, key) != value for key, value in values.items())


def former(states: Iterable[State], wish: str) -> dict[str, list[int]]:
    """How to take a wish back: the words for each former state, with the places of the letters that were so."""
    found: dict[str, list[int]] = {}
    for at, state in enumerate(states):
        found.setdefault(_word(state, wish), []).append(at)
    return found


def _word(state: State, wish: str) -> str:
    if wish in SEEN_ONLY:
        return state.status
    if wish in ("flag", "unflag"):
        return "flag" if state.flagged else "unflag"
    return f"{state.folder}{PLACE}{state.place}"


def restored(word: str, status: str) -> Mapping[str, Any] | None:
    """The values of a former state, by its word; None for what no letter of that status can have been."""
    if word in INCOMING:
        return {"status": word} if status in INCOMING else None
    if word in ("flag", "unflag"):
        return MARKS[word]
    folder, _, place = word.partition(PLACE)
    if folder in FORMER_FOLDERS and status not in ON_THEIR_WAY:
        return {"folder": folder, "place": place or None}
    return None


def packed(ids: Sequence[UUID]) -> str:
    """Ids as short as an address can carry them."""
    return b"".join(id_.bytes for id_ in ids).hex()


def unpacked(text: str) -> list[UUID]:
    """The reverse of `packed`. Raises ValueError."""
    whole = bytes.fromhex(text)
    return [UUID(bytes=whole[at : at + 16]) for at in range(0, len(whole), 16)]
