"""Sealing what was noted since the last seal: digests of its events, in order, linked with all that came before."""

from datetime import timedelta
from uuid import UUID

from crm_storage.chain.digest import CHAIN, DIGEST
from crm_storage.database import Database

STRETCH = 10_000
"""The most events of one seal: the work of a moment, and little memory on either side."""
SETTLING = timedelta(minutes=1)
"""What is younger waits for the next seal: ids follow the clock, and a clock may be set back a little."""
LOCK_WAIT_MS = 800
"""How long the tenant's writers may have to queue behind one that is not done. Less than the server's second of patience
(`deadlock_timeout`), after which a vacuum of the log would be broken off for the lock, time and again."""
LAST = (
    "coalesce((SELECT last_event FROM audit_seal ORDER BY number DESC LIMIT 1), '00000000-0000-0000-0000-000000000000')"
)
PENDING = f"SELECT FROM audit_event WHERE id > {LAST} AND id < uuidv7(- %(settling)s::interval) LIMIT 1"
LOCK = f"SET LOCAL lock_timeout = {LOCK_WAIT_MS}; LOCK TABLE audit_event IN SHARE MODE"
NEWEST = "SELECT id FROM audit_event WHERE id < uuidv7(- %(settling)s::interval) ORDER BY id DESC LIMIT 1"
SEAL = f"""
INSERT INTO audit_seal (number, first_event, last_event, events, digests, sealed_at, chain)
SELECT number, first_event, last_event, events, digests, sealed_at, {CHAIN} FROM (
  SELECT coalesce(p.number, 0) + 1 AS number, coalesce(p.chain, '') AS before, now() AS sealed_at, s.*
  FROM (
    SELECT count(*)::integer AS events, string_agg({DIGEST}, ''::bytea ORDER BY e.id) AS digests,
      (array_agg(e.id ORDER BY e.id))[1] AS first_event, (array_agg(e.id ORDER BY e.id DESC))[1] AS last_event
    FROM (SELECT * FROM audit_event WHERE id > {LAST} AND id <= %(newest)s ORDER BY id LIMIT {STRETCH}) e
  ) s LEFT JOIN (SELECT number, chain FROM audit_seal ORDER BY number DESC LIMIT 1) p ON true
  WHERE s.events > 0
) seal
ON CONFLICT (number) DO NOTHING RETURNING events
"""


async def seal(database: Database, tenant: int, *, settling: timedelta = SETTLING) -> int:
    """Seals a tenant's events up to `settling` ago; how many.

    Raises psycopg.errors.LockNotAvailable when a writer takes long: nothing is sealed then, and the next run does it.
    """
    newest = await _newest_settled(database, tenant, settling)
    sealed = 0
    while newest and (count := await _seal_stretch(database, tenant, newest)):
        sealed += count
    return sealed


async def _newest_settled(database: Database, tenant: int, settling: timedelta) -> UUID | None:
    """The last event to be sealed, None when there is nothing to seal.

    The lock is given once every writer of before has ended, and whoever writes later has later ids: what lies before the
    answer can become neither more nor less.
    """
    facts = {"settling": settling}
    async with database.tenant(tenant) as session:
        if await session.one(PENDING, facts) is None:
            return None
        await session.script(LOCK)
        row = await session.one(NEWEST, facts)
        await session.commit()
    return row[0] if row else None


async def _seal_stretch(database: Database, tenant: int, newest: UUID) -> int:
    async with database.tenant(tenant) as session:
        row = await session.one(SEAL, {"newest": newest})
        await session.commit()
    return row[0] if row else 0
