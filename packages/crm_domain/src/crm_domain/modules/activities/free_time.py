"""When everybody has time: within hours of work, on days of work, outside what keeps any of them busy."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from crm_domain.text.workdays import DAY, Span, Workdays

QUARTER = timedelta(minutes=15)
DAYS_AHEAD = 60
"""How far somebody looks for a free time."""


def next_free(workdays: Workdays, after: datetime, length: timedelta, taken: Iterable[Span]) -> datetime | None:
    """The first quarter of an hour, not before `after`, from which on nobody is taken for that long; None where there is none.

    What lasts longer than any interval of a day's hours begins with them.
    """
    busy = sorted(taken)
    for opens, closes in _ahead(workdays, after, length):
        last = max(closes - length, opens)
        at = _quarter(max(opens, after))
        while at <= last:
            end = at + length
            clash = [stop for start, stop in busy if start < end and stop > at]
            if not clash:
                return at
            at = _quarter(max(clash))
    return None


def _ahead(workdays: Workdays, after: datetime, length: timedelta) -> Iterator[Span]:
    """The hours of the days from a moment on, as far as somebody looks; of each day those that are long enough, if any is."""
    first = workdays.local(after)
    for step in range(DAYS_AHEAD):
        spans = workdays.spans(first + step * DAY)
        yield from [span for span in spans if span[1] - span[0] >= length] or spans[:1]


def _quarter(at: datetime) -> datetime:
    """The moment itself, or the next full quarter of an hour."""
    past = timedelta(minutes=at.minute % 15, seconds=at.second, microseconds=at.microsecond)
    return at + QUARTER - past if past else at


def closed_stretches(workdays: Workdays, begin: datetime, number: int, step: timedelta) -> Sequence[tuple[int, int]]:
    """The stretches outside the hours among so many steps from `begin`, each as its first step and how many it takes."""
    found: list[tuple[int, int]] = []
    for at in range(number):
        if workdays.open(begin + at * step):
            continue
        if found and sum(found[-1]) == at:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        else:
            found.append((at, 1))
    return found
