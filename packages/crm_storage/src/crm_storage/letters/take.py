"""Letters of a mailbox stored as e-mails: each once, in its thread, with its files, in the files of whoever it concerns."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from crm_domain.definition import Blob, Ref
from crm_domain.ids import new_id
from crm_domain.letters.addresses import listed
from crm_domain.letters.archive import ArchiveAddresses
from crm_domain.letters.incoming import Letter
from crm_domain.modules.activities.by_mail import answered_by_mail
from crm_domain.modules.cases.by_mail import case_by_mail
from crm_domain.modules.emails import EMAIL_LINKS, Email
from crm_domain.modules.emails.fields import opening_words
from crm_domain.problems import BadValue
from crm_domain.records.work import Work
from crm_domain.tenancy import Tenant
from crm_domain.text.ics import read_replies
from crm_storage.database import Database, Session
from crm_storage.files.door import FileDoor

KNOWN = "SELECT message_id FROM emails WHERE mailbox = %(mailbox)s AND message_id = ANY(%(ids)s)"
THREADS = """
SELECT DISTINCT ON (message_id) message_id, thread FROM emails
WHERE message_id = ANY(%(ids)s) AND (mailbox = %(mailbox)s OR assigned_to = %(owner)s) ORDER BY message_id, id
"""
LINK = """
INSERT INTO email_record (left_id, right_id, module, created_by)
SELECT DISTINCT e.id, l.record_id, l.module, %(me)s::uuid
FROM unnest(%(ids)s::uuid[], %(addresses)s::text[]) AS e (id, address)
JOIN email_address a ON a.address_key = e.address JOIN email_link l ON l.address_id = a.id
WHERE l.module = ANY(%(modules)s) ON CONFLICT DO NOTHING
"""
"""By address: to every record of those modules that has it."""
FOLLOW = """
INSERT INTO email_record (left_id, right_id, module, created_by)
SELECT DISTINCT e.id, r.right_id, r.module, %(me)s::uuid
FROM emails e JOIN emails former ON former.thread = e.thread AND former.id <> e.id
  AND (former.mailbox = e.mailbox OR former.assigned_to = e.assigned_to)
JOIN email_record r ON r.left_id = former.id
WHERE e.id = ANY(%(ids)s) ON CONFLICT DO NOTHING
"""
"""An answer belongs where its thread does."""
ARCHIVE = """
INSERT INTO email_record (left_id, right_id, module, created_by)
SELECT e.id, e.record, e.module, %(me)s::uuid
FROM unnest(%(ids)s::uuid[], %(records)s::uuid[], %(modules)s::text[]) AS e (id, record, module)
ON CONFLICT DO NOTHING
"""
ANSWERED = """
UPDATE emails SET status = 'replied' WHERE mailbox = %(mailbox)s AND message_id = ANY(%(ids)s) AND status IN ('unread', 'read')
"""

TEAM = """
SELECT u.id FROM team_member m JOIN users u ON u.id = m.user_id AND u.status = 'active' AND u.deleted_at IS NULL
WHERE m.team_id = %(team)s ORDER BY u.id
"""


class Owner(msgspec.Struct, frozen=True):
    """A mailbox as its letters need it: whose it is, and whether addresses link them by themselves."""

    id: UUID
    address: str
    personal: bool
    owner: UUID | None
    team: UUID | None
    auto_link: bool
    create_cases: bool = False


class Arrived(NamedTuple):
    """A letter, whether it lay in the folder of what was sent, and which other folder it lay in."""

    letter: Letter
    sent: bool
    place: str = ""


class Taker:
    """Stores the letters of one tenant's mailboxes."""

    def __init__(self, database: Database, files: FileDoor, tenant: Tenant, archive: ArchiveAddresses) -> None:
        self._database, self._files, self._tenant, self._archive = database, files, tenant, archive

    async def new(self, session: Session, box: Owner, arrived: Sequence[Arrived]) -> list[Arrived]:
        """Those that the mailbox does not have yet, by their Message-ID."""
        first = {one.letter.message_id[:255]: one for one in reversed(arrived)}
        known = await session.rows(KNOWN, {"mailbox": box.id, "ids": list(first)})
        for (id_,) in known:
            del first[id_]
        return list(reversed(first.values()))

    async def files(self, arrived: Sequence[Arrived]) -> dict[str, tuple[list[Blob], list[str]]]:
        """The letters' files kept, and the names of those that were not, by Message-ID. In transactions of their own."""
        found: dict[str, tuple[list[Blob], list[str]]] = {}
        for one in arrived:
            kept, left = found.setdefault(one.letter.message_id, ([], []))
            for file in one.letter.files:
                try:
                    kept.append(
                        await self._files.receive(self._database, self._tenant, None, file.name, BytesIO(file.body))
                    )
                except BadValue:
                    left.append(file.name)
        return found

    async def store(
        self,
        work: Work,
        session: Session,
        box: Owner,
        arrived: Sequence[Arrived],
        files: dict[str, tuple[list[Blob], list[str]]],
    ) -> list[UUID]:
        """Stores them with their links; their ids. The caller commits, with the mark of how far the folder was read."""
        threads = await self._threads(session, box, arrived)
        made: list[tuple[UUID, dict[str, Any]]] = []
        for one in arrived:
            id_ = new_id(work.now())
            blobs, left = files[one.letter.message_id]
            values = _values(box, one, threads.get(one.letter.message_id[:255], str(id_)), work.now())
            values |= {"attachments": tuple(blobs) or None, "left_out": "\n".join(left)[:4000] or None}
            told = {key: value for key, value in values.items() if value is not None}
            made.append((id_, told))
        await work.store.insert(work.module(Email), made)
        ids = [id_ for id_, _ in made]
        await self._link(session, work.access.user, box, arrived, ids)
        for one in arrived:
            if one.letter.calendar and not one.sent:
                await answered_by_mail(work, read_replies(one.letter.calendar), one.letter.sender)
        if box.create_cases and not box.personal:
            await _open_cases(work, session, box, arrived, ids)
        return ids

    async def _threads(self, session: Session, box: Owner, arrived: Sequence[Arrived]) -> dict[str, str]:
        """The thread of each letter that answers one: an earlier one's, here or in this very batch."""
        wanted = {id_ for one in arrived for id_ in _before(one.letter)}
        facts = {"ids": list(wanted), "mailbox": box.id, "owner": box.owner}
        known: dict[str, str] = dict(await session.rows(THREADS, facts)) if wanted else {}
        found: dict[str, str] = {}
        for one in arrived:
            former = next((known[id_] for id_ in _before(one.letter) if id_ in known), None)
            thread = former or next(iter(reversed(_before(one.letter))), one.letter.message_id[:255])
            found[one.letter.message_id[:255]] = known[one.letter.message_id[:255]] = thread
        return found

    async def _link(
        self, session: Session, me: UUID, box: Owner, arrived: Sequence[Arrived], ids: Sequence[UUID]
    ) -> None:
        if box.auto_link:
            pairs = [
                (id_, address) for id_, one in zip(ids, arrived, strict=True) for address in _others(box, one.letter)
            ]
            facts = {"ids": [id_ for id_, _ in pairs], "addresses": [a for _, a in pairs], "me": me}
            await session.execute(LINK, {**facts, "modules": list(EMAIL_LINKS.rights)})
        await session.execute(FOLLOW, {"ids": list(ids), "me": me})
        meant = [
            (id_, ref)
            for id_, one in zip(ids, arrived, strict=True)
            for ref in self._archive.meant([*one.letter.to, *one.letter.copies, *one.letter.reached])
        ]
        if meant:
            await self._archived(session, me, meant)
        answers = [one.letter.answers for one in arrived if one.sent and one.letter.answers]
        if answers:
            await session.execute(ANSWERED, {"mailbox": box.id, "ids": answers})

    async def _archived(self, session: Session, me: UUID, meant: Sequence[tuple[UUID, Ref]]) -> None:
        facts: dict[str, Any] = {"ids": [id_ for id_, _ in meant], "me": me}
        facts |= {"records": [ref.id for _, ref in meant], "modules": [ref.module for _, ref in meant]}
        await session.execute(ARCHIVE, facts)


