"""Which stretch of the calendar an address asks for, of whom and with which layers."""

from collections.abc import Sequence
from datetime import date, timedelta
from urllib.parse import urlencode
from uuid import UUID

import msgspec

from crm_domain.people.agenda_choices import VIEWS, View
from crm_domain.text.jalali import add_months, parts
from crm_domain.text.locale import Locale
from crm_domain.text.periods import WEEK, YEAR, months_of, week_of
from crm_web.visit import Visit

AGENDA_DAYS = 14
MOST_PEOPLE = 12
EVERYBODY = "all"


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """`people` is empty for everybody; `layers` are module keys, all but the `hidden` ones when none is named."""

    view: View
    day: date
    people: tuple[UUID, ...]
    layers: tuple[str, ...]
    hidden: tuple[str, ...]
    mine: bool

    def shows(self, module: str) -> bool:
        """Whether that layer is on."""
        return module in self.layers if self.layers else module not in self.hidden

    def span(self, locale: Locale) -> tuple[date, date]:
        """The first and last day shown; a month is filled up to whole weeks."""
        match self.view:
            case "month":
                first, last = months_of(self.day, 1, locale)
                return week_of(first, locale)[0], week_of(last, locale)[1]
            case "year":
                return months_of(self.day, YEAR, locale)
            case "week":
                return week_of(self.day, locale)
            case "day":
                return self.day, self.day
            case "agenda":
                return self.day, self.day + timedelta(days=AGENDA_DAYS - 1)

    def shifted(self, step: int, locale: Locale) -> date:
        """The day that the next or previous stretch is asked by."""
        match self.view:
            case "month":
                return add_months(self.day, step, locale.calendar)
            case "year":
                return add_months(self.day, step * YEAR, locale.calendar)
            case "week":
                return self.day + timedelta(days=step * WEEK)
            case "day":
                return self.day + timedelta(days=step)
            case "agenda":
                return self.day + timedelta(days=step * AGENDA_DAYS)

    def href(
        self,
        *,
        view: View | None = None,
        day: date | None = None,
        people: Sequence[UUID] | None = None,
        everybody: bool = False,
    ) -> str:
        """This calendar with something changed."""
        chosen = self.people if people is None else tuple(people)
        pairs = [("view", view or self.view), ("on", (day or self.day).isoformat())]
        if everybody or (people is None and not chosen and not self.mine):
            pairs.append(("who", EVERYBODY))
        elif people is not None or not self.mine:
            pairs += [("who", str(person)) for person in chosen]
        pairs += [("layer", layer) for layer in self.layers]
        return "/calendar?" + urlencode(pairs)


def read_asked(visit: Visit, modules: Sequence[str]) -> Asked:
    """What the address says; whatever makes no sense is left out."""
    given = visit.request.query_params
    names = given.getall("who", [])
    people = tuple(dict.fromkeys(person for name in names if (person := _id(name))))[:MOST_PEOPLE]
    chosen = tuple(layer for layer in given.getall("layer", []) if layer in modules)
    view, choices = given.get("view", ""), visit.actor.preferences.agenda
    mine = not people and EVERYBODY not in names
    return Asked(
        view=view if view in VIEWS else choices.view,
        day=_day(given.get("on", "")) or visit.voice.today(),
        people=(visit.access.user,) if mine else people,
        layers=chosen,
        hidden=choices.hidden,
        mine=mine,
    )


def month_key(day: date, locale: Locale) -> tuple[int, int]:
    """The month a day lies in, by the reader's calendar."""
    return parts(day, locale.calendar)[:2]


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1921 <= found.year <= 2120 else None


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
