"""A project's plan as a drawing: days along the reader's calendar, from right to left where he reads so; templates only draw it."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec

from crm_domain.modules.projects.plan import Step, critical
from crm_domain.modules.projects.waiting import Wait
from crm_domain.text import format as formats
from crm_domain.text.jalali import add_months, parts
from crm_domain.text.numbers import format_number
from crm_domain.text.periods import months_of
from crm_web.visit import Visit

ROW, HEAD, BAR = 36, 48, 16
"""Heights, in pixels."""
EDGE = 10
"""The width, in pixels, of what the end of a bar is held by."""
SCALES = ((45, 24), (120, 12), (400, 5), (100_000, 2))
"""Up to so many days, a day is so many pixels wide."""
EVERY_DAY, EVERY_WEEK = 20, 8
"""From which width on each day, and each week, has its number."""
MONTH_WIDTH = 100
"""How many pixels the name of a month needs before the next one's."""
MARGIN = timedelta(days=2)
ELBOW = 7


class Paper(msgspec.Struct, frozen=True):
    """What is drawn on: the first day, how many, their width, and whether time runs to the left."""

    first: date
    days: int
    unit: int
    rtl: bool

    @property
    def width(self) -> int:
        return self.days * self.unit

    def x(self, day: date) -> int:
        """Where a day begins."""
        at = (day - self.first).days * self.unit
        return self.width - at if self.rtl else at

    def left(self, start: date, days: int) -> int:
        """The left edge of so many days."""
        return self.x(start) - (days * self.unit if self.rtl else 0)


def drawing(visit: Visit, plan: Sequence[Step]) -> dict[str, Any]:
    """Axis, shaded days, bars, arrows and today's line, with the height of it all."""
    paper = _paper(visit, plan)
    rows = {step.id: number for number, step in enumerate(plan)}
    tight = critical(plan, visit.work.workdays)
    return {
        "width": paper.width,
        "height": HEAD + ROW * len(plan),
        "row": ROW,
        "head": HEAD,
        "months": _months(visit, paper),
        "ticks": _ticks(visit, paper),
        "off": _off(visit, paper),
        "unit": paper.unit,
        "bars": [_bar(visit, paper, step, number, late=step.id in tight) for number, step in enumerate(plan)],
        "arrows": [
            _arrow(paper, plan, rows, step, wait, tight) for step in plan for wait in step.waits if wait.before in rows
        ],
        "today": _today(visit, paper),
        "rtl": paper.rtl,
    }


def _paper(visit: Visit, plan: Sequence[Step]) -> Paper:
    first = min(step.start for step in plan) - MARGIN
    days = (max(step.end for step in plan) + MARGIN - first).days + 1
    unit = next(width for most, width in SCALES if days <= most)
    return Paper(first, days, unit, visit.voice.locale.language == "fa")


def _months(visit: Visit, paper: Paper) -> list[tuple[int, int, str]]:
    """Each month's line, the place of its name, and the name."""
    locale, last = visit.voice.locale, paper.first + timedelta(days=paper.days)
    start = months_of(paper.first, 1, locale)[0]
    found: list[tuple[int, int, str]] = []
    while start < last:
        year, month, _ = parts(start, locale.calendar)
        name = visit.text(f"calendar.{locale.calendar}.month.{month}")
        shown = visit.text("agenda.month", month=name, year=locale.in_digits(str(year)))
        at = paper.x(max(start, paper.first))
        start = add_months(start, 1, locale.calendar)
        fits = start >= last or abs(paper.x(start) - at) >= MONTH_WIDTH
        found.append((at, at + (-6 if paper.rtl else 6), shown if fits else ""))
    return found


