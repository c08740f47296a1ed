"""Flags between letters here and on their server: where each lies there, and what both sides agreed on last."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from crm_domain.letters.flags import Flags, flags_here, reconciled, status_of
from crm_storage.database import Session

MOST = 500
"""Letters of a folder that are compared at a time: those changed here, then the newest."""
PLACE = """
INSERT INTO letter_place (mailbox_id, folder, uid, email_id)
SELECT DISTINCT ON (p.uid) %(box)s, %(folder)s, p.uid, e.id FROM unnest(%(uids)s::bigint[], %(messages)s::text[]) AS p (uid, message)
JOIN emails e ON e.mailbox = %(box)s AND e.message_id = p.message ORDER BY p.uid, e.id ON CONFLICT DO NOTHING
"""
HOME = """
INSERT INTO letter_home (email_id, folder) SELECT p.email_id, p.folder FROM letter_place p
WHERE p.mailbox_id = %(box)s AND p.folder = %(folder)s AND p.uid = ANY(%(uids)s) ON CONFLICT DO NOTHING
"""
KNOWN = "SELECT uid FROM letter_place WHERE mailbox_id = %(box)s AND folder = %(folder)s"
FORGET = (
    "DELETE FROM letter_place WHERE mailbox_id = %(box)s AND folder = %(folder)s AND (%(all)s OR uid = ANY(%(uids)s))"
)
COMPARED = f"""
SELECT p.uid, e.id, e.status, coalesce(e.flagged, false), p.seen, p.answered, p.flagged
FROM letter_place p JOIN emails e ON e.id = p.email_id
WHERE p.mailbox_id = %(box)s AND p.folder = %(folder)s AND e.deleted_at IS NULL
ORDER BY (p.flagged <> coalesce(e.flagged, false) OR p.seen AND e.status = 'unread' OR NOT p.seen AND e.status IN ('read', 'replied')
  OR NOT p.answered AND e.status = 'replied') DESC, p.uid DESC LIMIT {MOST}
"""
AGREE = """
WITH told AS (
  SELECT * FROM unnest(%(uids)s::bigint[], %(seen)s::bool[], %(answered)s::bool[], %(flagged)s::bool[], %(ids)s::uuid[],
    %(were)s::text[], %(statuses)s::text[]) AS t (uid, seen, answered, flagged, id, was, status)
), agreed AS (
  UPDATE letter_place p SET seen = t.seen, answered = t.answered, flagged = t.flagged FROM told t
  WHERE p.mailbox_id = %(box)s AND p.folder = %(folder)s AND p.uid = t.uid
)
UPDATE emails e SET status = t.status, flagged = t.flagged FROM told t
WHERE e.id = t.id AND e.status = t.was AND (e.status <> t.status OR coalesce(e.flagged, false) <> t.flagged)
"""
"""What somebody changed here meanwhile stays, and is told to the server next time."""


class Compared(NamedTuple):
    """A letter and what was agreed on about it."""

    uid: int
    id: UUID
    status: str
    flagged: bool
    agreed: Flags

    @property
    def here(self) -> Flags:
        return flags_here(self.status, self.flagged, self.agreed)


class Settled(NamedTuple):
    """What both sides shall say of a letter from now on."""

    letter: Compared
    there: Flags
    both: Flags


async def place(session: Session, box: UUID, folder: str, uids: Sequence[int], messages: Sequence[str]) -> None:
    """Remembers where letters of this mailbox lie on its server."""
    facts = {"box": box, "folder": folder, "uids": list(uids), "messages": [message[:255] for message in messages]}
    await session.execute(PLACE, facts)
    await session.execute(HOME, facts)


async def known(session: Session, box: UUID, folder: str) -> list[int]:
    """The numbers of all letters that lay there when last looked."""
    return [uid for (uid,) in await session.rows(KNOWN, {"box": box, "folder": folder})]


async def forget(session: Session, box: UUID, folder: str, uids: Sequence[int] | None = None) -> None:
    """These lie there no more; without numbers the whole folder was made anew."""
    facts = {"box": box, "folder": folder, "all": uids is None, "uids": list(uids or ())}
    await session.execute(FORGET, facts)


async def compared(session: Session, box: UUID, folder: str) -> list[Compared]:
    """The letters of a folder whose flags may differ."""
    rows = await session.rows(COMPARED, {"box": box, "folder": folder})
    return [Compared(uid, id_, status, flag, Flags(*agreed)) for uid, id_, status, flag, *agreed in rows]


def settled(letters: Sequence[Compared], there: Mapping[int, Flags]) -> list[Settled]:
    """What changes, on one side or the other."""
    found = [
        Settled(one, flags, reconciled(one.agreed, one.here, flags))
        for one in letters
        if (flags := there.get(one.uid)) is not None
    ]
    return [
        one for one in found if one.both != one.letter.agreed or one.both != one.there or one.both != one.letter.here
    ]


async def agree(session: Session, box: UUID, folder: str, changes: Sequence[Settled]) -> None:
    """Keeps what both sides say now; the server was told before."""
    letters = [one.letter for one in changes]
    facts = {
        "box": box,
        "folder": folder,
        "uids": [one.uid for one in letters],
        "ids": [one.id for one in letters],
        "were": [one.status for one in letters],
        "statuses": [status_of(one.both, one.letter.status) for one in changes],
        "seen": [one.both.seen for one in changes],
        "answered": [one.both.answered for one in changes],
        "flagged": [one.both.flagged for one in changes],
    }
    await session.execute(AGREE, facts)
