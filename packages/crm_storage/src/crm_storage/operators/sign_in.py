"""Operators at the door: password, then a one-time code; sessions of an hour at most without use."""

import hashlib
import secrets
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from crm_domain.people.operators import MAY, OperatorRole, Part
from crm_domain.problems import Refused
from crm_storage.database import Session
from crm_storage.hashing import Hasher
from crm_storage.one_time_codes import new_recovery_codes, step_of, typed_code

IDLE_MINUTES = 60
TRIES = 5
WAIT_MINUTES = 5
FIND = """
SELECT id, name, password_hash, totp_secret, totp_step, recovery, locked_until > now() AS locked
FROM host.operator WHERE email = lower(%(email)s) AND active
"""
FAILED = """
UPDATE host.operator SET failed = failed + 1,
  locked_until = CASE WHEN failed + 1 >= %(tries)s THEN now() + make_interval(mins => %(minutes)s) END
WHERE id = %(id)s
"""
PASSED = "UPDATE host.operator SET failed = 0, locked_until = NULL WHERE id = %(id)s"
USE_STEP = "UPDATE host.operator SET totp_step = %(step)s WHERE id = %(id)s AND totp_step < %(step)s RETURNING id"
USE_CODE = """
UPDATE host.operator SET recovery = array_remove(recovery, %(hash)s) WHERE id = %(id)s AND %(hash)s = ANY(recovery) RETURNING id
"""
SET_UP = """
UPDATE host.operator SET totp_secret = %(secret)s, totp_step = %(step)s, recovery = %(recovery)s
WHERE id = %(id)s AND totp_secret IS NULL RETURNING id
"""
OPEN = """
INSERT INTO host.operator_session (token_hash, operator_id, address, agent) VALUES (%(hash)s, %(id)s, %(address)s, %(agent)s)
"""
WHO = """
UPDATE host.operator_session s SET last_seen_at = now() FROM host.operator o
WHERE s.token_hash = %(hash)s AND o.id = s.operator_id AND o.active AND s.last_seen_at > now() - make_interval(mins => %(idle)s)
RETURNING o.id, o.email, o.name, o.language, o.role
"""
END = "DELETE FROM host.operator_session WHERE token_hash = %(hash)s"
FORGET = """
DELETE FROM host.operator_session s WHERE last_seen_at < now() - interval '1 day' AND EXISTS (
  SELECT FROM host.operator_session n WHERE n.operator_id = s.operator_id AND n.last_seen_at > s.last_seen_at
)
"""
NOTE = "INSERT INTO host.operator_audit (operator_id, action, address) VALUES (%(id)s, %(action)s, %(address)s)"
ADD = """
INSERT INTO host.operator (email, name, password_hash, totp_secret)
VALUES (lower(%(email)s), %(name)s, %(hash)s, %(secret)s) ON CONFLICT (email) DO NOTHING RETURNING id
"""


class Operator(msgspec.Struct, frozen=True):
    """Who is signed in."""

    id: UUID
    email: str
    name: str
    language: str
    role: OperatorRole

    def may(self, part: Part) -> bool:
        """Whether he may change that part of the installation."""
        return part in MAY[self.role]


async def ensure_operator(
    session: Session, hasher: Hasher, *, email: str, name: str, password: str, totp_secret: str = ""
) -> bool:
    """Makes an operator unless there is one of that address; whether one was made. Commits."""
    facts = {"email": email, "name": name, "hash": await hasher.hash(password), "secret": totp_secret.encode() or None}
    made = await session.rows(ADD, facts)
    await session.commit()
    return bool(made)


async def check_password(session: Session, hasher: Hasher, email: str, password: str) -> tuple[UUID, bool]:
    """The operator whose password that is, and whether he has a second factor. Commits the count of failures.

    Raises Refused in the same words for an unknown address, a wrong password and a closed account (SEC-29).
    """
    row = await session.one(FIND, {"email": email})
    good = await hasher.verify((row[2] or None) if row else None, password)
    if row is None:
        raise Refused("host.sign_in_failed")
    if not good or row[6]:
        await _fail(session, row[0])
        raise Refused("host.sign_in_failed")
    return row[0], row[3] is not None


async def check_code(session: Session, email: str, code: str, now: datetime) -> UUID:
    """The second factor: a fresh one-time code, or a recovery code; each works once (SEC-30). Commits failures."""
    row = await session.one(FIND, {"email": email})
    if row is None or row[3] is None or row[6]:
        raise Refused("host.code_wrong")
    id_, typed = row[0], typed_code(code)
    step = step_of(row[3].decode(), typed, now)
    used = await session.rows(USE_STEP, {"id": id_, "step": step}) if step else await _recovered(session, id_, typed)
    if not used:
        await _fail(session, id_)
        raise Refused("host.code_wrong")
    await session.execute(PASSED, {"id": id_})
    return id_


async def set_up(session: Session, id_: UUID, secret: str, code: str, now: datetime) -> list[str]:
    """Takes a second factor into use once its code proves that it works; the recovery codes, shown only now."""
    step = step_of(secret, typed_code(code), now)
    if not step:
        raise Refused("host.code_wrong")
    codes = new_recovery_codes()
    facts = {"id": id_, "secret": secret.encode(), "step": step, "recovery": [_hash(code) for code in codes]}
    if not await session.rows(SET_UP, facts):
        raise Refused("host.code_wrong")
    return codes


async def open_session(session: Session, id_: UUID, *, address: str, agent: str) -> str:
    """A new session; the secret for its cookie."""
    secret = secrets.token_urlsafe(32)
    await session.execute(OPEN, {"hash": _hash(secret), "id": id_, "address": address, "agent": agent[:400]})
    await session.execute(NOTE, {"id": id_, "action": "signed_in", "address": address})
    return secret


async def who(session: Session, secret: str) -> Operator | None:
    """Whose session that is, while it counts; using it keeps it alive."""
    row = await session.one(WHO, {"hash": _hash(secret), "idle": IDLE_MINUTES})
    await session.commit()
    return Operator(*row) if row else None


async def sign_out(session: Session, secret: str) -> None:
    await session.execute(END, {"hash": _hash(secret)})


async def forget_sessions(session: Session) -> int:
    """Drops the sessions that ended by themselves, except each operator's last, which tells when he was seen; how many.

    The caller commits.
    """
    return await session.execute(FORGET)


async def _recovered(session: Session, id_: UUID, code: str) -> list[Any]:
    return await session.rows(USE_CODE, {"id": id_, "hash": _hash(code)})


async def _fail(session: Session, id_: UUID) -> None:
    await session.execute(FAILED, {"id": id_, "tries": TRIES, "minutes": WAIT_MINUTES})
    await session.commit()


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
