"""Support of the host in a company's pages: asked for with a reason, let in by the company, for an hour at most (scenario 58).

The visit is a session of one of the company's users that knows whose hands it is in; everything noted in it names both.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from crm_domain.people.actor import Support
from crm_domain.problems import BadValue, NotFound, Refused
from crm_storage.database import Session
from crm_storage.hashing import fingerprint
from crm_storage.people.administrators import tell_administrators
from crm_storage.people.once import new_secret
from crm_storage.people.preferences import setting

MOST_MINUTES = 60
OPEN_DOOR = "support_open"
"""The tenant's setting: whether support may come and look without being let in each time."""
State = Literal["asked", "granted", "refused", "entered", "ended"]
COLUMNS = """a.id, a.operator, a.reason, a.user_id, coalesce(u.name, u.user_name), a.writes, a.minutes,
CASE WHEN a.state IN ('asked', 'granted') AND a.asked_at < now() - interval '1 day' THEN 'ended'
  WHEN a.state = 'entered' AND a.until <= now() THEN 'ended' ELSE a.state END,
a.asked_at, a.until"""
FROM = "FROM support_access a JOIN users u ON u.id = a.user_id"
USER = "SELECT id FROM users WHERE user_name = %(name)s AND status = 'active' AND deleted_at IS NULL"
ASK = """
INSERT INTO support_access (operator, reason, user_id, writes, minutes, state)
VALUES (%(operator)s, %(reason)s, %(user)s, %(writes)s, %(minutes)s, %(state)s) RETURNING id
"""
ONE = f"SELECT {COLUMNS} {FROM} WHERE a.id = %(id)s"
LIST = f"SELECT {COLUMNS} {FROM} ORDER BY a.asked_at DESC LIMIT %(limit)s"
DECIDE = """
UPDATE support_access SET state = %(state)s, decided_at = now(), decided_by = %(by)s
WHERE id = %(id)s AND state = 'asked' AND asked_at > now() - interval '1 day'
"""
OPEN = """
UPDATE support_access SET entry_hash = %(hash)s, entry_until = now() + interval '2 minutes'
WHERE id = %(id)s AND operator = %(operator)s AND state = 'granted' AND asked_at > now() - interval '1 day'
"""
LOOK = "SELECT id FROM support_access WHERE entry_hash = %(hash)s AND entry_until > now() AND state = 'granted'"
ENTER = """
WITH entered AS (
  UPDATE support_access SET state = 'entered', entry_hash = NULL, until = now() + make_interval(mins => minutes)
  WHERE entry_hash = %(hash)s AND entry_until > now() AND state = 'granted' RETURNING *
), opened AS (
  INSERT INTO session (user_id, token_hash, expires_at, agent, address, support_id)
  SELECT user_id, %(token_hash)s, until, %(agent)s, %(address)s, id FROM entered
)
SELECT id, operator, writes, until, user_id, reason FROM entered
"""
END = """
WITH gone AS (DELETE FROM session WHERE support_id = %(id)s)
UPDATE support_access SET state = 'ended', until = least(until, now()) WHERE id = %(id)s AND state IN ('granted', 'entered')
RETURNING operator, user_id
"""
NOTE = """
INSERT INTO audit_event (actor_id, source, request_id, module, action, changes, support)
VALUES (%(by)s, %(source)s, %(request)s, 'support', %(action)s, %(facts)s::jsonb, %(operator)s)
"""


class Access(msgspec.Struct, frozen=True):
    """One visit, asked for or made. `until` is set when it began; what nobody answered ends after a day."""

    id: UUID
    operator: str
    reason: str
    user: UUID
    user_name: str
    writes: bool
    minutes: int
    state: State
    asked_at: datetime
    until: datetime | None


