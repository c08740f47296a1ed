"""What a user chose for his calendar and for the events he plans."""

from typing import Any, Literal, get_args

import msgspec

View = Literal["month", "week", "day", "year", "agenda"]
VIEWS: tuple[View, ...] = get_args(View)
MOST_KEYS = 40
LONGEST_EVENT = 7 * 24 * 60


class AgendaChoices(msgspec.Struct, frozen=True, kw_only=True):
    """`hidden` are keys of modules that are not shown unless asked for.

    A new event lasts `minutes`; what is planned reminds by the bell and by mail so many seconds before, as options are keyed.
    """

    view: View = "week"
    hidden: tuple[str, ...] = ()
    closed: bool = True
    """Whether what is over and done is shown."""
    minutes: int = 30
    reminders: tuple[str, ...] = ()
    mail_reminders: tuple[str, ...] = ()


def agenda_choices(value: Any) -> AgendaChoices | None:
    """The choices as they are kept; None for what makes no sense."""
    try:
        found = msgspec.convert(value, AgendaChoices)
    except msgspec.ValidationError:
        return None
    keys = (*found.hidden, *found.reminders, *found.mail_reminders)
    fits = 0 < found.minutes <= LONGEST_EVENT and len(keys) <= MOST_KEYS
    return found if fits else None
