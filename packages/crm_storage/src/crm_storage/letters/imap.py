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
KINDS = {rb"\sent": "sent", rb"\drafts": "drafts", rb"\trash": "trash", rb"\junk": "junk", rb"\all": "all"}
SENT_NAMES = frozenset({"sent", "sent items", "sent messages", "sent mail", "inbox.sent", "inbox/sent"})
"""Where servers that name no folder's use keep what was sent."""


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
        self._do(self._client.select(quoted(folder)))
        header = '"' + message_id.replace("\\", "\\\\").replace('"', '\\"') + '"'
        [found] = self._do(self._client.uid("SEARCH", "HEADER", "Message-ID", header))
        if found:
            return False
        self._do(self._client.append(quoted(folder), r"(\Seen)", imaplib.Time2Internaldate(at), mail))
        return True


async def connect(door: Door, tenant: int, server: Server, password: str) -> LetterBox:
    """Signs in through the outbound door. Raises Refused, SignInRefused, IMAP4.error, OSError."""
    connected = await door.socket(tenant, server.host, server.port, tls=server.security == "tls", wait_s=WAIT_S)
    return await asyncio.to_thread(LetterBox, connected, server, password, Bookmark())


def sent_folder(folders: Sequence[Folder]) -> str:
    """Where the server keeps what was sent; empty where nothing tells."""
    named = (folder.name for folder in folders if folder.kind == "sent")
    guessed = (folder.name for folder in folders if folder.name.lower() in SENT_NAMES)
    return next(named, None) or next(guessed, "")


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
