"""Setting passwords: by oneself, by a link from a mail, or from the command line. Each ends what was open before."""

from uuid import UUID

from crm_domain.people.passwords import check_password
from crm_domain.people.throttle import FREE_FOR_ACCOUNT, network_of
from crm_domain.problems import FieldProblem, Invalid, NotFound, Refused
from crm_storage.database import Session
from crm_storage.hashing import Hasher
from crm_storage.people import mail, once, throttle
from crm_storage.people.accounts import Account, account_by_id, account_by_login, login_key
from crm_storage.people.alarm import alarm
from crm_storage.people.policy import sign_in_policy
from crm_storage.people.revoke import revoke

STORE = """
INSERT INTO user_credential (user_id, password_hash, must_change) VALUES (%(user)s, %(hash)s, %(must_change)s)
ON CONFLICT (user_id) DO UPDATE SET password_hash = excluded.password_hash, must_change = excluded.must_change,
  changed_at = now()
"""
FREE_RESETS = 3


async def change_password(
    session: Session, hasher: Hasher, user: UUID, *, keep: UUID, old: str, new: str, company: str
) -> None:
    """A signed-in user's new password; only the session `keep` stays. Raises Invalid, or Refused while throttled.

    First in a unit of work: tries with the old password count like those to sign in, and that commits.
    """
    account = await own_account(session, hasher, user, old)
    if old == new:
        raise Invalid({"password": (FieldProblem("people.password_same"),)})
    await store_password(session, hasher, account, new, company, keep=keep)
    await alarm(session, account.id, "password")
    if account.email:
        await mail.send(session, "password_changed", account.recipient, company)


async def own_account(session: Session, hasher: Hasher, user: UUID, password: str) -> Account:
    """A signed-in user's account, when he gives its password. Raises Invalid, or Refused while throttled.

    First in a unit of work: tries count like those to sign in, and that commits.
    """
    account = await _known(session, user)
    key = f"account:{user}"
    if await throttle.count(session, key, FREE_FOR_ACCOUNT) is None:
        raise Refused("people.too_many_tries")
    await session.commit()
    if not await hasher.verify(account.password_hash, password):
        raise Invalid({"old_password": (FieldProblem("people.password_wrong"),)})
    await throttle.clear(session, key)
    await session.commit()
    return account


async def request_reset(session: Session, login: str, address: str, company: str, reset_at: str) -> None:
    """Mails a link, if there is such an account; nobody learns whether there is. `reset_at` is put before the secret.

    Asking too often is answered in the same way and sends nothing.
    """
    keys = [f"reset:{login_key(login)}", f"reset-network:{network_of(address)}"]
    allowed = [await throttle.count(session, key, FREE_RESETS) is not None for key in keys]
    account = await account_by_login(session, login)
    if all(allowed) and account and account.email:
        secret = await once.issue(session, account.id, "reset")
        await mail.send(session, "reset", account.recipient, company, reset_at + secret)


async def complete_reset(session: Session, hasher: Hasher, secret: str, password: str, company: str) -> UUID:
    """Sets the password by a link's secret; whose it was. Raises Invalid, or Refused when the link no longer works."""
    account = await _by_secret(session, "reset", secret)
    await store_password(session, hasher, account, password, company)
    await alarm(session, account.id, "password")
    await throttle.clear(session, f"account:{account.id}")
    return account.id


async def accept_invite(session: Session, hasher: Hasher, secret: str, password: str, company: str) -> UUID:
    """The same for somebody invited, who had no password yet."""
    account = await _by_secret(session, "invite", secret)
    await store_password(session, hasher, account, password, company)
    return account.id


async def invite(session: Session, user: UUID, company: str, invite_at: str) -> None:
    """Mails a user a link to set his first password. Raises NotFound, Refused without an address."""
    account = await _known(session, user)
    if not account.email:
        raise Refused("people.no_address", name=account.name)
    if account.password_hash is not None:
        raise Refused("people.has_password", name=account.name)
    secret = await once.issue(session, user, "invite")
    await mail.send(session, "invite", account.recipient, company, invite_at + secret)


async def set_password(
    session: Session, hasher: Hasher, login: str, password: str, *, must_change: bool = True
) -> UUID:
    """For the command line and administrators; the user then chooses his own. Raises NotFound, Invalid."""
    account = await account_by_login(session, login)
    if account is None:
        raise NotFound
    await store_password(session, hasher, account, password, "", must_change=must_change)
    await throttle.clear(session, f"account:{account.id}")
    return account.id


async def store_password(
    session: Session,
    hasher: Hasher,
    account: Account,
    password: str,
    company: str,
    *,
    keep: UUID | None = None,
    must_change: bool = False,
) -> None:
    """Checks, hashes and stores a password, and revokes what was open. Raises Invalid."""
    policy = await sign_in_policy(session)
    check_password(password, (*account.names, company), least=policy.password_length)
    facts = {"user": account.id, "hash": await hasher.hash(password), "must_change": must_change}
    await session.execute(STORE, facts)
    await revoke(session, account.id, keep=keep)


async def _known(session: Session, user: UUID) -> Account:
    account = await account_by_id(session, user)
    if account is None:
        raise NotFound
    return account


async def _by_secret(session: Session, purpose: once.Purpose, secret: str) -> Account:
    """Uses the secret up within this transaction: a refused password rolls that back, and the link still works."""
    user = await once.take(session, purpose, secret)
    account = await account_by_id(session, user) if user else None
    if account is None:
        raise Refused("people.link_ended")
    return account
