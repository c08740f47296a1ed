"""Users as those who sign in: found by user name or e-mail address, with what is needed to write to them."""

from typing import Any
from uuid import UUID

import msgspec

from crm_domain.people.preferences import preferences_of
from crm_domain.text.digits import to_ascii
from crm_storage.database import Session
from crm_storage.people.mail import Recipient

COLUMNS = """
SELECT u.id, u.user_name, coalesce(u.name, u.user_name), c.password_hash, coalesce(c.must_change, false),
  coalesce((SELECT a.address FROM email_link l JOIN email_address a ON a.id = l.address_id
            WHERE l.record_id = u.id AND l.module = 'users' AND l.is_primary LIMIT 1), ''),
  (SELECT s.value FROM setting s WHERE s.key = 'locale'), (SELECT p.body FROM preference p WHERE p.user_id = u.id)
FROM users u LEFT JOIN user_credential c ON c.user_id = u.id
WHERE u.status = 'active' AND u.deleted_at IS NULL
"""
BY_ID = COLUMNS + "AND u.id = %(id)s"
BY_NAME = COLUMNS + "AND lower(u.user_name) = %(login)s"
BY_EMAIL = (
    COLUMNS
    + """
AND u.id IN (SELECT l.record_id FROM email_link l JOIN email_address a ON a.id = l.address_id
             WHERE a.address_key = %(login)s AND l.module = 'users' AND l.is_primary)
LIMIT 2
"""
)


class Account(msgspec.Struct, frozen=True):
    """An active user. `password_hash` is None until he has set a password."""

    id: UUID
    user_name: str
    name: str
    password_hash: str | None
    must_change: bool
    email: str
    language: str

    @property
    def names(self) -> tuple[str, ...]:
        """What may not make up his password."""
        return self.user_name, self.name, self.email.partition("@")[0]

    @property
    def recipient(self) -> Recipient:
        return Recipient(self.email, self.name, self.language)


def login_key(login: str) -> str:
    """What was typed as name or address, in the form it is compared in."""
    return to_ascii(login.strip()).lower()[:254]


async def account_by_login(session: Session, login: str) -> Account | None:
    """The account with that user name, else the only one with that primary address."""
    facts = {"login": login_key(login)}
    found = await session.rows(BY_NAME, facts) or await session.rows(BY_EMAIL, facts)
    return _account(found[0]) if len(found) == 1 else None


async def account_by_id(session: Session, id_: UUID) -> Account | None:
    row = await session.one(BY_ID, {"id": id_})
    return _account(row) if row else None


def _account(row: tuple[Any, ...]) -> Account:
    id_, user_name, name, hash_, must_change, email, company, own = row
    language = preferences_of(company or {}, own or {}).language
    return Account(id_, user_name, name, hash_, must_change, email, language)
