"""Chance with a seed: the same seed makes the same company, on every machine."""

from bisect import bisect
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar
from uuid import UUID

T = TypeVar("T")
DAYS = 548
"""Eighteen months: how far back the demo company goes."""
RECENT = 1.6
"""How much more happened lately: 1 would be evenly spread."""


class Weights(Generic[T]):
    """Things that are not equally likely."""

    def __init__(self, weights: Mapping[T, float]) -> None:
        self.items = tuple(weights)
        self.bounds = tuple(accumulate(weights.values()))


class Chance:
    """Picks, dates and ids for one part of the data."""

    def __init__(self, *seed: object) -> None:
        self._random = Random(":".join(map(str, seed)))  # noqa: S311 - demo data, nothing secret

    def pick(self, items: Sequence[T]) -> T:
        return items[int(self._random.random() * len(items))]

    def weighted(self, weights: Weights[T]) -> T:
        return weights.items[bisect(weights.bounds, self._random.random() * weights.bounds[-1])]

    def maybe(self, probability: float) -> bool:
        return self._random.random() < probability

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self._random.random()

    def whole(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + int(self._random.random() * (high - low + 1))

    def digits(self, number: int) -> str:
        return f"{int(self._random.random() * 10**number):0{number}d}"

    def id(self, at: datetime) -> UUID:
        """A UUID version 7 of that moment."""
        bits = self._random.getrandbits(74)
        milliseconds = int(at.timestamp() * 1000)
        return UUID(int=milliseconds << 80 | 7 << 76 | (bits >> 62) << 64 | 2 << 62 | bits & ((1 << 62) - 1))

    def lately(self, now: datetime) -> datetime:
        """A moment of the last eighteen months, more likely a recent one."""
        return now - timedelta(days=DAYS * self._random.random() ** RECENT)

    def after(self, start: datetime, low: float, high: float, now: datetime) -> datetime:
        """A moment that many days after the start; any moment since then where the time has been shorter."""
        passed = (now - start) / timedelta(days=1)
        return start + timedelta(days=self.between(low if low < passed else 0, min(high, passed)))
