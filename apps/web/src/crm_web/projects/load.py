"""Who has how much to do: the days of work that open tasks take, by day, week, month or quarter, as a table and as a drawing."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec

from crm_domain.definition import Ref
from crm_domain.query.filter import Condition, StillOpen, both
from crm_domain.query.page import ListQuery, Row, Sort
from crm_domain.text import format as formats
from crm_domain.text.jalali import parts
from crm_domain.text.locale import Locale
from crm_domain.text.numbers import format_number
from crm_domain.text.periods import QUARTER, months_of, week_of
from crm_ui.cells import hue_of
from crm_ui.templates import initials
from crm_web.visit import Visit

MOST = 2_000
"""Tasks."""
LEVELS = (1, 50, 100, 150)
"""From how many percent on a cell has the next stronger colour; above a hundred somebody has too much to do."""
Span = tuple[date, date]
SPANS: Mapping[str, tuple[Callable[[date, Locale], Span], int]] = {
    "days": (lambda day, _: (day, day), 31),
    "weeks": (week_of, 26),
    "months": (lambda day, locale: months_of(day, 1, locale), 18),
    "quarters": (lambda day, locale: months_of(day, QUARTER, locale), 12),
}
"""What stands around a day, and how many of them are shown at the most."""
NAMES, ROW, COLUMN, FOOT, FULL = 150, 46, 26, 24, 32
"""Of the drawing, in pixels: the names' width, a person's height, a stretch's width, the axis, what a hundred percent is high."""
HIGHEST = 130
"""The percent at which bars end."""
LABELS = 9


class Stretch(msgspec.Struct, frozen=True):
    """A day, week, month or quarter with the days of work in it, and how it is called."""

    first: date
    last: date
    label: str


def stretches(visit: Visit, by: str, first: date, last: date) -> list[Stretch]:
    """Those from the one around the first day to the one around the last, no more than are shown."""
    around, most = SPANS[by]
    found: list[Stretch] = []
    while first <= last and len(found) < most:
        begin, end = around(first, visit.voice.locale)
        found.append(Stretch(begin, end, _label(visit, by, begin)))
        first = end + timedelta(days=1)
    return found


def _label(visit: Visit, by: str, day: date) -> str:
    locale = visit.voice.locale
    if by in ("days", "weeks"):
        return formats.format_date(day, locale, visit.voice.catalogue)
    year, month, _ = parts(day, locale.calendar)
    name = visit.text(f"calendar.{locale.calendar}.month.{month}")
    return visit.text("agenda.month", month=name, year=locale.in_digits(str(year)))


async def people_and_tasks(visit: Visit, project: UUID, spans: Sequence[Stretch]) -> tuple[list[Ref], list[Row]]:
    """Who works on the project, and the open tasks of all projects that these people have in those stretches."""
    module = visit.module("project_tasks")
    columns = ("assigned_to", "starts_on", "ends_on", "utilization")
    of_it = ListQuery(
        filter=Condition("project", "eq", project), columns=columns, sort=(Sort("created_at"),), limit=MOST
    )
    rows = (await visit.work.store.page(module, of_it)).rows
    people = {row["assigned_to"].id: row["assigned_to"] for row in rows if row["assigned_to"]}
    if not people or not spans:
        return [], []
    theirs = both(
        StillOpen(),
        Condition("assigned_to", "in", tuple(people)),
        Condition("ends_on", "ge", spans[0].first),
        Condition("starts_on", "le", spans[-1].last),
    )
    found = (await visit.work.store.page(module, ListQuery(filter=theirs, columns=columns, limit=MOST))).rows
    return sorted(people.values(), key=lambda ref: ref.name), list(found)


def people_facts(
    visit: Visit, people: Sequence[Ref], tasks: Sequence[Row], spans: Sequence[Stretch]
) -> list[dict[str, Any]]:
    """A line for each person, with a cell for each stretch."""
    days = visit.work.workdays.numbers(spans[0].first, spans[-1].last + timedelta(days=1)) if spans else {}
    return [
        {
            "name": who.name,
            "href": f"/users/{who.id}",
            "initials": initials(who.name),
            "hue": hue_of(who.id.int),
            "cells": [_cell(visit, [task for task in tasks if task["assigned_to"].id == who.id], span, days)
                      for span in spans],
        }
        for who in people
    ]  # fmt: skip


def _cell(visit: Visit, tasks: Sequence[Row], span: Stretch, days: Mapping[date, int]) -> dict[str, Any]:
    """How much of a stretch's days of work the tasks take that lie in it, and how many they are."""
    inside = [task for task in tasks if task["starts_on"] <= span.last and task["ends_on"] >= span.first]

    def worked(first: date, last: date) -> int:
        return days[last + timedelta(days=1)] - days[first]

    whole = worked(span.first, span.last)
    taken = sum(
        worked(max(task["starts_on"], span.first), min(task["ends_on"], span.last)) * int(task["utilization"] or 100)
        for task in inside
    )
    percent = round(taken / whole) if whole else 0
    shown = visit.text("gantt.percent", number=format_number(percent, visit.voice.locale))
    return {
        "share": percent,
        "level": sum(percent >= level for level in LEVELS),
        "percent": shown if inside else "",
        "title": visit.text("gantt.tasks", number=format_number(len(inside), visit.voice.locale)) if inside else "",
    }


def drawing(visit: Visit, people: Sequence[Mapping[str, Any]], spans: Sequence[Stretch]) -> dict[str, Any]:
    """A row of bars for each person over the same stretches, with the line that nobody should be above."""
    rtl = visit.voice.locale.rtl
    width = NAMES + COLUMN * len(spans)

    def left(number: int) -> int:
        at = NAMES + number * COLUMN
        return width - at - COLUMN if rtl else at

    step = -(-len(spans) // LABELS) or 1
    return {
        "width": width,
        "height": ROW * len(people) + FOOT,
        "rtl": rtl,
        "ends": (0, width - NAMES) if rtl else (NAMES, width),
        "rows": [
            {
                "name": person["name"],
                "x": width if rtl else 0,
                "y": ROW * number + ROW - 10,
                "full": ROW * (number + 1) - 4 - FULL,
                "floor": ROW * (number + 1) - 4,
                "bars": [_bar(left(place), ROW * (number + 1) - 4, cell) for place, cell in enumerate(person["cells"])
                         if cell["share"]],
            }
            for number, person in enumerate(people)
        ],
        "labels": [
            (left(place) + COLUMN // 2, ROW * len(people) + FOOT - 6, span.label)
            for place, span in enumerate(spans)
            if place % step == step // 2
        ],
    }  # fmt: skip


def _bar(x: int, floor: int, cell: Mapping[str, Any]) -> dict[str, Any]:
    height = max(round(min(cell["share"], HIGHEST) * FULL / 100), 2)
    return {
        "x": x + 3,
        "y": floor - height,
        "width": COLUMN - 6,
        "height": height,
        "over": cell["share"] > 100,
        "title": f"{cell['percent']} · {cell['title']}",
    }
