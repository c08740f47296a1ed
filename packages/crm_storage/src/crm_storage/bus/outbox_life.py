"""A message's life after it was put: taken to the bus, handled, tried again, dead, sent out anew.

PostgreSQL keeps the whole story, so the bus may be wiped at any time (REL-07). What was handled keeps no payload: mails carry
links that open accounts.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from crm_storage.database import Session
from crm_storage.jobs.rows import RUN
from crm_storage.jobs.run import again, broken
from crm_storage.outbox import CHANNEL

LONG_FLYING = 2
SHORT_FLYING = 16
"""How many turns of jobs and how many other messages of one tenant may be on the bus at a time: who has many waits in his
own outbox, so nobody stands in line behind thousands of another's (REL-17)."""
DUE = "(not_before IS NULL OR not_before <= now()) AND (%(carried)s::text[] IS NULL OR subject = ANY(%(carried)s))"
WAITING = f"""
WITH flying AS (
  SELECT count(*) FILTER (WHERE subject = '{RUN}') AS long, count(*) FILTER (WHERE subject <> '{RUN}') AS short
  FROM outbox WHERE published_at IS NOT NULL AND handled_at IS NULL AND dead_at IS NULL AND tries = 0
),
long AS (
  SELECT id FROM outbox WHERE published_at IS NULL AND {DUE} AND subject = '{RUN}'
  ORDER BY id LIMIT (SELECT greatest(0, {LONG_FLYING} - long) FROM flying) FOR UPDATE SKIP LOCKED
),
short AS (
  SELECT id FROM outbox WHERE published_at IS NULL AND {DUE} AND subject <> '{RUN}'
  ORDER BY id LIMIT (SELECT greatest(0, {SHORT_FLYING} - short) FROM flying) FOR UPDATE SKIP LOCKED
)
SELECT id, subject, payload, round FROM outbox WHERE id IN (SELECT id FROM long UNION ALL SELECT id FROM short) ORDER BY id
"""
PUBLISHED = "UPDATE outbox SET published_at = now(), life = %(life)s WHERE id = ANY(%(ids)s)"
HANDLED = f"""
UPDATE outbox SET handled_at = now(), payload = '{{}}', error = '' WHERE id = %(id)s AND handled_at IS NULL
RETURNING pg_notify('{CHANNEL}', current_schema())
"""
SETTLED = "SELECT handled_at IS NOT NULL OR dead_at IS NOT NULL OR round <> %(round)s FROM outbox WHERE id = %(id)s"
HELD = "UPDATE outbox SET published_at = NULL, round = round + 1 WHERE id = %(id)s AND handled_at IS NULL"
FAILED = "UPDATE outbox SET tries = %(tries)s, error = %(error)s WHERE id = %(id)s AND handled_at IS NULL"
BURY = """
UPDATE outbox SET tries = %(tries)s, error = %(error)s, dead_at = now() WHERE id = %(id)s AND handled_at IS NULL
RETURNING subject, payload
"""
DEAD = """
SELECT id, subject, created_at, dead_at, tries, error FROM outbox
WHERE published_at IS NOT NULL AND handled_at IS NULL AND dead_at IS NOT NULL ORDER BY dead_at DESC LIMIT %(limit)s
"""
REVIVE = f"""
UPDATE outbox SET dead_at = NULL, published_at = NULL, tries = 0, round = round + 1, payload = %(payload)s::jsonb
WHERE id = %(id)s RETURNING pg_notify('{CHANNEL}', current_schema())
"""
CORPSE = (
    "SELECT subject, payload FROM outbox WHERE id = %(id)s AND dead_at IS NOT NULL AND handled_at IS NULL FOR UPDATE"
)
LOST = """
UPDATE outbox SET published_at = NULL, round = round + 1, tries = 0
WHERE published_at IS NOT NULL AND handled_at IS NULL AND dead_at IS NULL AND life <> %(life)s
"""


class Waiting(msgspec.Struct, frozen=True):
    """One message to be taken to the bus."""

    id: UUID
    subject: str
    payload: Any
    round: int


class DeadLetter(msgspec.Struct, frozen=True):
    """A message that failed as often as it may; `error` is the kind of its last failure."""

    id: UUID
    subject: str
    created_at: datetime
    dead_at: datetime
    tries: int
    error: str


async def waiting(session: Session, carried: Sequence[str] | None = None) -> list[Waiting]:
    """What may fly now, of all subjects or only of some, locked until this work ends."""
    given = {"carried": None if carried is None else list(carried)}
    return [Waiting(*row) for row in await session.rows(WAITING, given)]


async def published(session: Session, ids: list[UUID], life: str) -> None:
    """On the bus now, in that life of it."""
    await session.execute(PUBLISHED, {"ids": ids, "life": life})


async def settled(session: Session, id_: UUID, round_: int) -> bool:
    """Whether that delivery is no longer wanted: handled, dead, or sent out anew since."""
    row = await session.one(SETTLED, {"id": id_, "round": round_})
    return row is None or row[0]


async def handled(session: Session, id_: UUID) -> None:
    """Done with, for good."""
    await session.execute(HANDLED, {"id": id_})


async def held(session: Session, id_: UUID) -> None:
    """Back to waiting, as when its tenant is suspended."""
    await session.execute(HELD, {"id": id_})


async def failed(session: Session, id_: UUID, tries: int, error: str) -> None:
    await session.execute(FAILED, {"id": id_, "tries": tries, "error": error})


async def bury(session: Session, id_: UUID, tries: int, error: str) -> None:
    """To the dead letters (REL-04); a job whose turn this was has failed."""
    row = await session.one(BURY, {"id": id_, "tries": tries, "error": error})
    if row and row[0] == RUN:
        await broken(session, UUID(row[1]["job"]))


async def dead_letters(session: Session, limit: int = 100) -> list[DeadLetter]:
    """The newest first."""
    return [DeadLetter(*row) for row in await session.rows(DEAD, {"limit": limit})]


async def retry(session: Session, id_: UUID) -> bool:
    """Sends a dead letter out anew; False when there is none of that id, or its job need not run any more."""
    row = await session.one(CORPSE, {"id": id_})
    if row is None:
        return False
    subject, payload = row
    if subject == RUN:
        turn = await again(session, UUID(payload["job"]))
        if turn is None:
            await handled(session, id_)
            return False
        payload = {**payload, "turn": turn}
    await session.execute(REVIVE, {"id": id_, "payload": msgspec.json.encode(payload).decode()})
    return True


async def discard(session: Session, id_: UUID) -> bool:
    """Gives a dead letter up for good."""
    if await session.one(CORPSE, {"id": id_}) is None:
        return False
    await handled(session, id_)
    return True


async def lost(session: Session, life: str) -> int:
    """What an earlier life of the bus took along goes out anew; how many messages."""
    return await session.execute(LOST, {"life": life})
