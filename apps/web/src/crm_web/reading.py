"""How somebody reads: the choices of a user's profile, which the company makes for everybody who has not chosen."""

from typing import Any

import msgspec
from litestar.datastructures import FormMultiDict

from crm_domain.people.preferences import Preferences
from crm_domain.text.digits import plain_number
from crm_web.visit import Visit

ZONES = (
    "Asia/Tehran",
    "Asia/Dubai",
    "Asia/Kabul",
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "America/Los_Angeles",
    "UTC",
)
READING = {
    "language": ("fa", "en"),
    "calendar": ("jalali", "gregorian"),
    "digits": ("persian", "latin"),
    "money_unit": ("rial", "toman"),
    "name_order": ("given_family", "titled", "family_given"),
}
LOOK = {"theme": ("system", "light", "dark"), "density": ("compact", "normal", "relaxed")}
LASTING = ("language", "time_zone", "name_order", "theme", "density", "shortcuts")
"""What another language leaves as it was chosen; the rest are that language's conventions."""
WEEK_STARTS = (5, 6, 0)
"""Saturday, Sunday, Monday."""


def facts(visit: Visit, preferences: Preferences) -> dict[str, Any]:
    """What `account/reading.html` shows: what is chosen and what can be."""
    chosen = msgspec.structs.asdict(preferences)
    return {
        "chosen": chosen,
        "choices": {
            key: [(value, visit.text(f"settings.{key}.{value}")) for value in values]
            for key, values in (READING | LOOK).items()
        },
        "zones": dict.fromkeys((chosen["time_zone"], *ZONES)),
        "week_starts": [(day, visit.text(f"calendar.weekday.{day}")) for day in WEEK_STARTS],
    }


def posted_choices(posted: FormMultiDict, before: Preferences) -> dict[str, Any]:
    """The choices of a form, not yet checked; beside another language only those that do not go with it."""
    choices: dict[str, Any] = {key: posted[key] for key in READING | LOOK if key in posted}
    choices["time_zone"] = posted.get("time_zone", before.time_zone)
    if (week_start := plain_number(posted.get("week_start", ""))) is not None:
        choices["week_start"] = week_start
    choices["time_24h"] = posted.get("time_24h") == "1"
    if choices.get("language", before.language) != before.language:
        return {key: choices[key] for key in LASTING if key in choices}
    return choices
