"""Schedules of reports as rows: when each is due, to whom it goes, and what became of it the last time."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from crm_domain.reports.rhythm import Rhythm
from crm_storage.database import Session

MAIL = "report.mail"
"""The subject of the message that has one delivery sent."""
State = Literal["waiting", "sent", "empty", "kept"]
COLUMNS = (
    "s.id, s.report_id, s.owner_id, s.every, s.day, s.minute, s.zone, s.calendar, s.forms, s.people, s.send_empty, "
    "s.paused, s.due_at, s.last_due"
)
FROM = f"SELECT {COLUMNS} FROM report_schedule s JOIN reports r ON r.id = s.report_id AND r.deleted_at IS NULL"
OF_REPORT = f"{FROM} WHERE s.report_id = %(report)s ORDER BY s.created_at, s.id"
ONE = f"{FROM} WHERE s.id = %(id)s"
DUE = f"{FROM} WHERE NOT s.paused AND s.due_at <= %(now)s ORDER BY s.due_at LIMIT %(limit)s FOR UPDATE OF s SKIP LOCKED"
KEEP = """
INSERT INTO report_schedule AS s
  (id, report_id, owner_id, every, day, minute, zone, calendar, forms, people, send_empty, due_at)
VALUES (%(id)s, %(report)s, %(owner)s, %(every)s, %(day)s, %(minute)s, %(zone)s, %(calendar)s, %(forms)s::jsonb,
  %(people)s::jsonb, %(send_empty)s, %(due_at)s)
ON CONFLICT (id) DO UPDATE SET every = excluded.every, day = excluded.day, minute = excluded.minute, zone = excluded.zone,
  calendar = excluded.calendar, forms = excluded.forms, people = excluded.people, send_empty = excluded.send_empty,
  due_at = excluded.due_at
"""
PAUSE = "UPDATE report_schedule SET paused = %(paused)s, due_at = %(due_at)s WHERE id = %(id)s"
DROP = "DELETE FROM report_schedule WHERE id = %(id)s"
FORGET = "DELETE FROM report_delivery WHERE schedule_id = %(id)s"
HAND_OUT = """
INSERT INTO report_delivery (schedule_id, due, user_id, address)
SELECT DISTINCT %(id)s::uuid, %(due)s::timestamptz, u.id, '' FROM users u
WHERE u.status = 'active' AND u.deleted_at IS NULL AND (u.id = ANY(%(users)s)
  OR EXISTS (SELECT FROM user_role o WHERE o.user_id = u.id AND o.role_id = ANY(%(roles)s))
  OR EXISTS (SELECT FROM team_member m WHERE m.user_id = u.id AND m.team_id = ANY(%(teams)s)))
UNION ALL SELECT %(id)s, %(due)s, NULL, a FROM unnest(%(addresses)s::text[]) a
RETURNING id
"""
WENT = "UPDATE report_schedule SET last_due = %(due)s, due_at = %(next)s WHERE id = %(id)s"
DELIVERY = "SELECT id, schedule_id, user_id, address, state, problem, at FROM report_delivery"
TO_SEND = f"{DELIVERY} WHERE id = %(id)s FOR UPDATE"
LATEST = f"{DELIVERY} WHERE schedule_id = ANY(%(ids)s) ORDER BY address, user_id"
CONCLUDE = "UPDATE report_delivery SET state = %(state)s, problem = %(problem)s, at = %(at)s WHERE id = %(id)s"
TOGETHER = 100
"""Schedules of one company that go out in one go of the clock."""


class People(msgspec.Struct, frozen=True, omit_defaults=True):
    """To whom: users, who has a role, who is in a team, and addresses of others."""

    users: tuple[UUID, ...] = ()
    roles: tuple[UUID, ...] = ()
    teams: tuple[UUID, ...] = ()
    addresses: tuple[str, ...] = ()


class Schedule(msgspec.Struct, frozen=True, kw_only=True):
    """`forms` are those of files. Addresses get what the owner may see. `due_at` is None for one that never comes."""

    id: UUID
    report: UUID
    owner: UUID
    rhythm: Rhythm
    forms: tuple[str, ...]
    people: People
    send_empty: bool = False
    paused: bool = False
    due_at: datetime | None = None
    last_due: datetime | None = None


class Delivery(msgspec.Struct, frozen=True):
    """One recipient's part of the last time. `problem` is the id of what stood or stands against it."""

    id: UUID
    schedule: UUID
    user: UUID | None
    address: str
    state: State
    problem: str
    at: datetime | None


