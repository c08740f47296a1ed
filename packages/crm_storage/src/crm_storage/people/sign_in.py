"""Signing in by name or e-mail address and password: the same answer and the same work for whomever (SEC-29)."""

import math
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec

from crm_domain.people.throttle import FREE_FOR_ACCOUNT, FREE_FOR_NETWORK, network_of
from crm_domain.problems import NotFound, Refused
from crm_storage.database import Session
from crm_storage.hashing import Hasher
from crm_storage.people import mail, sessions, throttle
from crm_storage.people.accounts import Account, account_by_id, account_by_login, login_key

LOG = """
INSERT INTO login_event (user_id, name, ok, method, address, agent)
VALUES (%(user)s, %(name)s, %(ok)s, 'password', %(address)s, %(agent)s)
"""
REHASH = "UPDATE user_credential SET password_hash = %(hash)s WHERE user_id = %(user)s AND password_hash = %(former)s"
HISTORY = """
SELECT at, name, ok, method, address, agent FROM login_event
WHERE user_id = %(user)s ORDER BY at DESC, id DESC LIMIT %(limit)s
"""


class Attempt(msgspec.Struct, frozen=True):
    """Somebody at the door: what was typed and where from. `company` is the tenant's name, for mails."""

    login: str
    password: str
    address: str
    agent: str
    company: str


class SignedIn(msgspec.Struct, frozen=True):
    """`secret` belongs into the cookie; whoever must change his password can do nothing else first."""

    user: UUID
    secret: str
    must_change: bool


class LoginEvent(msgspec.Struct, frozen=True):
    """One evaluated attempt."""

    at: datetime
    name: str
    ok: bool
    method: str
    address: str
    agent: str


async def sign_in(
    session: Session, hasher: Hasher, attempt: Attempt, *, lasts: timedelta = sessions.ABSOLUTE
) -> SignedIn:
    """Opens a session. Commits, so that failures count whatever follows.

    Raises Refused: `people.sign_in_failed` for whatever is wrong, `people.sign_in_wait` while throttled.
    """
    account = await account_by_login(session, attempt.login)
    await _reserve(session, account, attempt)
    hash_ = account.password_hash if account else None
    if not await hasher.verify(hash_, attempt.password) or account is None:
        await _failed(session, account, attempt)
        raise Refused("people.sign_in_failed")
    if hash_ and hasher.outdated(hash_):
        fresh = await hasher.hash(attempt.password)
        await session.execute(REHASH, {"user": account.id, "hash": fresh, "former": hash_})
    await throttle.clear(session, _account_key(account, attempt.login))
    await _log(session, account, attempt, ok=True)
    secret = await sessions.open_session(session, account.id, agent=attempt.agent, address=attempt.address, lasts=lasts)
    await session.commit()
    return SignedIn(account.id, secret, account.must_change)


async def prove(session: Session, hasher: Hasher, user: UUID, session_id: UUID, attempt: Attempt) -> str:
    """A signed-in user gives his password again (SEC-36): his session's new secret. Commits. Raises as sign_in does."""
    account = await account_by_id(session, user)
    if account is None:
        raise NotFound
    await _reserve(session, account, attempt)
    if not await hasher.verify(account.password_hash, attempt.password):
        await _failed(session, account, attempt)
        raise Refused("people.password_wrong")
    await throttle.clear(session, _account_key(account, attempt.login))
    secret = await sessions.renew(session, user, session_id)
    await session.commit()
    return secret


async def unlock(session: Session, user: UUID) -> None:
    """Lets a user try again at once, by an administrator's hand."""
    await throttle.clear(session, f"account:{user}")


async def login_history(session: Session, user: UUID, *, limit: int = 20) -> list[LoginEvent]:
    """A user's latest attempts to sign in."""
    return [LoginEvent(*row) for row in await session.rows(HISTORY, {"user": user, "limit": limit})]


def _account_key(account: Account | None, login: str) -> str:
    return f"account:{account.id}" if account else f"name:{login_key(login)}"


def _network_key(attempt: Attempt) -> str:
    return f"network:{network_of(attempt.address)}"


async def _reserve(session: Session, account: Account | None, attempt: Attempt) -> None:
    """Counts the try before the password is looked at: many at the same moment get no more tries than one by one."""
    key = _account_key(account, attempt.login)
    until = await throttle.blocked_until(session, [key, _network_key(attempt)])
    failures = None if until else await throttle.count(session, key, FREE_FOR_ACCOUNT)
    if failures is None:
        until = until or await throttle.blocked_until(session, [key])
        raise Refused("people.sign_in_wait", n=_minutes(until))
    await session.commit()


async def _failed(session: Session, account: Account | None, attempt: Attempt) -> None:
    """Tells the owner when his account has just been closed for a while."""
    await throttle.count(session, _network_key(attempt), FREE_FOR_NETWORK)
    await _log(session, account, attempt, ok=False)
    if account and account.email and await throttle.blocked_until(session, [_account_key(account, attempt.login)]):
        await mail.send(session, "throttled", account.recipient, attempt.company)
    await session.commit()


async def _log(session: Session, account: Account | None, attempt: Attempt, *, ok: bool) -> None:
    facts = {
        "user": account.id if account else None,
        "name": login_key(attempt.login),
        "ok": ok,
        "address": attempt.address,
        "agent": attempt.agent[: sessions.AGENT_MAX],
    }
    await session.execute(LOG, facts)


def _minutes(until: datetime | None) -> int:
    left = (until - datetime.now(UTC)).total_seconds() if until else 0
    return max(1, math.ceil(left / 60))
