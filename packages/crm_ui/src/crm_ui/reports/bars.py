"""Bars as lengths on a sheet, which knows no flowing columns as a page does: label, bar, figure, from where reading begins."""

from collections.abc import Sequence
from typing import Any

WIDE = 860
LABEL, FIGURE, GAP = 240, 120, 12
ROW, THICK = 26, 12
LETTERS = 34
"""Of a label; more would run into its bar."""


def bars(found: Sequence[tuple[str, str, float]], *, rtl: bool) -> dict[str, Any]:
    """By label, figure and percent of the longest: where each stands."""
    room = WIDE - LABEL - FIGURE - 2 * GAP
    begin = LABEL + GAP

    def across(at: float, length: float = 0) -> float:
        return round(WIDE - at - length if rtl else at, 1)

    drawn = [
        {
            "label": label if len(label) <= LETTERS else f"{label[: LETTERS - 1]}…",
            "figure": figure,
            "y": number * ROW + (ROW - THICK) // 2,
            "foot": number * ROW + ROW // 2 + 4,
            "label_at": across(0),
            "label_anchor": "end" if rtl else "start",
            "from": across(begin, room),
            "x": across(begin, room * share / 100),
            "wide": round(room * share / 100, 1),
            "figure_at": across(WIDE),
            "figure_anchor": "start" if rtl else "end",
        }
        for number, (label, figure, share) in enumerate(found)
    ]
    return {"bars": drawn, "room": room, "width": WIDE, "height": ROW * len(drawn)}
