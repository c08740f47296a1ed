"""What pages of letters ask besides the letters: whom one concerns, and which addresses must be spared."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from crm_domain.definition import Ref
from crm_domain.letters.addresses import Party
from crm_storage.database import Session

CONCERNED = "SELECT module, right_id FROM email_record WHERE left_id = %(email)s ORDER BY created_at, right_id LIMIT 30"
FILED = """
SELECT left_id FROM email_record WHERE left_id = ANY(%(emails)s) AND module = %(module)s AND right_id = %(record)s
"""
SPARED = """
SELECT address, opted_out, invalid FROM email_address WHERE address_key = ANY(%(addresses)s) AND (opted_out OR invalid)
"""
PRIMARY = """
SELECT a.address FROM email_link l JOIN email_address a ON a.id = l.address_id
WHERE l.record_id = %(record)s AND NOT a.invalid ORDER BY l.is_primary DESC, l.position LIMIT 1
"""

THREAD = """
SELECT id FROM emails WHERE thread = %(thread)s AND deleted_at IS NULL ORDER BY sent_at DESC, id DESC LIMIT %(most)s
"""
CASES_AT = """
SELECT m.id, m.address FROM mailboxes m
WHERE m.mailbox_use = 'group' AND m.create_cases AND m.active AND m.deleted_at IS NULL
ORDER BY EXISTS (SELECT FROM emails e JOIN email_record r ON r.left_id = e.id
  WHERE e.mailbox = m.id AND r.right_id = %(case)s) DESC, m.id LIMIT 1
"""
"""The mailbox by which a case came, else the first one that makes cases."""


CASE_PEOPLE = """
SELECT (SELECT a.address FROM email_link l JOIN email_address a ON a.id = l.address_id
    WHERE l.record_id = c.contact AND NOT a.invalid AND a.complained_at IS NULL ORDER BY l.is_primary DESC, l.position LIMIT 1),
  u.name, (SELECT a.address FROM email_link l JOIN email_address a ON a.id = l.address_id
    WHERE l.record_id = u.id AND NOT a.invalid ORDER BY l.is_primary DESC, l.position LIMIT 1)
FROM cases c LEFT JOIN users u ON u.id = coalesce(c.assigned_to, c.created_by)
WHERE c.id = %(case)s
"""
"""Whoever opted out wants no mailings, but hears of his own case; who called our mail spam hears nothing."""


class Spared(msgspec.Struct, frozen=True):
    """Addresses that want no mailings, and addresses where nothing arrives."""

    opted_out: tuple[str, ...]
    invalid: tuple[str, ...]


async def concerned(session: Session, email: UUID) -> list[Ref]:
    """The records a letter is in the files of; whether the reader may see them is for him who asks."""
    return [Ref(module, id_) for module, id_ in await session.rows(CONCERNED, {"email": email})]


async def filed(session: Session, emails: Sequence[UUID], record: Ref) -> set[UUID]:
    """Those of the letters that are in the record's files."""
    facts = {"emails": list(emails), "module": record.module, "record": record.id}
    return {id_ for (id_,) in await session.rows(FILED, facts)}


async def spared(session: Session, addresses: Sequence[str]) -> Spared:
    """Those of the addresses that must be thought about."""
    rows = await session.rows(SPARED, {"addresses": [address.lower() for address in addresses]})
    return Spared(
        tuple(address for address, out, invalid in rows if out and not invalid),
        tuple(address for address, _, invalid in rows if invalid),
    )


async def address_of(session: Session, record: UUID) -> str:
    """A record's first address that works; empty for none."""
    row = await session.one(PRIMARY, {"record": record})
    return row[0] if row else ""


async def case_mailbox(session: Session, case: UUID) -> tuple[UUID | None, str]:
    """The mailbox to which a case's contacts answer, and its address; None and empty where none takes answers in."""
    row = await session.one(CASES_AT, {"case": case})
    return (row[0], row[1]) if row else (None, "")


async def case_people(session: Session, case: UUID) -> tuple[str, Party | None]:
    """Where the case's contact is written to, empty for nowhere, and who is responsible or opened it, if one can answer him."""
    row = await session.one(CASE_PEOPLE, {"case": case})
    if row is None:
        return "", None
    contact, name, writer = row
    return contact or "", Party(name, writer) if writer else None


async def thread_of(session: Session, thread: str, most: int) -> list[UUID]:
    """The newest letters of a thread, whoever may read them."""
    return [id_ for (id_,) in await session.rows(THREAD, {"thread": thread, "most": most})]
