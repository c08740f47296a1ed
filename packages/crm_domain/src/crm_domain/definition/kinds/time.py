"""Kinds of time. Storage is Gregorian and UTC; calendars and zones live at the edge (REL-31)."""

from datetime import date, datetime

from crm_domain.definition.field import Field


class Date(Field[date | None], frozen=True, kw_only=True, eq=False):
    """A calendar day without a zone."""


class DateTime(Field[datetime | None], frozen=True, kw_only=True, eq=False):
    """An instant, kept in UTC, shown in the reader's zone. With `now`, a new record's form begins with the present minute.

    With `whole_days` the hour may be left out: the value then stands for the day (`text/whole_days.py`). With `since` pages
    say how many days ago it was.
    """

    now: bool = False
    whole_days: bool = False
    since: bool = False


class Duration(Field[int | None], frozen=True, kw_only=True, eq=False):
    """A length of time in seconds. Forms offer the `presets` beside what may be typed."""

    presets: tuple[int, ...] = ()