async def schedules_of(session: Session, report: UUID) -> list[Schedule]:
    """The report's schedules, oldest first."""
    return [_schedule(row) for row in await session.rows(OF_REPORT, {"report": report})]


async def schedule_of(session: Session, id_: UUID) -> Schedule | None:
    row = await session.one(ONE, {"id": id_})
    return _schedule(row) if row else None


async def due_schedules(session: Session, now: datetime) -> list[Schedule]:
    """Those whose time has come, held until the end of the transaction."""
    return [_schedule(row) for row in await session.rows(DUE, {"now": now, "limit": TOGETHER})]


async def keep_schedule(session: Session, one: Schedule) -> None:
    """A new one, or an old one as it is to be from now on, whose owner and pause stay; the caller commits."""
    rhythm = msgspec.structs.asdict(one.rhythm)
    facts = {"id": one.id, "report": one.report, "owner": one.owner, "send_empty": one.send_empty, "due_at": one.due_at}
    await session.execute(KEEP, {**rhythm, **facts, "forms": _json(one.forms), "people": _json(one.people)})


async def pause_schedule(session: Session, id_: UUID, *, paused: bool, due_at: datetime | None) -> None:
    await session.execute(PAUSE, {"id": id_, "paused": paused, "due_at": due_at})


async def drop_schedule(session: Session, id_: UUID) -> None:
    await session.execute(DROP, {"id": id_})


async def hand_out(session: Session, one: Schedule, next_: datetime | None) -> list[UUID]:
    """A delivery for everybody it goes to, in the place of those of the time before, and when it is due next. Their ids."""
    await session.execute(FORGET, {"id": one.id})
    people = msgspec.structs.asdict(one.people)
    facts = {name: list(found) for name, found in people.items()}
    ids = [row[0] for row in await session.rows(HAND_OUT, {"id": one.id, "due": one.due_at, **facts})]
    await session.execute(WENT, {"id": one.id, "due": one.due_at, "next": next_})
    return ids


async def delivery_to_send(session: Session, id_: UUID) -> Delivery | None:
    """One that is still to go out, held until the end of the transaction; None once it is settled or forgotten."""
    row = await session.one(TO_SEND, {"id": id_})
    found = Delivery(*row) if row else None
    return found if found and found.state == "waiting" else None


async def conclude(session: Session, id_: UUID, state: State, at: datetime, problem: str = "") -> None:
    """What became of it."""
    await session.execute(CONCLUDE, {"id": id_, "state": state, "at": at, "problem": problem})


async def deliveries_of(session: Session, schedules: Collection[UUID]) -> Mapping[UUID, Sequence[Delivery]]:
    """By schedule, what became of the last time."""
    found: dict[UUID, list[Delivery]] = {}
    for row in await session.rows(LATEST, {"ids": list(schedules)}):
        delivery = Delivery(*row)
        found.setdefault(delivery.schedule, []).append(delivery)
    return found


def _schedule(row: Sequence[Any]) -> Schedule:
    id_, report, owner, every, day, minute, zone, calendar, forms, people, send_empty, paused, due_at, last_due = row
    return Schedule(
        id=id_,
        report=report,
        owner=owner,
        rhythm=Rhythm(every, day, minute, zone, calendar),
        forms=tuple(forms),
        people=msgspec.convert(people, People),
        send_empty=send_empty,
        paused=paused,
        due_at=due_at,
        last_due=last_due,
    )


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
