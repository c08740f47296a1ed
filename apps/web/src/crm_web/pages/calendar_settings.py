"""A user's own choices for his calendar and for what he plans."""

from collections.abc import Sequence
from typing import Any

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.definition import Module, Options
from crm_domain.definition.kinds import MultiChoice
from crm_domain.people.agenda_choices import VIEWS, agenda_choices
from crm_domain.people.preferences import check_choices
from crm_domain.records.agenda import scheduled
from crm_domain.text.digits import plain_number
from crm_domain.text.numbers import format_number
from crm_storage.people import preferences as kept
from crm_web.reading import WEEK_STARTS
from crm_web.visit import Visit

LENGTHS = (15, 30, 45, 60, 90, 120, 180, 240)
"""Minutes."""


class CalendarSettingsPages(Controller):
    """/calendar/settings."""

    path = "/calendar/settings"

    @get("/")
    async def show(self, visit: Visit) -> Response[str]:
        return await _page(visit)

    @post("/")
    async def save(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        """Keeps nothing of choices that make no sense."""
        shown = posted.getall("show", [])
        known = {key for key, _ in _times(visit)}
        minutes, week_start = plain_number(posted.get("minutes", "")), plain_number(posted.get("week_start", ""))
        agenda = {
            "view": posted.get("view", ""),
            "hidden": [module.key for module in scheduled(visit.work) if module.key not in shown],
            "closed": posted.get("closed") == "1",
            **({} if minutes is None else {"minutes": minutes}),
            **{
                key: [text for text in posted.getall(key, []) if text in known]
                for key in ("reminders", "mail_reminders")
            },
        }
        if agenda_choices(agenda) is None:
            return await _page(visit, status=422, errors=[("minutes", visit.text("agenda.no_such_choice"))])
        choices: dict[str, Any] = {"agenda": agenda}
        if week_start is not None:
            choices["week_start"] = week_start
        await kept.keep(visit.session, visit.access.user, check_choices(choices))
        await visit.commit()
        return visit.go("/calendar/settings", visit.text("settings.saved"))


async def _page(visit: Visit, *, status: int = 200, errors: Sequence[tuple[str, str]] = ()) -> Response[str]:
    chosen = visit.actor.preferences.agenda
    return await visit.page(
        "account/calendar.html",
        status=status,
        current="settings",
        tab="calendar",
        errors=errors,
        chosen=chosen,
        views=[(view, visit.text(f"agenda.view.{view}")) for view in VIEWS],
        week_start=visit.voice.locale.week_start,
        week_starts=[(day, visit.text(f"calendar.weekday.{day}")) for day in WEEK_STARTS],
        lengths=[(minutes, _length(visit, minutes)) for minutes in sorted({*LENGTHS, chosen.minutes})],
        modules=[(module.key, visit.voice.module(module)) for module in scheduled(visit.work)],
        times=_times(visit),
    )


def _length(visit: Visit, minutes: int) -> str:
    return visit.text("agenda.minutes", number=format_number(minutes, visit.voice.locale))


def _times(visit: Visit) -> list[tuple[str, str]]:
    """How long before something begins one may be reminded of it."""
    options = next(filter(None, map(_reminders, scheduled(visit.work))), None)
    return [(item.key, visit.voice.option_label(options, item)) for item in options.items] if options else []


def _reminders(module: Module[Any]) -> Options | None:
    field = module.by_key.get(module.schedule.reminders) if module.schedule else None
    return field.options if isinstance(field, MultiChoice) else None
