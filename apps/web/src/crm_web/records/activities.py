"""The stream of a record's activities as a part of its page."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from litestar import Response

from crm_domain.definition import Module
from crm_domain.definition.kinds import Choice
from crm_domain.modules.blocks.parents import EMAIL_PARTNERS
from crm_domain.query.page import Row
from crm_domain.records.stream import Item, activity_relations, stream
from crm_domain.text import format as formats
from crm_domain.text.numbers import format_number
from crm_ui.cells import drawer
from crm_web.campaigns.mails import mail_lines
from crm_web.records.printed import ACTIVITIES
from crm_web.visit import Visit

CHANGED = "activities:changed"
"""What tells the stream on a page to draw itself anew."""


async def activity_facts(visit: Visit, module: Module[Any], row: Row) -> dict[str, Any]:
    """Everything the part `records/activities.html` draws."""
    found = await stream(visit.work, module.key, row.id)
    mails = await mail_lines(visit, row.id)
    here = f"/{module.key}/{row.id}"
    return {
        "url": f"{here}/activities",
        "event": CHANGED,
        "summary": f"{here}/print?part={ACTIVITIES}" if visit.access.can(module.key, "print") else "",
        "planned": [_line(visit, item) for item in found.planned],
        "done": _past(visit, found.done, mails),
        "count": format_number(len(found.planned) + len(found.done) + len(mails), visit.voice.locale),
        "letters": [
            (visit.text("my_mail.write"), f"/mail/compose?record={module.key}.{row.id}", "mail"),
            (visit.text("my_mail.archive"), f"/mail/archive/{module.key}/{row.id}", "archive"),
        ]
        if module.key in EMAIL_PARTNERS and visit.access.can("emails", "create")
        else [],
        "create": [
            (
                visit.text(f"{relation.target}.new"),
                f"{here}/related/{relation.key}/new",
                visit.module(relation.target).icon,
            )
            for relation in activity_relations(visit.work, module.key)
            if relation.table is None and visit.access.can(relation.target, "create")
        ],
    }


async def activity_part(visit: Visit, module: Module[Any], row: Row, *, said: str = "") -> Response[str]:
    """The part by itself."""
    facts = await activity_facts(visit, module, row)
    return visit.part("records/activities.html", headers=visit.say(said) if said else None, **facts)


def _past(visit: Visit, done: Sequence[Item], mails: Sequence[tuple[datetime, dict[str, Any]]]) -> list[dict[str, Any]]:
    """What was done and what the company's campaigns sent, the latest first."""
    last = datetime.max.replace(tzinfo=UTC)
    lines = [(item.at or last, _line(visit, item)) for item in done]
    for at, mail in mails:
        lines.append((at, {**mail, "time": _time(visit, at), "iso": at.isoformat()}))
    return [line for _, line in sorted(lines, key=lambda one: one[0], reverse=True)]


def _line(visit: Visit, item: Item) -> dict[str, Any]:
    module = visit.module(item.module)
    status = module.by_key.get(module.open_field)
    due = item.at if module.due_field or (module.schedule and module.schedule.end) else None
    return {
        "href": f"/{item.module}/{item.id}",
        "icon": module.icon,
        "kind": visit.voice.module(module, "one"),
        "name": item.name,
        "who": item.who.name if item.who else "",
        "about": (item.about.name, f"/{item.about.module}/{item.about.id}") if item.about else (),
        "state": drawer(status, visit.voice)(item.status) if isinstance(status, Choice) and item.status else None,
        "time": _time(visit, item.at),
        "iso": item.at.isoformat() if item.at else "",
        "late": bool(item.planned and due and due < visit.voice.now),
        "done_url": f"/{item.module}/{item.id}/done" if _may_finish(visit, module, item) else "",
    }


def _may_finish(visit: Visit, module: Module[Any], item: Item) -> bool:
    return bool(item.planned and module.schedule and module.schedule.done) and visit.access.can(module.key, "edit")


def _time(visit: Visit, at: datetime | None) -> str:
    if at is None:
        return visit.text("activities.no_time")
    return formats.relative_time(at, visit.voice.now, visit.voice.locale, visit.voice.catalogue)
