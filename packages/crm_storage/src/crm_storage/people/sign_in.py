"""Signing in by name or e-mail address and password, then by a code where there is a second factor.

The same answer and the same work for whomever (SEC-29).
"""

import math
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec

from crm_domain.people.devices import named_device
from crm_domain.people.throttle import FREE_FOR_ACCOUNT, FREE_FOR_NETWORK, network_of
from crm_domain.problems import Refused
from crm_storage.database import Session
from crm_storage.hashing import Hasher
from crm_storage.people import mail, once, second_factor, sessions, throttle
from crm_storage.people.accounts import Account, account_by_id, account_by_login, login_key
from crm_storage.people.alarm import alarm
from crm_storage.people.devices import Device, device_of, keep_device
from crm_storage.people.single_sign_on import may_by_password
from crm_storage.vault import Vault

LOG = """
INSERT INTO login_event (user_id, name, ok, method, address, agent)
VALUES (%(user)s, %(name)s, %(ok)s, %(method)s, %(address)s, %(agent)s)
"""
REHASH = "UPDATE user_credential SET password_hash = %(hash)s WHERE user_id = %(user)s AND password_hash = %(former)s"
HISTORY = """
SELECT at, name, ok, method, address, agent FROM login_event
WHERE user_id = %(user)s ORDER BY at DESC, id DESC LIMIT %(limit)s
"""


class Attempt(msgspec.Struct, frozen=True):
    """Somebody at the door: what was typed and where from. `company` is the tenant's name, for mails; `device` his
    browser's own secret."""

    login: str
    password: str
    address: str
    agent: str
    company: str
    device: str = ""


class SignedIn(msgspec.Struct, frozen=True):
    """`secret` belongs into the cookie, `device` into the browser's own; whoever must change his password can do nothing
    else first."""

    user: UUID
    secret: str
    must_change: bool
    device: str


class CodeNeeded(Exception):
    """The password was right and the second factor is missing: its code comes with `pending`, within ten minutes."""

    def __init__(self, pending: str) -> None:
        super().__init__("code needed")
        self.pending = pending


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

    Raises Refused: `people.sign_in_failed` for whatever is wrong, `people.sign_in_wait` while throttled; CodeNeeded where
    there is a second factor and the browser is not trusted. `people.sso_only` where passwords open nothing any more.
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
    if not await may_by_password(session, account.id):
        await _log(session, account, attempt, ok=False)
        await session.commit()
        raise Refused("people.sso_only")
    return await _first_done(session, account, attempt, "password", lasts)


async def enter_from(session: Session, account: Account, attempt: Attempt) -> SignedIn:
    """The same for somebody whom his provider of identities has vouched for: it spares no second factor. Commits."""
    return await _first_done(session, account, attempt, "sso", sessions.ABSOLUTE)


async def refused_from(session: Session, attempt: Attempt, name: str) -> None:
    """Notes that somebody came from there and did not get in. Commits."""
    facts = {"user": None, "name": login_key(name), "ok": False, "method": "sso", "address": attempt.address}
    await session.execute(LOG, facts | {"agent": attempt.agent[: sessions.AGENT_MAX]})
    await session.commit()


async def confirm(
    session: Session, vault: Vault, pending: str, code: str, attempt: Attempt, now: datetime, *, trust: bool
) -> SignedIn:
    """The second step; with `trust` this browser is asked for none for thirty days. Commits, also failures.

    Raises Refused: `people.code_late` when the first step is too long ago, and as `use_code` does.
    """
    user = await once.look(session, "code", pending)
    account = await account_by_id(session, user) if user else None
    if account is None:
        raise Refused("people.code_late")
    if await throttle.blocked_until(session, [_network_key(attempt)]):
        raise Refused("people.too_many_tries")
    try:
        method = await second_factor.use_code(session, vault, account.id, code, now)
    except Refused as refused:
        if refused.id == "people.code_wrong":
            await _wrong_code(session, account, attempt)
        raise
    await once.take(session, "code", pending)
    device = await device_of(session, account.id, attempt.device)
    entered = await _enter(session, account, attempt, device, method=method, trust=trust)
    await session.commit()
    return entered


async def unlock(session: Session, user: UUID) -> None:
    """Lets a user try again at once, by an administrator's hand."""
    await throttle.clear(session, f"account:{user}")
    await throttle.clear(session, f"factor:{user}")


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


async def _first_done(session: Session, account: Account, attempt: Attempt, method: str, lasts: timedelta) -> SignedIn:
    """In, or on to the second step. Commits. Raises CodeNeeded."""
    device = await device_of(session, account.id, attempt.device)
    if not device.trusted and await second_factor.second_factor(session, account.id):
        pending = await once.issue(session, account.id, "code")
        await session.commit()
        raise CodeNeeded(pending)
    entered = await _enter(session, account, attempt, device, method=method, lasts=lasts)
    await session.commit()
    return entered


async def _wrong_code(session: Session, account: Account, attempt: Attempt) -> None:
    """Whoever guesses codes knows the password: its owner should change it."""
    await throttle.count(session, _network_key(attempt), FREE_FOR_NETWORK)
    await _log(session, account, attempt, ok=False, method="totp")
    if account.email and await second_factor.guessed_too_often(session, account.id):
        await mail.send(session, "code_throttled", account.recipient, attempt.company)
    await session.commit()


async def _enter(
    session: Session,
    account: Account,
    attempt: Attempt,
    device: Device,
    *,
    method: str = "password",
    trust: bool = False,
    lasts: timedelta = sessions.ABSOLUTE,
) -> SignedIn:
    """Opens the session of somebody who has proven who he is; a browser that is new to him is told to him by mail."""
    await _log(session, account, attempt, ok=True, method=method)
    agent, address = attempt.agent, attempt.address
    await keep_device(session, account.id, device, agent=agent, address=address, trust=trust)
    if device.new:
        name = " · ".join(filter(None, named_device(agent))) or "–"
        await alarm(session, account.id, "device", name)
        if account.email:
            facts = {"device": name, "address": address}
            await mail.send(session, "new_device", account.recipient, attempt.company, **facts)
    secret = await sessions.open_session(session, account.id, agent=agent, address=address, lasts=lasts)
    return SignedIn(account.id, secret, account.must_change, device.secret)


async def _log(
    session: Session, account: Account | None, attempt: Attempt, *, ok: bool, method: str = "password"
) -> None:
    facts = {
        "user": account.id if account else None,
        "name": account.user_name if account and not attempt.login else login_key(attempt.login),
        "ok": ok,
        "method": method,
        "address": attempt.address,
        "agent": attempt.agent[: sessions.AGENT_MAX],
    }
    await session.execute(LOG, facts)


def _minutes(until: datetime | None) -> int:
    left = (until - datetime.now(UTC)).total_seconds() if until else 0
    return max(1, math.ceil(left / 60))