def _ticks(visit: Visit, paper: Paper) -> list[tuple[int, str]]:
    """The middle of each day that has a number, and the number."""
    locale = visit.voice.locale
    if paper.unit < EVERY_WEEK:
        return []
    found: list[tuple[int, str]] = []
    for day in _days(paper):
        if paper.unit >= EVERY_DAY or day.weekday() == locale.week_start:
            number = locale.in_digits(str(parts(day, locale.calendar).day))
            found.append((paper.left(day, 1) + paper.unit // 2, number))
    return found


def _off(visit: Visit, paper: Paper) -> list[int]:
    """The left edges of the days nobody works."""
    if paper.unit < EVERY_WEEK:
        return []
    return [paper.left(day, 1) for day in _days(paper) if visit.work.workdays.off(day)]


def _days(paper: Paper) -> list[date]:
    return [paper.first + timedelta(days=number) for number in range(paper.days)]


def _bar(visit: Visit, paper: Paper, step: Step, number: int, *, late: bool) -> dict[str, Any]:
    days = (step.end - step.start).days + 1
    width = days * paper.unit
    done = round(width * step.percent / 100)
    left = paper.left(step.start, days)
    middle = HEAD + ROW * number + ROW // 2
    return {
        "id": step.id,
        "version": step.version,
        "start": step.start.isoformat(),
        "end": step.end.isoformat(),
        "title": title_of(visit, step),
        "milestone": step.milestone,
        "critical": late,
        "x": left,
        "y": middle - BAR // 2,
        "width": max(width, 3),
        "height": BAR,
        "edge_x": left - EDGE // 2 if paper.rtl else left + width - EDGE // 2,
        "edge": EDGE,
        "done_x": left + width - done if paper.rtl else left,
        "done": done,
        "diamond": _diamond(paper.left(step.end, 1) + paper.unit // 2, middle),
    }


def title_of(visit: Visit, step: Step) -> str:
    """The task in one sentence."""
    locale, words = visit.voice.locale, visit.voice.catalogue
    return visit.text(
        "gantt.bar",
        name=step.name,
        first=formats.format_date(step.start, locale, words),
        last=formats.format_date(step.end, locale, words),
        percent=format_number(step.percent, locale),
    )


def waits_of(visit: Visit, step: Step, numbers: Mapping[UUID, int]) -> str:
    """What a task waits for, as plans write it: `3`, `5SS+2`."""
    locale = visit.voice.locale
    found = [
        format_number(numbers[wait.before], locale)
        + (wait.relation.upper() if wait.lag or wait.relation != "fs" else "")
        + (f"{'+' if wait.lag > 0 else '−'}{format_number(abs(wait.lag), locale)}" if wait.lag else "")
        for wait in sorted(step.waits, key=lambda wait: numbers.get(wait.before, 0))
        if wait.before in numbers
    ]
    return visit.text("record.list_separator").join(found)


def _diamond(x: int, y: int) -> str:
    half = BAR // 2 + 1
    return f"M{x} {y - half}L{x + half} {y}L{x} {y + half}L{x - half} {y}Z"


def _arrow(
    paper: Paper, plan: Sequence[Step], rows: Mapping[UUID, int], step: Step, wait: Wait, tight: frozenset[UUID]
) -> dict[str, Any]:
    """The line from a task that it waits for, with its head."""
    before = plan[rows[wait.before]]
    sign = -1 if paper.rtl else 1
    from_end, to_end = wait.relation in ("fs", "ff"), wait.relation in ("ff", "sf")
    out = _edge(paper, before, end=from_end)
    into = _edge(paper, step, end=to_end)
    y, to = (HEAD + ROW * rows[one] + ROW // 2 for one in (before.id, step.id))
    leave, reach = out + sign * ELBOW * (1 if from_end else -1), into - sign * ELBOW * (-1 if to_end else 1)
    between = to - ROW // 2 if to > y else to + ROW // 2
    tip = -sign if to_end else sign
    return {
        "line": f"M{out} {y}H{leave}V{between}H{reach}V{to}H{into}",
        "head": f"M{into} {to}l{-6 * tip} -4v8z",
        "critical": step.id in tight and before.id in tight,
    }


def _edge(paper: Paper, step: Step, *, end: bool) -> int:
    if step.milestone:
        half = (BAR // 2 + 1) * (1 if end != paper.rtl else -1)
        return paper.left(step.end, 1) + paper.unit // 2 + half
    return paper.x(step.end + timedelta(days=1)) if end else paper.x(step.start)


def _today(visit: Visit, paper: Paper) -> int | None:
    today = visit.voice.today()
    inside = paper.first <= today < paper.first + timedelta(days=paper.days)
    return paper.left(today, 1) + paper.unit // 2 if inside else None
