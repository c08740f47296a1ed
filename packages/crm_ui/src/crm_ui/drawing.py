"""Charts as plain lengths and words, which templates only draw: stacked columns, lines, slices, each with its scale."""

import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import msgspec

from crm_domain.text import numbers
from crm_ui.reader import Reader

WIDTH, WIDE = 520, 860
HEIGHT, FOOT, HEAD, AXIS = 232, 28, 22, 44
COLUMN, GAP = 38, 0.3
STEPS = 4
ROUND_STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
NOTHING = Decimal(0)
COLOURS = ("f1", "f2", "f3", "f4", "f5", "fx")
LABEL, LETTER = 62, 7
"""What a label below the chart needs: all of it, and each of its letters."""
Part = tuple[str, Decimal]
"""A colour and how much of it."""


class Scale(msgspec.Struct, frozen=True):
    """One unit for all amounts of a box, said once: «میلیارد تومان»."""

    power: int
    unit: str


def scale_of(reader: Reader, value: Decimal, unit: str) -> Scale:
    """The unit in which a number, counted in `unit`, is a short one."""
    name, power = numbers.magnitude(value)
    return Scale(power, reader.text(f"home.scale.{name}", unit=unit).strip() if name else unit)


def scaled(reader: Reader, value: Decimal, scale: Scale) -> str:
    """The number in that unit: two digits behind the point below ten, one below a hundred."""
    amount = value.scaleb(-scale.power)
    places = 0 if abs(amount) >= 100 else 1 if abs(amount) >= 10 else 2
    return numbers.format_number(numbers.trimmed(numbers.rounded(amount, places)), reader.voice.locale)


def columns(
    reader: Reader, labels: Sequence[str], stacks: Sequence[Sequence[Part]], unit: str, *, width: int = WIDTH
) -> dict[str, Any]:
    """Stacked columns over their labels; where reading goes to the left, time does too."""
    sums = [sum((max(NOTHING, part) for _, part in stack), NOTHING) for stack in stacks]
    frame = _frame(reader, max(sums, default=NOTHING), unit, len(labels), width)
    drawn = [
        {**_column(frame, place, stack), "label": label, "sum": _sum(reader, frame, one)}
        for place, (stack, label, one) in enumerate(zip(stacks, _labels(frame, labels), sums, strict=True))
    ]
    return {**_facts(reader, frame), "columns": drawn, "paths": []}


def lines(
    reader: Reader, labels: Sequence[str], series: Sequence[Sequence[Decimal]], unit: str, *, width: int = WIDE
) -> dict[str, Any]:
    """A line for each series, with a point over each label."""
    highest = max((value for one in series for value in one), default=NOTHING)
    frame = _frame(reader, highest, unit, len(labels), width)
    deep = HEIGHT - FOOT - HEAD
    paths = [
        (
            COLOURS[number % len(COLOURS)],
            [
                (frame.middle(place), round(HEIGHT - FOOT - deep * float(max(NOTHING, value) / frame.top), 1))
                for place, value in enumerate(one)
            ],
        )
        for number, one in enumerate(series)
    ]
    marks: list[dict[str, Any]] = [
        {"middle": frame.middle(place), "label": label, "foot": HEIGHT - 8, "bars": [], "sum": ""}
        for place, label in enumerate(_labels(frame, labels))
    ]
    return {**_facts(reader, frame), "columns": marks, "paths": paths}


def slices(parts: Sequence[Part], *, size: int = 200) -> list[tuple[str, str]]:
    """The parts of a ring, from the top with the clock: colour and path."""
    whole = sum((max(NOTHING, part) for _, part in parts), NOTHING)
    middle, outer, inner = size / 2, size / 2 - 4, size / 3.4
    found: list[tuple[str, str]] = []
    begun = 0.0
    for colour, part in parts:
        share = float(max(NOTHING, part) / whole) if whole else 0.0
        if share:
            found.append((colour, _slice(middle, outer, inner, begun, min(begun + share, begun + 0.9999))))
        begun += share
    return found


