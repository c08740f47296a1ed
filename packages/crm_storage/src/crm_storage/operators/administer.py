"""Operators among themselves: inviting, changing, closing; and the trail of what they did, which only grows (SEC-52)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from crm_domain.people.operators import OperatorRole, checked_role
from crm_domain.people.passwords import check_password
from crm_domain.problems import BadValue, NotFound, Refused
from crm_storage.database import Session
from crm_storage.hashing import Hasher, fingerprint

LIST = """
SELECT o.id, o.email, o.name, o.role, o.active, o.totp_secret IS NOT NULL, o.password_hash = '',
  (SELECT max(s.last_seen_at) FROM host.operator_session s WHERE s.operator_id = o.id)
FROM host.operator o ORDER BY o.active DESC, o.name, o.email
"""
ADD = """
INSERT INTO host.operator (email, name, role, password_hash) VALUES (lower(%(email)s), %(name)s, %(role)s, '')
ON CONFLICT (email) DO NOTHING RETURNING id
"""
SET_ROLE = "UPDATE host.operator SET role = %(role)s WHERE id = %(id)s RETURNING email"
SET_ACTIVE = "UPDATE host.operator SET active = %(active)s WHERE id = %(id)s RETURNING email"
FORGET_FACTOR = """
UPDATE host.operator SET totp_secret = NULL, totp_step = 0, recovery = '{}', failed = 0, locked_until = NULL
WHERE id = %(id)s RETURNING email
"""
END_SESSIONS = "DELETE FROM host.operator_session WHERE operator_id = %(id)s"
OWNERS = "SELECT id FROM host.operator WHERE role = 'owner' AND active FOR UPDATE"
LINKED = "SELECT email, password_hash FROM host.operator WHERE id = %(id)s AND active"
CHOOSE = "UPDATE host.operator SET password_hash = %(hash)s, failed = 0, locked_until = NULL WHERE id = %(id)s"
NOTE = """
INSERT INTO host.operator_audit (operator_id, action, address, facts)
VALUES (%(id)s, %(action)s, %(address)s, %(facts)s::jsonb)
"""
TRAIL = """
SELECT a.at, coalesce(o.email, ''), a.action, a.address, a.facts
FROM host.operator_audit a LEFT JOIN host.operator o ON o.id = a.operator_id
ORDER BY a.at DESC, a.id DESC LIMIT %(limit)s
"""


class KnownOperator(msgspec.Struct, frozen=True):
    """One operator as the others see him."""

    id: UUID
    email: str
    name: str
    role: OperatorRole
    active: bool
    has_factor: bool
    invited: bool
    """Whether he has not chosen a password yet."""
    seen_at: datetime | None


class Step(msgspec.Struct, frozen=True):
    """One thing an operator did."""

    at: datetime
    email: str
    action: str
    address: str
    facts: Mapping[str, Any]


async def operators(session: Session) -> list[KnownOperator]:
    """All of them, the active ones first."""
    return [KnownOperator(*row) for row in await session.rows(LIST)]


async def invite(session: Session, *, email: str, name: str, role: str) -> UUID:
    """A new operator without a password yet. Raises BadValue for an address that is none or known already."""
    if "@" not in email or len(email) > 254 or not name.strip():
        raise BadValue("problems.not_an_email", value=email[:80])
    facts = {"email": email.strip(), "name": name.strip()[:120], "role": checked_role(role)}
    rows = await session.rows(ADD, facts)
    if not rows:
        raise BadValue("host.operator_known", email=email.strip())
    return rows[0][0]


async def set_role(session: Session, id_: UUID, role: str) -> str:
    """Changes what an operator may; his address. Raises NotFound, BadValue, Refused for the last owner."""
    wanted = checked_role(role)
    if wanted != "owner":
        await _keep_an_owner(session, id_)
    return await _changed(session, SET_ROLE, {"id": id_, "role": wanted})


async def set_active(session: Session, id_: UUID, *, active: bool) -> str:
    """Closes or opens an operator's account; closing ends his sessions. Raises NotFound, Refused for the last owner."""
    if not active:
        await _keep_an_owner(session, id_)
        await session.execute(END_SESSIONS, {"id": id_})
    return await _changed(session, SET_ACTIVE, {"id": id_, "active": active})


async def forget_factor(session: Session, id_: UUID) -> str:
    """Takes the second factor away, so that the next sign-in sets one up; ends the sessions. Raises NotFound."""
    email = await _changed(session, FORGET_FACTOR, {"id": id_})
    await session.execute(END_SESSIONS, {"id": id_})
    return email


async def password_mark(session: Session, id_: UUID) -> tuple[str, str] | None:
    """Address and mark of the present password: a link carries the mark, and so works until the password changes."""
    row = await session.one(LINKED, {"id": id_})
    return (row[0], fingerprint(row[1]).hex()[:16]) if row else None


async def choose_password(session: Session, hasher: Hasher, id_: UUID, password: str, email: str) -> None:
    """Sets the password somebody chose through his link, and ends what was open. Raises Invalid."""
    check_password(password, (email,))
    await session.execute(CHOOSE, {"id": id_, "hash": await hasher.hash(password)})
    await session.execute(END_SESSIONS, {"id": id_})


async def note(session: Session, id_: UUID, action: str, address: str, facts: Mapping[str, Any]) -> None:
    """Adds to the trail, in the transaction of what was done."""
    said = msgspec.json.encode(facts).decode()
    await session.execute(NOTE, {"id": id_, "action": action, "address": address, "facts": said})


async def trail(session: Session, *, limit: int = 200) -> list[Step]:
    """What operators did, the newest first."""
    return [Step(*row) for row in await session.rows(TRAIL, {"limit": limit})]


async def _keep_an_owner(session: Session, id_: UUID) -> None:
    owners = [row[0] for row in await session.rows(OWNERS)]
    if owners == [id_]:
        raise Refused("host.last_owner")


async def _changed(session: Session, statement: str, facts: dict[str, Any]) -> str:
    row = await session.one(statement, facts)
    if row is None:
        raise NotFound
    return row[0]
