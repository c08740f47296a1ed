"""The folders of a mailbox as its server names them, which of them are read, and how far."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from crm_storage.bounces.mailboxes import Bookmark
from crm_storage.database import Session
from crm_storage.letters.imap import Folder, sent_folder

LIST = """
INSERT INTO mailbox_folder AS f (mailbox_id, folder, uid_validity, last_uid, kind, listed)
SELECT %(box)s, l.folder, 0, 0, l.kind, true FROM unnest(%(names)s::text[], %(kinds)s::text[]) AS l (folder, kind)
ON CONFLICT (mailbox_id, folder) DO UPDATE SET kind = excluded.kind, listed = true
WHERE f.kind <> excluded.kind OR NOT f.listed
"""
UNLIST = "UPDATE mailbox_folder SET listed = false WHERE mailbox_id = %(box)s AND listed AND folder <> ALL(%(names)s)"
KNOWN = """
SELECT folder, kind, chosen FROM mailbox_folder WHERE mailbox_id = %(box)s AND listed ORDER BY lower(folder), folder
"""
CHOOSE = "UPDATE mailbox_folder SET chosen = folder = ANY(%(names)s) WHERE mailbox_id = %(box)s"
MARK = "SELECT uid_validity, last_uid FROM mailbox_folder WHERE mailbox_id = %(box)s AND folder = %(folder)s"
KEEP_MARK = """
INSERT INTO mailbox_folder (mailbox_id, folder, uid_validity, last_uid) VALUES (%(box)s, %(folder)s, %(validity)s, %(uid)s)
ON CONFLICT (mailbox_id, folder) DO UPDATE SET uid_validity = excluded.uid_validity, last_uid = excluded.last_uid
"""


class Listed(msgspec.Struct, frozen=True):
    """A folder of the server; `chosen` ones are read besides the inbox."""

    name: str
    kind: str
    chosen: bool


async def keep_list(session: Session, box: UUID, found: Sequence[Folder]) -> None:
    """What the server has now."""
    facts = {"box": box, "names": [folder.name for folder in found], "kinds": [folder.kind for folder in found]}
    await session.execute(LIST, facts)
    await session.execute(UNLIST, facts)


async def folders_of(session: Session, box: UUID) -> list[Listed]:
    """By name; none before the mailbox was read for the first time."""
    return [Listed(*row) for row in await session.rows(KNOWN, {"box": box})]


async def choose(session: Session, box: UUID, names: Sequence[str]) -> None:
    """Reads these from now on; what came from others before stays."""
    await session.execute(CHOOSE, {"box": box, "names": list(names)})


async def sent_folder_of(session: Session, box: UUID) -> str:
    """Where the server itself keeps what was sent."""
    return sent_folder([Folder(one.name, one.kind) for one in await folders_of(session, box)])


async def mark_of(session: Session, box: UUID, folder: str) -> Bookmark:
    """How far a folder was read."""
    row = await session.one(MARK, {"box": box, "folder": folder})
    return Bookmark(*row) if row else Bookmark()


async def keep_mark(session: Session, box: UUID, folder: str, mark: Bookmark) -> None:
    """Goes with the letters up to there."""
    await session.execute(KEEP_MARK, {"box": box, "folder": folder, "validity": mark.validity, "uid": mark.uid})
