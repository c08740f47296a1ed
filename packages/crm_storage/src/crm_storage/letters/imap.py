"""What letters need of an IMAP account besides reading: its folders, their flags, a copy of what was sent; blocking, for a thread."""

# pyright: basic
# The protocol's client leaves its answers untyped.

import asyncio
import imaplib
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from imap_tools.imap_utf7 import utf7_decode

from crm_domain.letters.flags import Flags
from crm_storage.bounces.mailboxes import Bookmark, ImapMailbox, Server, quoted
from crm_storage.outbound import Door

MOST_FOLDERS = 200
WAIT_S = 30.0
"""For one answer of the server."""
LISTED = re.compile(rb'\((?P<flags>[^)]*)\) (?:"(?:[^"\\]|\\.)*"|NIL) (?P<name>.+)', re.DOTALL)
UID = re.compile(rb"\bUID (\d+)")
FLAGS = re.compile(rb"\bFLAGS \(([^)]*)\)")
WORDS = {"seen": r"\Seen", "answered": r"\Answered", "flagged": r"\Flagged"}
KINDS = {
    rb"\sent": "sent",
    rb"\drafts": "drafts",
    rb"\trash": "trash",
    rb"\junk": "junk",
    rb"\all": "all",
    rb"\archive": "archive",
}
SENT_NAMES = frozenset({"sent", "sent items", "sent messages", "sent mail", "inbox.sent", "inbox/sent"})
"""Where servers that name no folder's use keep what was sent."""


TRASH_NAMES = frozenset({"trash", "deleted items", "deleted messages", "bin", "inbox.trash", "inbox/trash"})
"""Where they keep what was thrown away."""
COPIED = re.compile(rb"\d+ ([\d,:]+) ([\d,:]+)")


class Folder(NamedTuple):
    """A folder of the server; `kind` is its use where the server names one."""

    name: str
    kind: str


class LetterBox(ImapMailbox):
    """A signed-in account, of which one folder after the other is opened."""

    def folders(self) -> list[Folder]:
        """Those that hold letters."""
        found = [_folder(line) for line in self._do(self._client.list()) if line][:MOST_FOLDERS]
        return [folder for folder in found if folder and folder.name]

    def flags(self, uids: Sequence[int]) -> dict[int, Flags]:
        """The flags of these letters of the open folder; of what is gone, nothing."""
        if not uids:
            return {}
        told = self._do(self._client.uid("FETCH", ",".join(map(str, uids)), "(FLAGS)"))
        found: dict[int, Flags] = {}
        for line in told:
            text = line if isinstance(line, bytes) else b"".join(line) if line else b""
            uid, flags = UID.search(text), FLAGS.search(text)
            if uid and flags:
                there = {word.lower() for word in flags[1].decode("latin-1").split()}
                found[int(uid[1])] = Flags(*(word.lower() in there for word in WORDS.values()))
        return found

    def select(self, folder: str) -> None:
        """Opens a folder, wherever it was read before."""
        self._do(self._client.select(quoted(folder)))

    def gone(self, known: Sequence[int]) -> list[int]:
        """Those of all letters that were known in the open folder which are there no more; a count tells of most folders that
        none is."""
        told = self._client.untagged_responses.get("EXISTS", [])
        if told and isinstance(told[-1], bytes) and int(told[-1]) == len(known):
            return []
        [found] = self._do(self._client.uid("SEARCH", "UID 1:*"))
        return sorted({*known} - {int(uid) for uid in (found or b"").split()})

    def found(self, message_id: str) -> int:
        """The number of a letter in the open folder; 0 where it is not there."""
        header = '"' + message_id.replace("\\", "\\\\").replace('"', '\\"') + '"'
        [found] = self._do(self._client.uid("SEARCH", "HEADER", "Message-ID", header))
        return int(found.split()[-1]) if found else 0

    def move(self, source: str, letters: Mapping[int, str], target: str) -> dict[int, int]:
        """Moves letters of the open folder, given by number and Message-ID; their new numbers, where the server tells them."""
        if not letters:
            return {}
        if "MOVE" in self._client.capabilities:
            self._client.response("COPYUID")
            self._do(self._client.uid("MOVE", ",".join(map(str, letters)), quoted(target)))
            return self._copied()
        self.select(target)
        there = {uid for uid, message_id in letters.items() if self.found(message_id)}
        self.select(source)
        numbers: dict[int, int] = {}
        if missing := [uid for uid in letters if uid not in there]:
            self._do(self._client.uid("COPY", ",".join(map(str, missing)), quoted(target)))
            numbers = self._copied()
        uids = ",".join(map(str, letters))
        self._do(self._client.uid("STORE", uids, "+FLAGS.SILENT", r"(\Deleted)"))
        if "UIDPLUS" in self._client.capabilities:
            self._do(self._client.uid("EXPUNGE", uids))
        else:
            self._do(self._client.expunge())
        return numbers

    def _copied(self) -> dict[int, int]:
        _, told = self._client.response("COPYUID")
        found = COPIED.search(told[-1]) if told and told[-1] else None
        return dict(zip(_numbers(found[1]), _numbers(found[2]), strict=False)) if found else {}

    def put(self, wanted: Mapping[int, tuple[Flags, Flags]]) -> None:
        """Changes flags of the open folder: by number, what they are and what they shall be."""
        for name, word in WORDS.items():
            for sign, to in (("+", True), ("-", False)):
                uids = [
                    uid for uid, (now, then) in wanted.items() if getattr(then, name) is to is not getattr(now, name)
                ]
                if uids:
                    self._do(self._client.uid("STORE", ",".join(map(str, uids)), f"{sign}FLAGS.SILENT", f"({word})"))

    def keep(self, folder: str, message_id: str, at: datetime, mail: bytes) -> bool:
        """Puts a sent letter into a folder as read, unless it is there; whether it was not."""
        self.select(folder)
        if self.found(message_id):
            return False
        self._do(self._client.append(quoted(folder), r"(\Seen)", imaplib.Time2Internaldate(at), mail))
        return True


