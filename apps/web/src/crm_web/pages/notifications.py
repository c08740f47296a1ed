"""What I was told: the list, opening and marking, and how I want to be told."""

from itertools import groupby
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.following import CHOICE, OCCASIONS
from crm_domain.notice_words import Worded, worded
from crm_domain.notices import BY_KEY, NOTICES, TOPICS, WAITS, WAYS, Choice, Way, awake, of_topic
from crm_domain.people.quiet import HOURS, WEEK, Quiet, quiet_hours
from crm_domain.problems import FieldProblem, Invalid
from crm_domain.text import format as formats
from crm_domain.text.digits import plain_number
from crm_storage.people.preferences import keep
from crm_web.visit import Visit

PAGE = 50
FREEDOMS = ("none", "afternoon", "day")


class NotificationPages(Controller):
    """/notifications and /settings/notifications."""

    path = "/"

    @get("/notifications")
    async def index(self, visit: Visit, unread: str = "", topic: str = "", before: UUID | None = None) -> Response[str]:
        """Newest first, by day."""
        kinds = of_topic(topic)
        found = await visit.work.store.notices.mine(kinds=kinds, unread=bool(unread), before=before, limit=PAGE + 1)
        lines = [_line(visit, one) for one in await worded(visit.work, visit.voice, found[:PAGE])]
        days = [(day, list(group)) for day, group in groupby(lines, key=lambda line: line["day"])]
        asked = {"unread": "1" if unread else "", "topic": topic if topic in TOPICS else ""}
        more = _address(asked, before=str(found[PAGE - 1].id)) if len(found) > PAGE else ""
        return await visit.page(
            "notifications/list.html",
            current="notifications",
            days=days,
            more=more,
            only_unread=bool(unread),
            everything=_address(asked, unread=""),
            new_only=_address(asked, unread="1"),
            topics=[
                (visit.text(f"notices.topic.{key}"), _address(asked, topic="" if key == topic else key), key == topic)
                for key in TOPICS
            ],
            topic=visit.text(f"notices.topic.{topic}") if asked["topic"] else "",
            waits=[(wait, visit.text(f"notices.wait.{wait}")) for wait in WAITS],
        )

    @post("/notifications/{notice_id:uuid}")
    async def open(self, visit: Visit, notice_id: UUID, posted: FormMultiDict) -> Response[Any]:
        """Marks it read and, unless it is only to be marked, goes where it leads."""
        notice = await visit.work.store.notices.read(notice_id)
        [told] = await worded(visit.work, visit.voice, [notice])
        await visit.commit()
        return visit.go((not posted.get("stay") and told.href) or "/notifications")

    @post("/notifications/{notice_id:uuid}/snooze")
    async def snooze(self, visit: Visit, notice_id: UUID, posted: FormMultiDict) -> Response[Any]:
        """Puts it off: it is told anew when its time has come."""
        chosen = posted.get("wait", "")
        until = awake(chosen, visit.voice.now, visit.voice.locale.zone)
        if until is None:
            raise Invalid({"wait": (FieldProblem("problems.not_an_option", {"value": chosen[:80]}),)})
        await visit.work.store.notices.snooze(notice_id, until)
        await visit.commit()
        when = formats.format_datetime(until, visit.voice.locale, visit.voice.catalogue)
        return visit.go("/notifications", visit.text("notices.snoozed", when=when))

    @post("/notifications/read")
    async def read_all(self, visit: Visit) -> Response[Any]:
        await visit.work.store.notices.read_all()
        await visit.commit()
        return visit.go("/notifications")

    @get("/settings/notifications")
    async def choices(self, visit: Visit) -> Response[str]:
        return await _choices(visit, visit.actor.preferences.quiet)

    @post("/settings/notifications")
    async def choose(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        page = set(posted.getall("page", []))
        chosen = [Choice(kind.key, kind.key in page, _way(posted, kind.key)) for kind in NOTICES]
        quiet = _quiet(posted)
        if quiet_hours(quiet) is None:
            return await _choices(visit, visit.actor.preferences.quiet, wrong=visit.text("notices.always_quiet"))
        await visit.work.store.notices.choose(chosen)
        follows = [occasion for occasion in OCCASIONS if occasion in posted.getall("follows", [])]
        await keep(visit.session, visit.access.user, {"quiet": quiet, CHOICE: follows})
        await visit.commit()
        return visit.go("/settings/notifications", visit.text("settings.saved"))


async def _choices(visit: Visit, quiet: Quiet, *, wrong: str = "") -> Response[str]:
    rows = [
        (choice.kind, visit.text(f"notices.kind.{choice.kind}"), choice.page, choice.mail)
        for choice in await visit.work.store.notices.choices()
    ]
    first = visit.voice.locale.week_start
    week = [((first + day) % WEEK, visit.text(f"calendar.weekday.{(first + day) % WEEK}")) for day in range(WEEK)]
    return await visit.page(
        "notifications/choices.html",
        status=422 if wrong else 200,
        current="settings",
        tab="notifications",
        rows=rows,
        ways=[(way, visit.text(f"notices.way.{way}")) for way in WAYS],
        week=[(day, name, _freedom(quiet, day)) for day, name in week],
        freedoms=[(key, visit.text(f"notices.free.{key}")) for key in FREEDOMS],
        hours=[(hour, visit.voice.locale.in_digits(f"{hour:02}:00")) for hour in range(HOURS)],
        quiet=quiet,
        follows=[
            (key, visit.text(f"notices.follows.{key}"), key in visit.actor.preferences.follows) for key in OCCASIONS
        ],
        wrong=wrong,
    )


def _way(posted: FormMultiDict, kind: str) -> Way:
    asked = posted.get(f"mail.{kind}", "off")
    return cast("Way", asked) if asked in WAYS else "off"


def _freedom(quiet: Quiet, day: int) -> str:
    if day in quiet.days:
        return "day"
    return "afternoon" if day in quiet.afternoons else "none"


def _quiet(posted: FormMultiDict) -> dict[str, Any]:
    """The hours as they are kept, whatever was sent."""

    def days(free: str) -> list[int]:
        return [day for day in range(WEEK) if posted.get(f"free.{day}") == free]

    hours = {key: plain_number(posted.get(key, "0")) for key in ("begins", "ends")}
    nights = {key: -1 if hour is None else hour for key, hour in hours.items()}
    return {"days": days("day"), "afternoons": days("afternoon"), **nights}


def _address(asked: dict[str, str], **changes: str) -> str:
    """The list with some of its questions changed."""
    query = urlencode({key: value for key, value in {**asked, **changes}.items() if value})
    return f"/notifications?{query}" if query else "/notifications"


def _line(visit: Visit, told: Worded) -> dict[str, Any]:
    locale, words, notice = visit.voice.locale, visit.voice.catalogue, told.notice
    kind = BY_KEY.get(notice.kind)
    new = notice.read_at is None
    return {
        "id": str(notice.id),
        "icon": kind.icon if kind and not told.lost else "bell",
        "text": told.text,
        "unread": new,
        "snoozes": bool(kind and kind.snoozes and new and not told.lost),
        "day": formats.format_date(notice.created_at.astimezone(locale.zone).date(), locale, words, "long"),
        "time": formats.format_time(notice.created_at, locale, words),
        "iso": notice.created_at.isoformat(),
    }
