"""After the database went back in time nothing is sent until an administrator releases it (4.3).

A counter in the tenant's tables grows while mail goes out, and a copy of it lies outside of the database. A database whose
counter is behind the copy was restored, or lost its last changes: what it believes was not sent may have been.
"""

from pathlib import Path
from uuid import UUID

from crm_storage.database import Session
from crm_storage.people.preferences import save_setting, setting
from crm_storage.sending.alarm import alarm

KEY = "sending_quarantine"
BEAT = """
INSERT INTO setting (key, value) VALUES ('sending_beat', '1') ON CONFLICT (key)
DO UPDATE SET value = to_jsonb((setting.value #>> '{}')::bigint + 1) RETURNING (value #>> '{}')::bigint
"""
NOW_AT = "SELECT (value #>> '{}')::bigint FROM setting WHERE key = 'sending_beat'"
HOLD_RUNS = """
UPDATE mkt_run SET state = 'paused', state_at = now(), reason = 'quarantine' WHERE state IN ('filling', 'ready', 'sending')
"""
SHOW = """
UPDATE email_marketing e SET run_state = 'paused' FROM mkt_run r
WHERE r.marketing_id = e.id AND r.kind = 'live' AND r.state = 'paused'
"""
DOUBT = """
WITH moved AS (
  UPDATE email_queue SET state = 'uncertain', reason = 'quarantine' WHERE state IN ('leased', 'begun') RETURNING run_id
)
UPDATE mkt_run r SET uncertain = r.uncertain + c.number
FROM (SELECT run_id, count(*) AS number FROM moved GROUP BY run_id) c WHERE r.id = c.run_id
"""
RELEASE = "DELETE FROM setting WHERE key = 'sending_quarantine'"
NOTE = """
INSERT INTO audit_event (actor_id, source, request_id, module, action) VALUES (%(by)s, 'web', '', 'campaigns', 'release_quarantine')
"""


async def beat(session: Session) -> int:
    """Moves the counter on; the caller commits, and writes the copy after that."""
    row = await session.one(BEAT)
    assert row is not None
    return row[0]


def remember(folder: Path, tenant: int, count: int) -> None:
    """Keeps the copy; whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f"{tenant}.new"
    fresh.write_text(str(count))
    fresh.replace(folder / f"{tenant}.beat")


async def went_back(session: Session, folder: Path, tenant: int) -> bool:
    """Whether the database knows less than the copy."""
    kept = folder / f"{tenant}.beat"
    if not kept.exists():
        return False
    row = await session.one(NOW_AT)
    return (row[0] if row else 0) < int(kept.read_text() or 0)


async def impose(session: Session) -> None:
    """Pauses every run, doubts what was under way, tells the administrators. The caller commits."""
    await save_setting(session, KEY, True)
    await session.execute(HOLD_RUNS)
    await session.execute(SHOW)
    await session.execute(DOUBT)
    await alarm(session, "sending_quarantine", {})


async def holds(session: Session) -> bool:
    """Whether the tenant's sending is held."""
    return bool(await setting(session, KEY))


async def release(session: Session, *, by: UUID) -> None:
    """An administrator has looked: runs may be resumed, one by one. The caller commits."""
    await session.execute(RELEASE)
    await session.execute(NOTE, {"by": by})
