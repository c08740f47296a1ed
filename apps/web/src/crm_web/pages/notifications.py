"""What I was told: the list, opening and marking, the live count, and how I want to be told."""

from itertools import groupby
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict
from litestar.response import Stream

from crm_domain.definition import Ref
from crm_domain.notices import BY_KEY, NOTICES, WAITS, Choice, Notice, awake
from crm_domain.problems import FieldProblem, Invalid
from crm_domain.text import format as formats
from crm_storage.database import Session
from crm_storage.notices import unread_of
from crm_web.events import follow
from crm_web.visit import Visit

PAGE = 50


class NotificationPages(Controller):
    """/notifications and /settings/notifications."""

    path = "/"

    @get("/notifications")
    async def index(self, visit: Visit, unread: str = "", before: UUID | None = None) -> Response[str]:
        """Newest first, by day."""
        found = await visit.work.store.notices.mine(unread=bool(unread), before=before, limit=PAGE + 1)
        names = await visit.work.store.names([Ref("users", one.actor) for one in found if one.actor])
        lines = [_line(visit, one, names) for one in found[:PAGE]]
        days = [(day, list(group)) for day, group in groupby(lines, key=lambda line: line["day"])]
        more = f"/notifications?before={found[PAGE - 1].id}{'&unread=1' if unread else ''}" if len(found) > PAGE else ""
        return await visit.page(
            "notifications/list.html",
            current="notifications",
            days=days,
            more=more,
            only_unread=bool(unread),
            waits=[(wait, visit.text(f"notices.wait.{wait}")) for wait in WAITS],
        )

    @post("/notifications/{notice_id:uuid}")
    async def open(self, visit: Visit, notice_id: UUID) -> Response[Any]:
        """Marks it read and goes where it leads."""
        notice = await visit.work.store.notices.read(notice_id)
        await visit.commit()
        return visit.go(notice.href if notice.href.startswith("/") else "/notifications")

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

    @get("/notifications/events")
    async def events(self, visit: Visit) -> Stream:
        """Tells how many are unread, at once and whenever that changes."""
        user = visit.access.user

        async def watch(session: Session) -> tuple[str, bool]:
            return str(await unread_of(session, user)), False

        return follow(visit, visit.installation.notices, f"{visit.tenant.schema}:{user}", watch)

    @get("/settings/notifications")
    async def choices(self, visit: Visit) -> Response[str]:
        rows = [
            (choice.kind, visit.text(f"notices.kind.{choice.kind}"), choice.page, choice.mail)
            for choice in await visit.work.store.notices.choices()
        ]
        return await visit.page("notifications/choices.html", current="settings", tab="notifications", rows=rows)

    @post("/settings/notifications")
    async def choose(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        page, mail = set(posted.getall("page", [])), set(posted.getall("mail", []))
        chosen = [Choice(kind.key, kind.key in page, kind.key in mail) for kind in NOTICES]
        await visit.work.store.notices.choose(chosen)
        await visit.commit()
        return visit.go("/settings/notifications", visit.text("settings.saved"))


def _line(visit: Visit, notice: Notice, names: Any) -> dict[str, Any]:
    who = names.get(Ref("users", notice.actor)) if notice.actor else None
    locale, words = visit.voice.locale, visit.voice.catalogue
    kind = BY_KEY.get(notice.kind)
    facts = {**notice.facts, "who": who.name if who else visit.text("notices.the_system")}
    return {
        "id": str(notice.id),
        "icon": kind.icon if kind else "bell",
        "text": visit.text(f"notices.text.{notice.kind}", **facts),
        "unread": notice.read_at is None,
        "snoozes": bool(kind and kind.snoozes and notice.read_at is None),
        "day": formats.format_date(notice.created_at.astimezone(locale.zone).date(), locale, words, "long"),
        "time": formats.format_time(notice.created_at, locale, words),
        "iso": notice.created_at.isoformat(),
    }
