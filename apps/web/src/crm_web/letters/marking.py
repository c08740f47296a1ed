"""Letters marked as somebody wishes, and the address that takes it back."""

from collections.abc import Sequence
from urllib.parse import urlencode

from crm_domain.letters import marks
from crm_domain.query.page import Row
from crm_web.visit import Visit

COLUMNS = ("status", "flagged", "folder", "place", "mailbox")
"""What a mark must know of a letter."""
Pairs = list[tuple[str, str]]


def state_of(row: Row) -> marks.State:
    """What marks may change of a letter."""
    return marks.State(row["status"] or "", bool(row["flagged"]), row["folder"] or "", row["place"] or "")


async def mark(visit: Visit, wish: str, rows: Sequence[Row]) -> tuple[int, Pairs]:
    """Marks those of the letters of which that says anything new: how many, and how they were. The caller commits.

    `wish` is one that `marks.marked` knows.
    """
    touched = [row for row in rows if marks.open_to(wish, state_of(row))]
    if touched:
        await visit.work.store.update(visit.module("emails"), [row.id for row in touched], marks.marked(wish) or {})
    former = marks.former([state_of(row) for row in touched], wish)
    return len(touched), [
        ("was", f"{word}~{marks.packed([touched[at].id for at in places])}") for word, places in former.items()
    ]


def undo_address(was: Pairs, back: Pairs) -> str:
    """Where to send the browser to have it taken back and come to the list `back`; empty for what did nothing."""
    return f"/mail/marks/undo?{urlencode([*was, *back])}" if was else ""
