"""What a user prefers, over what his company set; both are kept as the choices made, and gaps are filled here."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, cast, get_args, get_type_hints
from zoneinfo import available_timezones

import msgspec

from crm_domain.following import OCCASIONS, Occasion
from crm_domain.messages.catalogue import LANGUAGES
from crm_domain.people.agenda_choices import AgendaChoices, agenda_choices
from crm_domain.people.home_tabs import Tab, home_tabs
from crm_domain.people.quiet import PERSIAN_WEEK, Quiet, quiet_hours
from crm_domain.problems import FieldProblem, Invalid
from crm_domain.query.page import PAGE_SIZES
from crm_domain.text.locale import ENGLISH, PERSIAN, Calendar, Digits, Locale, MoneyUnit

Theme = Literal["system", "light", "dark"]
Density = Literal["compact", "normal", "relaxed"]
NameOrder = Literal["given_family", "titled", "family_given"]
"""Ali Rezaei, Mr. Ali Rezaei, Rezaei, Ali."""
TIME_ZONES = frozenset(available_timezones())
"""Read once: the search goes through the file system."""
WEEKDAYS = range(7)
DEFAULT_PAGE = 50


class Preferences(msgspec.Struct, frozen=True, kw_only=True):
    """How one user reads and works. The first seven are the reader's locale."""

    language: str
    calendar: Calendar
    digits: Digits
    time_zone: str
    week_start: int
    time_24h: bool
    money_unit: MoneyUnit
    theme: Theme = "system"
    density: Density = "compact"
    name_order: NameOrder = "given_family"
    shortcuts: bool = True
    page_size: int = DEFAULT_PAGE
    home: tuple[Tab, ...] = ()
    """The tabs of the home page; empty means what everybody starts with."""
    agenda: AgendaChoices = AgendaChoices()
    sign_below: bool = False
    """Whether a signature stands below what a letter quotes."""
    follows: tuple[Occasion, ...] = ()
    """What the user follows by itself."""
    quiet: Quiet = Quiet()
    """When notices are not mailed."""

    @property
    def locale(self) -> Locale:
        return Locale(
            self.language,
            self.calendar,
            self.digits,
            self.time_zone,
            self.week_start,
            self.time_24h,
            self.money_unit,
        )


CONVENTIONS = ("calendar", "digits", "week_start", "time_24h", "money_unit")
"""What goes with a language."""
TYPES = get_type_hints(Preferences)


def shipped(language: str) -> Preferences:
    """What a reader of that language is used to."""
    if language == "en":
        return Preferences(**msgspec.structs.asdict(ENGLISH))
    return Preferences(**msgspec.structs.asdict(PERSIAN), quiet=PERSIAN_WEEK)


def preferences_of(company: Mapping[str, Any], own: Mapping[str, Any]) -> Preferences:
    """The user's choices over the company's. Choosing another language brings its conventions but keeps the zone.

    Choices that no longer fit count as not made.
    """
    base = _over(shipped(str(company.get("language", "fa"))), company)
    language = own.get("language")
    if language in LANGUAGES and language != base.language:
        base = msgspec.structs.replace(
            shipped(language),
            time_zone=base.time_zone,
            theme=base.theme,
            density=base.density,
            name_order=base.name_order,
            shortcuts=base.shortcuts,
            page_size=base.page_size,
            home=base.home,
            agenda=base.agenda,
            sign_below=base.sign_below,
            follows=base.follows,
            quiet=base.quiet,
        )
    return _over(base, own)


def check_choices(choices: Mapping[str, Any]) -> dict[str, Any]:
    """The choices to keep; None takes a choice back. Raises Invalid for values that do not fit."""
    wrong = {
        key: (FieldProblem("problems.not_an_option", {"value": value}),)
        for key, value in choices.items()
        if not _fits(key, value)
    }
    if wrong:
        raise Invalid(wrong)
    return dict(choices)


def with_choices(former: Mapping[str, Any], choices: Mapping[str, Any]) -> dict[str, Any]:
    """The choices to keep from now on. Another language takes along its conventions, so those chosen before go."""
    kept = dict(former)
    if "language" in choices and choices["language"] != former.get("language"):
        kept = {key: value for key, value in kept.items() if key not in CONVENTIONS}
    return {key: value for key, value in {**kept, **choices}.items() if value is not None}


def _over(base: Preferences, choices: Mapping[str, Any]) -> Preferences:
    made = {key: value for key, value in choices.items() if value is not None and _fits(key, value)}
    if "home" in made:
        made["home"] = home_tabs(made["home"])
    if "agenda" in made:
        made["agenda"] = agenda_choices(made["agenda"])
    if "follows" in made:
        made["follows"] = tuple(made["follows"])
    if "quiet" in made:
        made["quiet"] = quiet_hours(made["quiet"])
    return msgspec.structs.replace(base, **made)


def _fits(key: str, value: Any) -> bool:
    if value is None:
        return key in TYPES
    match key:
        case "language":
            return value in LANGUAGES
        case "time_zone":
            return value in TIME_ZONES
        case "week_start":
            return type(value) is int and value in WEEKDAYS
        case "page_size":
            return type(value) is int and value in PAGE_SIZES
        case "time_24h" | "shortcuts" | "sign_below":
            return isinstance(value, bool)
        case "home":
            return home_tabs(value) is not None
        case "agenda":
            return agenda_choices(value) is not None
        case "follows":
            return isinstance(value, list | tuple) and all(one in OCCASIONS for one in cast("Sequence[Any]", value))
        case "quiet":
            return quiet_hours(value) is not None
        case _:
            return key in TYPES and value in get_args(TYPES[key])
