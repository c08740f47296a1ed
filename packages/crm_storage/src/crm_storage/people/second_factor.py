"""A user's second factor: its secret lies in the vault, every code works once, and guessing is slowed down (SEC-30)."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from crm_domain.definition import Ref
from crm_domain.people.throttle import FREE_FOR_ACCOUNT
from crm_domain.problems import NotFound, Refused
from crm_storage.database import Session
from crm_storage.hashing import fingerprint
from crm_storage.one_time_codes import new_recovery_codes, step_of, typed_code
from crm_storage.people import throttle
from crm_storage.people.alarm import alarm
from crm_storage.people.log import By, log
from crm_storage.people.revoke import revoke
from crm_storage.vault import Vault

Method = Literal["totp", "recovery"]
MODULE, FIELD = "users", "second_factor"
"""Where the vault keeps the secret."""
FIND = "SELECT set_at, cardinality(recovery) FROM second_factor WHERE user_id = %(user)s"
USE_STEP = "UPDATE second_factor SET step = %(step)s WHERE user_id = %(user)s AND step < %(step)s"
USE_CODE = """
UPDATE second_factor SET recovery = array_remove(recovery, %(hash)s)
WHERE user_id = %(user)s AND %(hash)s = ANY(recovery)
"""
SET_UP = """
INSERT INTO second_factor (user_id, step, recovery) VALUES (%(user)s, %(step)s, %(recovery)s)
ON CONFLICT (user_id) DO NOTHING
"""
NEW_CODES = "UPDATE second_factor SET recovery = %(recovery)s WHERE user_id = %(user)s"
FORGET = "DELETE FROM second_factor WHERE user_id = %(user)s"
USER_TYPE = "SELECT user_type FROM users WHERE id = %(user)s AND deleted_at IS NULL"


class SecondFactor(msgspec.Struct, frozen=True):
    """Since when somebody has one, and how many of his recovery codes are unused."""

    set_at: datetime
    codes_left: int


async def second_factor(session: Session, user: UUID) -> SecondFactor | None:
    """The user's, if he has set one up."""
    row = await session.one(FIND, {"user": user})
    return SecondFactor(*row) if row else None


async def set_up(
    session: Session, vault: Vault, by: By, secret: str, code: str, now: datetime, *, keep: UUID
) -> list[str]:
    """Takes one's own second factor into use once its code proves that it works; the recovery codes, shown only now.

    Ends everything of his but the session `keep`. Raises Refused for a wrong code, or when there is one already.
    """
    user, step = by.access.user, step_of(secret, typed_code(code), now)
    if not step:
        raise Refused("people.code_wrong")
    codes = new_recovery_codes()
    if not await session.execute(SET_UP, {"user": user, "step": step, "recovery": _kept(codes)}):
        raise Refused("people.factor_there")
    await vault.put(session, MODULE, user, FIELD, secret)
    await revoke(session, user, keep=keep)
    await alarm(session, user, "factor_on")
    await log(session, by, "factor_set_up", of=Ref("users", user), changes={})
    return codes


async def use_code(session: Session, vault: Vault, user: UUID, code: str, now: datetime) -> Method:
    """Uses a code up; which kind it was. Commits the count of tries, so that guessing ends whatever follows.

    Raises Refused: `people.code_wrong` also for one used before, `people.too_many_tries` while throttled.
    """
    key = f"factor:{user}"
    if await throttle.count(session, key, FREE_FOR_ACCOUNT) is None:
        raise Refused("people.too_many_tries")
    await session.commit()
    typed = typed_code(code)
    secret = await vault.read(session, MODULE, user, FIELD)
    step = step_of(secret, typed, now) if secret else 0
    if step and await session.execute(USE_STEP, {"user": user, "step": step}):
        method: Method = "totp"
    elif await session.execute(USE_CODE, {"user": user, "hash": fingerprint(typed)}):
        method = "recovery"
    else:
        raise Refused("people.code_wrong")
    await throttle.clear(session, key)
    return method


async def guessed_too_often(session: Session, user: UUID) -> bool:
    """Whether codes are not looked at for a while."""
    return await throttle.blocked_until(session, [f"factor:{user}"]) is not None


async def new_codes(session: Session, by: By) -> list[str]:
    """Ten other recovery codes instead of those there were. Raises NotFound without a second factor."""
    codes, user = new_recovery_codes(), by.access.user
    if not await session.execute(NEW_CODES, {"user": user, "recovery": _kept(codes)}):
        raise NotFound
    await alarm(session, user, "codes")
    await log(session, by, "recovery_codes", of=Ref("users", user), changes={})
    return codes


async def forget_factor(session: Session, vault: Vault, by: By, user: UUID, *, keep: UUID | None = None) -> None:
    """Takes a second factor away, one's own or by an administrator's hand, and ends what is open but `keep` (SEC-32).

    Raises NotFound; Refused for an administrator's where one is none.
    """
    found = await session.one(USER_TYPE, {"user": user})
    if found is None:
        raise NotFound
    if found[0] == "administrator" and not by.access.admin:
        raise Refused("roles.not_yours")
    if not await session.execute(FORGET, {"user": user}):
        raise NotFound
    await vault.put(session, MODULE, user, FIELD, None)
    await throttle.clear(session, f"factor:{user}")
    await revoke(session, user, keep=keep)
    await alarm(session, user, "factor_off")
    await log(session, by, "factor_taken_away", of=Ref("users", user), changes={})


def _kept(codes: list[str]) -> list[bytes]:
    return [fingerprint(code) for code in codes]