async def ask(session: Session, *, operator: str, reason: str, user_name: str, writes: bool, minutes: int) -> Access:
    """Asks the company to let support in as one of its users, and tells its administrators. Granted at once to look, where the
    company keeps the door open. The caller commits. Raises BadValue for no reason, nobody of that name, too long."""
    if not reason.strip():
        raise BadValue("host.reason_needed")
    if not 0 < minutes <= MOST_MINUTES:
        raise BadValue("problems.not_an_option", value=str(minutes))
    user = await session.one(USER, {"name": user_name.strip()})
    if user is None:
        raise BadValue("host.support_nobody", name=user_name.strip()[:80])
    open_door = bool(await setting(session, OPEN_DOOR)) and not writes
    facts = {"operator": operator, "reason": reason.strip()[:500], "writes": writes, "minutes": minutes}
    row = await session.one(ASK, {**facts, "user": user[0], "state": "granted" if open_door else "asked"})
    assert row is not None
    await note(session, "support_asked", operator, facts)
    if not open_door:
        await tell_administrators(
            session, "support_asked", {"operator": operator, "reason": facts["reason"], "path": "/admin/support"}
        )
    return await access(session, row[0])


async def access(session: Session, id_: UUID) -> Access:
    """One of them. Raises NotFound."""
    row = await session.one(ONE, {"id": id_})
    if row is None:
        raise NotFound
    return Access(*row)


async def accesses(session: Session, *, limit: int = 50) -> list[Access]:
    """The newest first."""
    return [Access(*row) for row in await session.rows(LIST, {"limit": limit})]


async def decide(session: Session, id_: UUID, *, grant: bool, by: UUID, request: str) -> None:
    """An administrator lets support in, or not. The caller commits. Raises Refused when there is nothing to answer any more."""
    found = await access(session, id_)
    if not await session.execute(DECIDE, {"id": id_, "state": "granted" if grant else "refused", "by": by}):
        raise Refused("support.not_asked")
    action = "support_granted" if grant else "support_refused"
    await note(session, action, found.operator, {"reason": found.reason}, by=by, source="web", request=request)


async def open_door(session: Session, id_: UUID, operator: str) -> str:
    """The secret of a way in, for two minutes and once. The caller commits. Raises NotFound, Refused without the company's word."""
    await access(session, id_)
    secret = new_secret()
    if not await session.execute(OPEN, {"id": id_, "operator": operator, "hash": fingerprint(secret)}):
        raise Refused("support.not_granted")
    return secret


async def look(session: Session, secret: str) -> bool:
    """Whether such a way in is open. Looking uses nothing up."""
    return await session.one(LOOK, {"hash": fingerprint(secret)}) is not None


async def enter(session: Session, secret: str, *, agent: str, address: str) -> str:
    """The session's secret for the cookie. Tells the administrators. The caller commits. Raises Refused."""
    token = new_secret()
    facts = {"hash": fingerprint(secret), "token_hash": fingerprint(token), "agent": agent[:300], "address": address}
    row = await session.one(ENTER, facts)
    if row is None:
        raise Refused("support.not_granted")
    _, operator, writes, until, user, reason = row
    await note(session, "support_entered", operator, {"until": until, "writes": writes, "reason": reason}, by=user)
    await tell_administrators(
        session, "support_entered", {"operator": operator, "reason": reason, "path": "/admin/support"}
    )
    return token


async def end_visit(session: Session, id_: UUID, *, by: UUID, request: str) -> None:
    """Ends a visit or takes a word back. The caller commits. Raises NotFound, Refused when there is nothing to end."""
    await access(session, id_)
    row = await session.one(END, {"id": id_})
    if row is None:
        raise Refused("support.not_granted")
    await note(session, "support_ended", row[0], {}, by=by, source="web", request=request)


async def note_view(session: Session, support: Support, user: UUID, path: str, request: str) -> None:
    """Notes a page that support looked at. The caller commits."""
    await note(session, "support_viewed", support.operator, {"path": path}, by=user, source="web", request=request)


async def note(
    session: Session,
    action: str,
    operator: str,
    facts: Mapping[str, Any],
    *,
    by: UUID | None = None,
    source: str = "support",
    request: str = "",
) -> None:
    """Adds to the company's audit, naming the operator beside the user."""
    body = msgspec.json.encode(dict(facts)).decode()
    given = {"by": by, "source": source, "request": request, "action": action, "operator": operator}
    await session.execute(NOTE, {**given, "facts": body})
