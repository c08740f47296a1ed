"""Reminders of what is planned: found by the clock, noted as they go out, so that nobody is reminded twice (REL-18)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from crm_domain.definition import Module, Registry
from crm_domain.definition.kinds import Choice
from crm_domain.definition.module import Schedule
from crm_domain.messages.catalogue import catalogue
from crm_domain.people.preferences import preferences_of
from crm_domain.text import format as formats
from crm_storage.database import Session
from crm_storage.notices import tell
from crm_storage.outbox import put
from crm_storage.people.preferences import company_preferences

PAGE, MAIL = "page", "mail"
DUE = """
WITH due AS (
  SELECT t.id, t.name, t."{start}" AS at, s.seconds::int AS seconds, p.user_id
  FROM "{table}" t CROSS JOIN LATERAL unnest(t."{field}") AS s(seconds)
  CROSS JOIN LATERAL (SELECT t.assigned_to WHERE t.assigned_to IS NOT NULL {guests}) AS p(user_id)
  WHERE t.deleted_at IS NULL AND t."{status}" <> ALL(%(closed)s) AND {planned}
    AND t."{start}" > now() AND t."{start}" - make_interval(secs => s.seconds::int) <= now()
),
fresh AS (
  INSERT INTO reminder_sent (record_id, user_id, channel, seconds, at)
  SELECT id, user_id, %(channel)s, seconds, at FROM due ON CONFLICT DO NOTHING RETURNING record_id, user_id, seconds
)
SELECT d.id, d.name, d.at, min(f.seconds), d.user_id
FROM fresh f JOIN due d ON (d.id, d.user_id, d.seconds) = (f.record_id, f.user_id, f.seconds)
GROUP BY d.id, d.name, d.at, d.user_id
"""
SOON = "t.\"{start}\" < now() + interval '25 hours'"
"""The longest time before is a day; an index on the start serves this."""
GUESTS = """
UNION SELECT g.right_id FROM "{table}" g WHERE g.left_id = t.id AND coalesce(g.acceptance, '') <> 'decline'
EXCEPT SELECT g.right_id FROM "{table}" g WHERE g.left_id = t.id AND g.acceptance = 'decline'
"""
PEOPLE = """
SELECT u.id, u.name, (SELECT p.body FROM preference p WHERE p.user_id = u.id),
  (SELECT a.address FROM email_link l JOIN email_address a ON a.id = l.address_id
   WHERE l.record_id = u.id AND l.module = 'users' AND l.is_primary AND NOT a.invalid LIMIT 1)
FROM users u WHERE u.id = ANY(%(ids)s) AND u.status = 'active' AND u.deleted_at IS NULL
"""


class Due(msgspec.Struct, frozen=True):
    """One person to be reminded of one record. Of several times that have passed only the nearest is told."""

    record: UUID
    name: str
    at: datetime
    seconds: int
    user: UUID


async def remind(session: Session, registry: Registry) -> int:
    """Tells everybody whose reminder has come due; how many. The caller commits."""
    number = 0
    for module in registry.modules.values():
        schedule = module.schedule
        for channel, field in ((PAGE, schedule.reminders), (MAIL, schedule.mail_reminders)) if schedule else ():
            if field:
                found = await _due(session, registry, module, channel, field)
                number += len(found)
                await (_tell if channel == PAGE else _mail)(session, module, found)
    return number


async def _due(session: Session, registry: Registry, module: Module[Any], channel: str, field: str) -> list[Due]:
    schedule, status = module.schedule, module.field(module.open_field)
    assert schedule is not None and isinstance(status, Choice)
    sql = DUE.format(
        start=schedule.start,
        table=module.key,
        field=field,
        status=status.key,
        guests=_guests(registry, module, schedule),
        planned=SOON.format(start=schedule.start),
    )
    facts = {"closed": list(status.options.closed_keys()), "channel": channel}
    return [Due(*row) for row in await session.rows(sql, facts)]


def _guests(registry: Registry, module: Module[Any], schedule: Schedule) -> str:
    relations = (registry.relations(module.key)[key] for key in schedule.guests)
    tables = (relation.table.key for relation in relations if relation.target == "users" and relation.table)
    return "".join(GUESTS.format(table=table) for table in tables)


async def _tell(session: Session, module: Module[Any], found: Iterable[Due]) -> None:
    for due in found:
        facts = {
            "name": due.name,
            "module": {"id": f"{module.key}.one"},
            "before": {"id": f"reminder_time.{due.seconds}"},
        }
        await tell(session, "reminder", [due.user], f"/{module.key}/{due.record}", facts)


async def _mail(session: Session, module: Module[Any], found: list[Due]) -> None:
    if not found:
        return
    rows = await session.rows(PEOPLE, {"ids": list({due.user for due in found})})
    company = await company_preferences(session)
    people: Mapping[UUID, tuple[str, Any, str]] = {id_: (name, own, address) for id_, name, own, address in rows}
    for due in found:
        name, own, address = people.get(due.user, ("", None, ""))
        if address:
            locale = preferences_of(company, own or {}).locale
            when = formats.format_datetime(due.at, locale, catalogue(locale.language), "long")
            facts = {"name": name, "what": due.name, "when": when, "path": f"/{module.key}/{due.record}"}
            payload = {"to": address, "template": "reminder", "language": locale.language, "facts": facts}
            await put(session, "mail.send", payload)