async def connect(door: Door, tenant: int, server: Server, password: str) -> LetterBox:
    """Signs in through the outbound door. Raises Refused, SignInRefused, IMAP4.error, OSError."""
    connected = await door.socket(tenant, server.host, server.port, tls=server.security == "tls", wait_s=WAIT_S)
    return await asyncio.to_thread(LetterBox, connected, server, password, Bookmark())


def sent_folder(folders: Sequence[Folder]) -> str:
    """Where the server keeps what was sent; empty where nothing tells."""
    return _used_as("sent", folders, SENT_NAMES)


def trash_folder(folders: Sequence[Folder]) -> str:
    """Where the server keeps what was thrown away; empty where nothing tells."""
    return _used_as("trash", folders, TRASH_NAMES)


def archive_folder(folders: Sequence[Folder]) -> str:
    """Where the server keeps what was put away; empty where it has no such folder."""
    return _used_as("archive", folders, frozenset({"archive"}))


def _used_as(kind: str, folders: Sequence[Folder], names: frozenset[str]) -> str:
    named = (folder.name for folder in folders if folder.kind == kind)
    guessed = (folder.name for folder in folders if folder.name.lower() in names)
    return next(named, None) or next(guessed, "")


def _numbers(text: bytes) -> list[int]:
    """A set as IMAP writes it: numbers and ranges, parted by commas."""
    found: list[int] = []
    for part in text.split(b","):
        first, _, last = part.partition(b":")
        found += range(int(first), int(last or first) + 1)
    return found


def _folder(line: bytes | tuple[bytes, bytes]) -> Folder | None:
    """A line of the list; None for one that holds no letters or cannot be read."""
    text, literal = (line[0], line[1]) if isinstance(line, tuple) else (line, None)
    found = LISTED.match(text)
    if found is None:
        return None
    flags = found["flags"].lower().split()
    if rb"\noselect" in flags or rb"\nonexistent" in flags:
        return None
    raw = literal if literal is not None else found["name"].strip()
    if literal is None and raw.startswith(b'"'):
        raw = re.sub(rb"\\(.)", rb"\1", raw[1:-1])
    try:
        name = utf7_decode(raw)
    except (ValueError, UnicodeError):
        return None
    return Folder(name[:255], next((KINDS[flag] for flag in flags if flag in KINDS), ""))