class _Frame(msgspec.Struct, frozen=True):
    """Where things stand: the width, the highest amount, how many places there are."""

    width: int
    top: Decimal
    number: int
    rtl: bool
    scale: Scale

    @property
    def step(self) -> float:
        return (self.width - AXIS) / max(1, self.number)

    def middle(self, place: int) -> float:
        at = place * self.step + self.step / 2
        return round(self.width - AXIS - at if self.rtl else AXIS + at, 1)


def _frame(reader: Reader, highest: Decimal, unit: str, number: int, width: int) -> _Frame:
    return _Frame(width, _top(highest), number, reader.voice.locale.rtl, scale_of(reader, highest, unit))


def _facts(reader: Reader, frame: _Frame) -> dict[str, Any]:
    return {
        "note": frame.scale.unit,
        "lines": _grid(reader, frame),
        "width": frame.width,
        "height": HEIGHT,
        "rtl": frame.rtl,
    }


def _column(frame: _Frame, place: int, stack: Sequence[Part]) -> dict[str, Any]:
    deep, floor = HEIGHT - FOOT - HEAD, float(HEIGHT - FOOT)
    wide = round(min(COLUMN, frame.step * (1 - GAP)), 1)
    found: list[tuple[str, float, float]] = []
    for colour, part in stack:
        high = deep * float(max(NOTHING, part) / frame.top)
        floor -= high
        if high:
            found.append((colour, round(floor, 1), round(high, 1)))
    middle = frame.middle(place)
    return {
        "x": round(middle - wide / 2, 1),
        "middle": middle,
        "bars": found,
        "bar": wide,
        "top": round(floor - 6, 1),
        "foot": HEIGHT - 8,
    }


def _labels(frame: _Frame, labels: Sequence[str]) -> list[str]:
    """Each label, or every second, third … where there is no room for all."""
    every = max(1, math.ceil(max([LABEL, *(LETTER * len(label) for label in labels)]) / frame.step))
    return [label if place % every == 0 else "" for place, label in enumerate(labels)]


def _sum(reader: Reader, frame: _Frame, value: Decimal) -> str:
    return scaled(reader, value, frame.scale) if value and frame.step >= COLUMN else ""


def _grid(reader: Reader, frame: _Frame) -> list[dict[str, Any]]:
    """A line and its amount for each quarter of the highest column."""
    deep, width = HEIGHT - FOOT - HEAD, frame.width
    return [
        {
            "y": round(HEIGHT - FOOT - deep * step / STEPS, 1),
            "from": 0 if frame.rtl else AXIS,
            "to": width - AXIS if frame.rtl else width,
            "label": scaled(reader, frame.top * step / STEPS, frame.scale),
            "at": width if frame.rtl else AXIS - 6,
        }
        for step in range(STEPS + 1)
    ]


def _top(highest: Decimal) -> Decimal:
    """Where the chart ends: the first amount above the highest column whose quarters are round numbers."""
    if highest <= 0:
        return Decimal(STEPS)
    quarter = highest / STEPS
    power = Decimal(1).scaleb(quarter.adjusted())
    return next(step * power for step in ROUND_STEPS if step * power >= quarter) * STEPS


def _slice(middle: float, outer: float, inner: float, begin: float, end: float) -> str:
    def at(radius: float, share: float) -> str:
        angle = 2 * math.pi * share - math.pi / 2
        return f"{middle + radius * math.cos(angle):.2f} {middle + radius * math.sin(angle):.2f}"

    large = int(end - begin > 0.5)
    return (
        f"M{at(outer, begin)}A{outer:.2f} {outer:.2f} 0 {large} 1 {at(outer, end)}"
        f"L{at(inner, end)}A{inner:.2f} {inner:.2f} 0 {large} 0 {at(inner, begin)}Z"
    )
