"""Reminders of what is planned or runs out: found by the clock, noted as they go out, so that nobody is reminded twice (REL-18).

One statement asks for all of a company's modules at once.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from crm_domain.definition import Module, Ref, Registry
from crm_domain.definition.kinds import Choice, DateTime
from crm_domain.definition.module import Schedule
from crm_domain.messages.catalogue import catalogue
from crm_domain.people.preferences import preferences_of
from crm_domain.text import format as formats
from crm_domain.text.locale import Locale
from crm_domain.text.whole_days import day_meant
from crm_storage.database import Session
from crm_storage.notices import tell
from crm_storage.outbox import put
from crm_storage.people.preferences import company_preferences

PAGE, MAIL = "page", "mail"
DUE = """
WITH due AS ({parts}),
fresh AS (
  INSERT INTO reminder_sent (record_id, user_id, channel, seconds, at)
  SELECT id, user_id, channel, seconds, at FROM due ON CONFLICT DO NOTHING
  RETURNING record_id, user_id, channel, seconds
)
SELECT d.module, d.channel, d.id, d.name, d.happens, min(f.seconds), d.user_id
FROM fresh f JOIN due d ON (d.id, d.user_id, d.channel, d.seconds) = (f.record_id, f.user_id, f.channel, f.seconds)
GROUP BY d.module, d.channel, d.id, d.name, d.happens, d.user_id
"""
PLANNED = """
  SELECT '{module}' AS module, '{channel}' AS channel, t.id, t.name, t."{start}" AS happens, {at} AS at,
    s.seconds::int AS seconds, p.user_id
  FROM "{module}" t CROSS JOIN LATERAL unnest(t."{field}") AS s(seconds)
  CROSS JOIN LATERAL (SELECT t.assigned_to WHERE t.assigned_to IS NOT NULL {guests}) AS p(user_id)
  WHERE t.deleted_at IS NULL AND t."{status}" <> ALL(%({module})s) AND t."{start}" < now() + interval '40 hours'
    AND t."{start}" > now() AND {at} > now() AND {at} - make_interval(secs => s.seconds::int) <= now()
"""
"""The longest time before is a day, before the morning where no hour is named; an index on the start serves this."""
OF_A_DAY = """(CASE WHEN extract(microseconds FROM t."{start}") = 59999999
  THEN t."{start}" - interval '14:59:59.999999' ELSE t."{start}" END)"""
"""What stands for a day without an hour counts from nine o'clock in the morning."""
RUNS_OUT = """
  SELECT '{module}' AS module, 'expiry' AS channel, t.id, t.name, t."{day}"::timestamp AT TIME ZONE %(zone)s AS happens,
    {at} AS at, 0 AS seconds, t.assigned_to AS user_id
  FROM "{module}" t
  WHERE t.deleted_at IS NULL AND t."{status}" <> ALL(%({module})s) AND t.assigned_to IS NOT NULL AND {near}
    AND {at} <= now() AND {at} > now() - interval '1 day' AND t."{day}" >= (now() AT TIME ZONE %(zone)s)::date
"""
"""What fell due while nobody looked is told for a day."""
MORNING = "((t.\"{day}\" - {days} + time '09:00') AT TIME ZONE %(zone)s)"
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

    module: str
    channel: str
    record: UUID
    name: str
    happens: datetime
    seconds: int
    user: UUID


class Person(msgspec.Struct, frozen=True):
    """Who is reminded: in his own language, zone and calendar."""

    name: str
    address: str
    locale: Locale

    def day(self, at: datetime) -> str:
        return formats.format_date(
            at.astimezone(self.locale.zone).date(), self.locale, catalogue(self.locale.language), "long"
        )

    def moment(self, at: datetime) -> str:
        return formats.format_datetime(at, self.locale, catalogue(self.locale.language), "long")


async def remind(session: Session, registry: Registry) -> int:
    """Tells everybody whose reminder has come due; how many. The caller commits."""
    modules = [m for m in registry.modules.values() if m.schedule or m.expiry]
    parts = [part for module in modules for part in _parts(registry, module)]
    company = await company_preferences(session)
    closed = {module.key: _closed(module) for module in modules}
    facts = {**closed, "zone": preferences_of(company, {}).locale.time_zone}
    found = [Due(*row) for row in await session.rows(DUE.format(parts=" UNION ALL ".join(parts)), facts)]
    people = await _people(session, company, found)
    for due in found:
        if person := people.get(due.user):
            await _tell(session, due, person)
    return len(found)


def _parts(registry: Registry, module: Module[Any]) -> list[str]:
    schedule, expiry, status = module.schedule, module.expiry, module.open_field
    found: list[str] = []
    for channel, field in ((PAGE, schedule.reminders), (MAIL, schedule.mail_reminders)) if schedule else ():
        if schedule and field:
            guests, start = _guests(registry, module, schedule), module.field(schedule.start)
            days = isinstance(start, DateTime) and start.whole_days
            at = OF_A_DAY.format(start=start.key) if days else f't."{start.key}"'
            found.append(
                PLANNED.format(
                    module=module.key,
                    channel=channel,
                    start=start.key,
                    field=field,
                    status=status,
                    guests=guests,
                    at=at,
                )
            )
    if expiry and (expiry.warn_at or expiry.warn_days):
        at = f't."{expiry.warn_at}"' if expiry.warn_at else MORNING.format(day=expiry.day, days=expiry.warn_days)
        near = "true" if expiry.warn_at else f"t.\"{expiry.day}\" < now() + interval '{expiry.warn_days + 2} days'"
        found.append(RUNS_OUT.format(module=module.key, day=expiry.day, status=status, at=at, near=near))
    return found


def _closed(module: Module[Any]) -> list[str]:
    status = module.field(module.open_field)
    assert isinstance(status, Choice)
    return list(status.options.closed_keys())


def _guests(registry: Registry, module: Module[Any], schedule: Schedule) -> str:
    relations = (registry.relations(module.key)[key] for key in schedule.guests)
    tables = (relation.table.key for relation in relations if relation.target == "users" and relation.table)
    return "".join(GUESTS.format(table=table) for table in tables)


async def _people(session: Session, company: Mapping[str, Any], found: list[Due]) -> dict[UUID, Person]:
    if not found:
        return {}
    rows = await session.rows(PEOPLE, {"ids": list({due.user for due in found})})
    return {
        id_: Person(name, address or "", preferences_of(company, own or {}).locale) for id_, name, own, address in rows
    }


async def _tell(session: Session, due: Due, person: Person) -> None:
    path, facts = f"/{due.module}/{due.record}", {"name": due.name, "module": {"id": f"{due.module}.one"}}
    about = Ref(due.module, due.record)
    match due.channel:
        case "page":
            day = day_meant(due.happens, person.locale.zone)
            before = person.moment(due.happens) if day else {"id": f"reminder_time.{due.seconds}"}
            await tell(session, "reminder", [due.user], path, {**facts, "before": before}, about=about)
        case "expiry":
            told = {**facts, "day": person.day(due.happens)}
            await tell(session, "expiring", [due.user], path, told, about=about)
        case _ if person.address:
            said = {"name": person.name, "what": due.name, "when": person.moment(due.happens), "path": path}
            payload = {"to": person.address, "template": "reminder", "language": person.locale.language, "facts": said}
            await put(session, "mail.send", payload)
        case _:
            pass
