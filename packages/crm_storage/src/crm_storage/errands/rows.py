"""Errands as rows. A holder extends its lease while it lives; what it left half is tidied up and begun anew (REL-23)."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from psycopg import OperationalError
from psycopg.errors import UniqueViolation

from crm_domain.problems import Refused
from crm_storage.database import Database, Session
from crm_storage.ending import end

Kind = Literal["backup", "restore_copy", "restore_in_place", "rehearse"]
State = Literal["waiting", "running", "done", "failed"]
LEASE = "interval '60 seconds'"
BEAT_S = 15
LOST_MOST = 2
"""So often an errand is begun anew whose holder died; one that outlives no holder is not worth a third."""
BY_HAND = "by_hand"
"""A fact: somebody does it himself, who sees that it broke off. Nobody else takes it up."""
COLUMNS = "id, tenant, kind, facts, actor, state, created_at, ended_at, outcome, started_at"
ASK = f"""
INSERT INTO host.errand (tenant, kind, facts, actor, state, started_at, leased_until)
VALUES (%(tenant)s, %(kind)s, %(facts)s::jsonb, %(actor)s, %(state)s,
  CASE WHEN %(state)s = 'running' THEN now() END, CASE WHEN %(state)s = 'running' THEN now() + {LEASE} END)
RETURNING {COLUMNS}
"""
CLAIM = f"""
UPDATE host.errand SET state = 'running', started_at = now(), leased_until = now() + {LEASE} WHERE id = (
  SELECT e.id FROM host.errand e WHERE e.state = 'waiting'
    AND NOT EXISTS (SELECT FROM host.errand o WHERE o.tenant = e.tenant AND o.state = 'running')
  ORDER BY e.created_at LIMIT 1 FOR UPDATE SKIP LOCKED
) RETURNING {COLUMNS}
"""
LAPSED = f"""
UPDATE host.errand SET started_at = now(), leased_until = now() + {LEASE} WHERE id = (
  SELECT id FROM host.errand WHERE state = 'running' AND leased_until < now() LIMIT 1 FOR UPDATE SKIP LOCKED
) RETURNING {COLUMNS}
"""
HELD = "id = %(id)s AND state = 'running' AND started_at = %(started)s"
"""By this very holder: whoever took it over began later (REL-03)."""
EXTEND = f"UPDATE host.errand SET leased_until = now() + {LEASE} WHERE {HELD}"
END = f"UPDATE host.errand SET state = %(state)s, ended_at = now(), outcome = %(outcome)s::jsonb WHERE {HELD}"
ANEW = f"""
UPDATE host.errand SET state = 'waiting', started_at = NULL, leased_until = NULL, facts = facts || %(facts)s::jsonb WHERE {HELD}
"""
FACT = f"UPDATE host.errand SET facts = facts || %(facts)s::jsonb WHERE {HELD}"
ONE = f"SELECT {COLUMNS} FROM host.errand WHERE id = %(id)s"
LATEST = f"SELECT {COLUMNS} FROM host.errand WHERE tenant = %(tenant)s ORDER BY created_at DESC LIMIT %(limit)s"
OPEN = (
    "SELECT count(*) FROM host.errand WHERE tenant = %(tenant)s AND kind = %(kind)s AND state IN ('waiting', 'running')"
)
FORGET = "DELETE FROM host.errand WHERE ended_at < now() - interval '90 days'"


class Errand(msgspec.Struct, frozen=True):
    """One piece of work. A failed one's outcome names the problem: its message id and facts."""

    id: UUID
    tenant: int
    kind: Kind
    facts: Mapping[str, Any]
    actor: str
    state: State
    created_at: datetime
    ended_at: datetime | None
    outcome: Mapping[str, Any]
    started_at: datetime | None

    @property
    def lost(self) -> int:
        """How many holders died over it."""
        return self.facts.get("lost", 0)


async def ask(
    session: Session, tenant: int, kind: Kind, facts: Mapping[str, Any], *, actor: str, at_once: bool = False
) -> Errand:
    """Asks for work; `at_once` for who does it himself. The caller commits. Raises Refused while other work is done."""
    told = {**facts, BY_HAND: True} if at_once else facts
    given = {"tenant": tenant, "kind": kind, "facts": _json(told), "actor": actor}
    try:
        row = await session.one(ASK, {**given, "state": "running" if at_once else "waiting"})
    except UniqueViolation:
        raise Refused("backups.busy") from None
    assert row is not None
    return Errand(*row)


async def claim(database: Database) -> Errand | None:
    """The work that waits longest, if any."""
    try:
        return await _one(database, CLAIM)
    except UniqueViolation:
        return None


async def lapsed(database: Database) -> Errand | None:
    """Work whose holder is gone, to be tidied up."""
    return await _one(database, LAPSED)


async def finish(database: Database, errand: Errand, state: State, outcome: Mapping[str, Any]) -> None:
    """The last word about it; nothing from a holder who has lost it to another."""
    await _as_holder(database, errand, END, state=state, outcome=_json(outcome))


async def begin_anew(database: Database, errand: Errand) -> bool:
    """Puts what was tidied up back in line, for whoever is next; False for what nobody is to take up any more."""
    if errand.lost >= LOST_MOST or errand.facts.get(BY_HAND):
        return False
    await _as_holder(database, errand, ANEW, facts=_json({"lost": errand.lost + 1}))
    return True


async def note_fact(database: Database, errand: Errand, facts: Mapping[str, Any]) -> None:
    """What a successor must know to tidy up, kept before it is so."""
    await _as_holder(database, errand, FACT, facts=_json(facts))


async def again(database: Database, errand: Errand) -> Errand:
    """The same as it stands now."""
    async with database.host() as session:
        row = await session.one(ONE, {"id": errand.id})
    return Errand(*row) if row else errand


async def errands_of(session: Session, tenant: int, *, limit: int = 10) -> list[Errand]:
    """The newest first."""
    return [Errand(*row) for row in await session.rows(LATEST, {"tenant": tenant, "limit": limit})]


async def under_way(session: Session, tenant: int, kind: Kind) -> bool:
    """Whether such work waits or is done just now."""
    row = await session.one(OPEN, {"tenant": tenant, "kind": kind})
    return bool(row and row[0])


async def forget_errands(session: Session) -> int:
    """Drops what ended long ago; how many. The caller commits."""
    return await session.execute(FORGET)


@asynccontextmanager
async def held(database: Database, errand: Errand) -> AsyncGenerator[None]:
    """While work is done its lease is extended."""

    async def extend() -> None:
        while True:
            await asyncio.sleep(BEAT_S)
            with suppress(OperationalError):
                await _as_holder(database, errand, EXTEND)

    heartbeat = asyncio.create_task(extend())
    try:
        yield
    finally:
        await end(heartbeat)


async def _as_holder(database: Database, errand: Errand, statement: str, **facts: Any) -> None:
    async with database.host() as session:
        await session.execute(statement, {"id": errand.id, "started": errand.started_at, **facts})
        await session.commit()


async def _one(database: Database, statement: str) -> Errand | None:
    async with database.host() as session:
        row = await session.one(statement)
        await session.commit()
    return Errand(*row) if row else None


def _json(facts: Mapping[str, Any]) -> str:
    return msgspec.json.encode(dict(facts)).decode()
