"""A letter's way out, in states that outlive every process: queued, sending, then sent, failed, or nobody knows (REL-02).

Only what says `sending` may be on the wire, and that was committed before. A process that dies there leaves a letter that
nobody sends again by himself: after a while it is uncertain, until evidence or its writer settles it.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from crm_domain.definition import Ref
from crm_domain.modules.emails import EMAIL_LINKS
from crm_domain.modules.emails.write import SUBJECT
from crm_storage.database import Session
from crm_storage.notices import tell

PATIENCE = "5 minutes"
"""Longer than any one handing over takes."""
NOTICE = "letter_unsent"
UNSENT = ("send_error", "uncertain")
WRITERS = "SELECT id, name, created_by FROM emails WHERE id = ANY(%(emails)s) AND created_by IS NOT NULL"
BEGIN = """
WITH begun AS (
  UPDATE emails SET status = 'sending', message_id = %(message)s, failure = NULL
  WHERE id = %(email)s AND status = 'queued' AND deleted_at IS NULL RETURNING id
)
INSERT INTO letter_handing (email_id, token) SELECT id, %(token)s FROM begun
ON CONFLICT (email_id) DO UPDATE SET token = excluded.token, begun_at = now() RETURNING 1
"""
LINK = """
INSERT INTO email_record (left_id, right_id, module, created_by)
SELECT DISTINCT %(email)s::uuid, l.record_id, l.module, %(me)s::uuid
FROM email_address a JOIN email_link l ON l.address_id = a.id
WHERE a.address_key = ANY(%(addresses)s) AND l.module = ANY(%(modules)s) ON CONFLICT DO NOTHING
"""
"""What goes to somebody is in his files."""
END = """
UPDATE emails e SET status = %(status)s, failure = %(failure)s,
  folder = CASE WHEN %(status)s = 'sent' AND e.folder = 'outbox' THEN 'sent' ELSE e.folder END
FROM letter_handing h
WHERE e.id = %(email)s AND h.email_id = e.id AND h.token = %(token)s AND e.status IN ('sending', 'uncertain')
"""
"""Fenced: what a newer handing over does is none of a late one's business."""
FAIL = "UPDATE emails SET status = 'send_error', failure = %(failure)s WHERE id = %(email)s AND status = 'queued'"
ANSWERED = """
UPDATE emails e SET status = 'replied' FROM emails s WHERE s.id = ANY(%(emails)s) AND s.status = 'sent' AND e.message_id = s.answers
  AND e.status IN ('unread', 'read') AND (e.mailbox = s.mailbox OR e.assigned_to = s.assigned_to)
"""
PROVED = "UPDATE emails SET status = 'sent', folder = 'sent' WHERE id = ANY(%(emails)s) AND status = 'uncertain'"
BY_NUMBER = """
SELECT e.id FROM letter_open o JOIN emails e ON e.id = o.email_id WHERE o.number = ANY(%(numbers)s) AND e.status = 'uncertain'
"""
BY_MESSAGE = """
SELECT id FROM emails WHERE message_id = ANY(%(messages)s) AND status = 'uncertain' AND (mailbox = %(mailbox)s OR assigned_to = %(owner)s)
"""
DOUBT = f"""
UPDATE emails e SET status = 'uncertain' FROM letter_handing h
WHERE h.email_id = e.id AND e.status = 'sending' AND h.begun_at < now() - interval '{PATIENCE}' RETURNING e.id
"""
GIVE_UP = f"""
UPDATE emails e SET status = 'send_error', failure = 'unreachable' FROM outbox o
WHERE e.status = 'queued' AND o.subject = '{SUBJECT}' AND o.published_at IS NOT NULL AND o.handled_at IS NULL
  AND o.dead_at IS NOT NULL AND o.payload ->> 'email' = e.id::text
  AND NOT EXISTS (SELECT FROM outbox n WHERE n.subject = o.subject AND n.payload = o.payload AND n.handled_at IS NULL AND n.dead_at IS NULL)
RETURNING e.id
"""
"""What was tried as often as it may be is its writer's to send again."""


async def begin(
    session: Session, email: UUID, token: UUID, message_id: str, *, people: Sequence[str], by: UUID | None, link: bool
) -> bool:
    """Marks a letter as going on the wire, and puts it into its readers' files; False when somebody else did or it was taken
    back. The caller commits before the first word of it is said."""
    if await session.one(BEGIN, {"email": email, "token": token, "message": message_id}) is None:
        return False
    if link:
        addresses = [address.lower() for address in people]
        facts: dict[str, Any] = {"email": email, "addresses": addresses, "modules": list(EMAIL_LINKS.rights), "me": by}
        await session.execute(LINK, facts)
    return True


async def end(session: Session, email: UUID, token: UUID, status: str, failure: str | None = None) -> None:
    """How a handing over ended."""
    facts = {"email": email, "token": token, "status": status, "failure": failure}
    if await session.execute(END, facts) and status in UNSENT:
        await _tell(session, [email])
    await session.execute(ANSWERED, {"emails": [email]})


async def fail(session: Session, email: UUID, failure: str) -> None:
    """A letter that waited will not go."""
    if await session.execute(FAIL, {"email": email, "failure": failure}):
        await _tell(session, [email])


async def proved(session: Session, emails: Sequence[UUID]) -> None:
    """These have left, if that was uncertain."""
    if await session.execute(PROVED, {"emails": list(emails)}):
        await session.execute(ANSWERED, {"emails": list(emails)})


async def proved_by_opens(session: Session, numbers: Sequence[int]) -> None:
    """Somebody's program has the letters of these numbers."""
    await proved(session, [id_ for (id_,) in await session.rows(BY_NUMBER, {"numbers": list(numbers)})])


async def proved_by_mail(session: Session, messages: Sequence[str], mailbox: UUID, owner: UUID | None) -> None:
    """Mail came that answers these letters, or their server keeps them among what was sent."""
    facts = {"messages": list(messages), "mailbox": mailbox, "owner": owner}
    await proved(session, [id_ for (id_,) in await session.rows(BY_MESSAGE, facts)])


async def watch(session: Session) -> int:
    """Says of what died on its way that nobody knows, and of what nobody tries any more that it failed; how many."""
    found = [id_ for statement in (DOUBT, GIVE_UP) for (id_,) in await session.rows(statement)]
    await _tell(session, found)
    return len(found)


async def _tell(session: Session, emails: Sequence[UUID]) -> None:
    """Their writers learn it without looking."""
    for id_, name, writer in await session.rows(WRITERS, {"emails": list(emails)}):
        await tell(session, NOTICE, [writer], f"/mail/{id_}", {"name": name}, about=Ref("emails", id_))
