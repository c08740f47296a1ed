"""What a user's home page shows: tabs of boxes, each box with its own choices."""

from typing import Any, Final

import msgspec

MOST_TABS: Final = 10
MOST_BOXES: Final = 20
"""Boxes of one tab."""
LONGEST_KEY: Final = 80
LONGEST_NAME: Final = 40
ROWS: Final = (3, 6, 10, 20)
REFRESHES: Final = (0, 1, 3, 5, 10, 30)
"""Minutes after which a box is asked for anew; 0 is never."""


class Box(msgspec.Struct, frozen=True):
    """One box: `key` names what it shows, `rows` how long its list is, `refresh` the minutes until it is asked again."""

    key: str
    rows: int = 6
    refresh: int = 0


class Tab(msgspec.Struct, frozen=True):
    """A page of boxes in their order; the first needs no name."""

    name: str = ""
    boxes: tuple[Box, ...] = ()


def home_tabs(value: Any) -> tuple[Tab, ...] | None:
    """The tabs as they are kept; a plain list of keys is one tab. None for what makes no sense."""
    try:
        keys = msgspec.convert(value, tuple[str, ...])
        tabs = (Tab(boxes=tuple(Box(key) for key in keys)),) if keys else ()
    except msgspec.ValidationError:
        try:
            tabs = msgspec.convert(value, tuple[Tab, ...])
        except msgspec.ValidationError:
            return None
    return tabs if len(tabs) <= MOST_TABS and all(_fits(tab) for tab in tabs) else None


def _fits(tab: Tab) -> bool:
    boxes = tab.boxes
    return (
        len(tab.name) <= LONGEST_NAME
        and len(boxes) <= MOST_BOXES
        and len({box.key for box in boxes}) == len(boxes)
        and all(0 < len(box.key) <= LONGEST_KEY and box.rows in ROWS and box.refresh in REFRESHES for box in boxes)
    )
