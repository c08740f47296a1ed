"""Once more before what matters most: the password, or a code of the second factor (SEC-36)."""

from datetime import datetime
from uuid import UUID

from crm_storage.database import Session
from crm_storage.hashing import Hasher
from crm_storage.one_time_codes import typed_code
from crm_storage.people import second_factor, sessions
from crm_storage.people.passwords import own_account
from crm_storage.vault import Vault

CODE_LENGTH = 6


async def prove(
    session: Session, hasher: Hasher, vault: Vault, user: UUID, session_id: UUID, typed: str, now: datetime
) -> str:
    """Goes on under the session's new secret, which is returned (SEC-31). Commits.

    Six digits are a code, for no password is so short. Raises Invalid or Refused when it is wrong, Refused while throttled.
    """
    code = typed_code(typed)
    if len(code) == CODE_LENGTH and code.isdecimal() and await second_factor.second_factor(session, user):
        await second_factor.use_code(session, vault, user, code, now)
    else:
        await own_account(session, hasher, user, typed)
    secret = await sessions.renew(session, user, session_id)
    await session.commit()
    return secret