async def _open_cases(
    work: Work, session: Session, box: Owner, arrived: Sequence[Arrived], ids: Sequence[UUID]
) -> None:
    """A person's letter to the inbox opens a case or goes on with its thread's; what a program wrote does neither."""
    team = [user for (user,) in await session.rows(TEAM, {"team": box.team})]
    for one, id_ in zip(arrived, ids, strict=True):
        sender = one.letter.sender
        if one.sent or one.place or one.letter.machine or sender is None or read_replies(one.letter.calendar):
            continue
        await session.execute(FOLLOW, {"ids": [id_], "me": work.access.user})
        subject = one.letter.subject or one.letter.text[:80] or sender.address
        await case_by_mail(work, box.id, id_, subject, one.letter.text, sender, team=team)


def _before(letter: Letter) -> list[str]:
    """What the letter answers, the nearest first."""
    return [id_[:255] for id_ in dict.fromkeys([letter.answers, *reversed(letter.ancestors)]) if id_]


def _others(box: Owner, letter: Letter) -> set[str]:
    """Everybody's addresses but the mailbox's own."""
    people = (*((letter.sender,) if letter.sender else ()), *letter.to, *letter.copies)
    return {party.address.lower() for party in people} - {box.address.lower()}


def _values(box: Owner, one: Arrived, thread: str, now: datetime) -> dict[str, Any]:
    letter = one.letter
    at = letter.sent_at if letter.sent_at and letter.sent_at < now else now
    values: dict[str, Any] = {
        "name": letter.subject or " ".join(letter.text.split())[:80] or "—",
        "sender": str(letter.sender)[:320] if letter.sender else None,
        "recipients": listed(letter.to)[:20_000] or None,
        "copies": listed(letter.copies)[:20_000] or None,
        "sent_at": at,
        "email_type": "out" if one.sent else "inbound",
        "status": "sent" if one.sent else "unread",
        "folder": "sent" if one.sent else "archive" if one.place else "inbox",
        "place": one.place or None,
        "personal": box.personal,
        "mailbox": Ref("mailboxes", box.id),
        "assigned_to": Ref("users", box.owner) if box.owner and box.personal else None,
        "team": Ref("teams", box.team) if box.team and not box.personal else None,
        "description": letter.text or None,
        "body": letter.markup or None,
        "message_id": letter.message_id[:255],
        "answers": letter.answers[:255] or None,
        "ancestors": " ".join(letter.ancestors)[:8000] or None,
        "thread": thread,
        "flagged": False,
    }
    return {**values, "snippet": opening_words(values) or None}
