"""The further tabs of a user's home page."""

from typing import Any

import msgspec

MOST_TABS = 9
MOST_BOXES = 40
LONGEST_BOX, LONGEST_NAME = 80, 60


class HomeTab(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A page of boxes beside the first one, called as its user wants."""

    name: str
    boxes: tuple[str, ...] = ()


def home_tabs(value: Any) -> tuple[HomeTab, ...] | None:
    """The tabs as they are kept; None for what makes no sense."""
    try:
        found = msgspec.convert(value, tuple[HomeTab, ...])
    except msgspec.ValidationError:
        return None
    fits = len(found) <= MOST_TABS and all(0 < len(tab.name) <= LONGEST_NAME and are_boxes(tab.boxes) for tab in found)
    return found if fits else None


def are_boxes(value: Any) -> bool:
    """Whether these are keys of boxes, as many as a page holds."""
    try:
        keys = msgspec.convert(value, tuple[str, ...])
    except msgspec.ValidationError:
        return False
    return len(keys) <= MOST_BOXES and all(0 < len(key) <= LONGEST_BOX for key in keys)
