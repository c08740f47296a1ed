"""Letters moved or deleted on one side, followed on the other: where each is at home on its server, as both sides agreed last.

Everything is told by what lies where, so a process that dies in between is followed by one that goes on from there.
"""

import asyncio
import imaplib
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

import structlog

from crm_storage.database import Session
from crm_storage.letters.imap import Folder, LetterBox, archive_folder, trash_folder

MOST = 500
"""Letters that are settled in one look."""
WANTED = """
CASE WHEN e.deleted_at IS NOT NULL OR e.folder = 'trash' THEN coalesce(nullif(%(trash)s, ''), h.folder)
  WHEN e.folder = 'inbox' THEN %(inbox)s
  WHEN e.folder = 'archive' THEN coalesce(e.place, nullif(%(archive)s, ''), h.folder) ELSE h.folder END
"""
APART = f"""
SELECT id, home, wanted, there, uid, message_id FROM (
  SELECT e.id, h.folder AS home, {WANTED} AS wanted, p.folder AS there, p.uid, e.message_id
  FROM letter_home h JOIN emails e ON e.id = h.email_id
  LEFT JOIN LATERAL (
    SELECT p.folder, p.uid FROM letter_place p
    WHERE p.email_id = e.id AND p.mailbox_id = %(box)s AND p.folder = ANY(%(read)s) ORDER BY p.folder = h.folder DESC, p.folder LIMIT 1
  ) p ON true
  WHERE e.mailbox = %(box)s
) l
WHERE home <> '' AND wanted <> home OR home = ANY(%(read)s) AND there IS DISTINCT FROM home
  OR home <> ALL(%(read)s) AND there IS NOT NULL
ORDER BY coalesce(there, home), wanted, id LIMIT {MOST}
"""
SETTLE = """
WITH told AS (SELECT * FROM unnest(%(ids)s::uuid[], %(homes)s::text[]) AS t (id, home)),
  kept AS (UPDATE letter_home h SET folder = t.home FROM told t WHERE h.email_id = t.id)
UPDATE emails e SET folder = CASE t.home WHEN '' THEN 'trash' WHEN %(inbox)s THEN 'inbox' WHEN %(sent)s THEN 'sent'
    WHEN %(trash)s THEN 'trash' ELSE 'archive' END,
  place = CASE WHEN t.home IN (%(inbox)s, %(sent)s, %(trash)s, '') THEN e.place ELSE t.home END
FROM told t WHERE e.id = t.id AND %(follow)s
"""
"""With `follow`, the letters here go where they went there; what is nowhere any more was thrown away."""
MOVED = """
WITH told AS (SELECT * FROM unnest(%(ids)s::uuid[], %(uids)s::bigint[], %(news)s::bigint[]) AS t (id, uid, new)),
  gone AS (
    DELETE FROM letter_place p USING told t WHERE p.mailbox_id = %(box)s AND p.folder = %(source)s AND p.uid = t.uid
    RETURNING p.email_id, p.seen, p.answered, p.flagged
  )
INSERT INTO letter_place (mailbox_id, folder, uid, email_id, seen, answered, flagged)
SELECT %(box)s, %(target)s, t.new, t.id, coalesce(g.seen, false), coalesce(g.answered, false), coalesce(g.flagged, false)
FROM told t LEFT JOIN gone g ON g.email_id = t.id WHERE t.new > 0 ON CONFLICT DO NOTHING
"""
Sessions = Callable[[], AbstractAsyncContextManager[Session]]


class Plan(NamedTuple):
    """A mailbox's folders by their use, as the server names them; `read` ones were looked through to their end."""

    inbox: str
    sent: str
    trash: str
    archive: str
    read: Sequence[str]


class Apart(NamedTuple):
    """A letter of which both sides say different things. `there` is the read folder where it lies now."""

    id: UUID
    home: str
    wanted: str
    there: str | None
    uid: int | None
    message_id: str


def planned(inbox: str, sent: str, listed: Sequence[Folder], read: Sequence[str]) -> Plan:
    """What the server calls its folders."""
    return Plan(inbox, sent, trash_folder(listed), archive_folder(listed), read)


async def settle(sessions: Sessions, box: UUID, mailbox: LetterBox, plan: Plan) -> None:
    """Brings both sides together; of two moves of the same letter, the one made here stays."""
    facts = {"box": box, **plan._asdict()}
    async with sessions() as session:
        apart = [Apart(*row) for row in await session.rows(APART, {**facts, "read": list(plan.read)})]
        theirs = [one for one in apart if one.wanted == one.home or not one.home]
        await _keep(session, facts, {one.id: one.there or "" for one in theirs}, follow=True)
        mine = [one for one in apart if one.wanted != one.home and one.home]
        arrived = [one for one in mine if one.there == one.wanted or (one.there is None and one.home in plan.read)]
        await _keep(session, facts, {one.id: one.wanted for one in arrived}, follow=False)
        await session.commit()
    known = {one.id for one in arrived}
    for (source, target), found in groupby(
        [one for one in mine if one.id not in known], lambda one: (one.there or one.home, one.wanted)
    ):
        letters = list(found)
        try:
            moved = await asyncio.to_thread(_moved, mailbox, source, target, letters)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error:
            structlog.get_logger().warning("letters.unmoved", mailbox=str(box), letters=len(letters))
            continue
        async with sessions() as session:
            await session.execute(MOVED, {**facts, "source": source, "target": target, **_columns(letters, moved)})
            await _keep(session, facts, {one.id: target for one in letters}, follow=False)
            await session.commit()


def _moved(mailbox: LetterBox, source: str, target: str, letters: Sequence[Apart]) -> dict[UUID, tuple[int, int]]:
    """Moves them on the server: by letter, its number before and, where the server tells, after."""
    mailbox.select(source)
    uids = {one.id: one.uid or mailbox.found(one.message_id) for one in letters}
    there = {uid: one.message_id for one in letters if (uid := uids[one.id])}
    numbers = mailbox.move(source, there, target)
    return {id_: (uid, numbers.get(uid, 0)) for id_, uid in uids.items() if uid}


def _columns(letters: Sequence[Apart], moved: Mapping[UUID, tuple[int, int]]) -> dict[str, list[UUID] | list[int]]:
    ids = [one.id for one in letters if one.id in moved]
    return {"ids": ids, "uids": [moved[id_][0] for id_ in ids], "news": [moved[id_][1] for id_ in ids]}


async def _keep(session: Session, facts: Mapping[str, object], homes: Mapping[UUID, str], *, follow: bool) -> None:
    if homes:
        told = {"ids": list(homes), "homes": list(homes.values()), "follow": follow}
        await session.execute(SETTLE, {**facts, **told})
