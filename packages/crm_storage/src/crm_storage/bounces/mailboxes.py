"""Bounce accounts over IMAP and POP3, reached through the outbound door; blocking, for a thread."""

# pyright: basic
# The protocols' clients leave their answers untyped.

import imaplib
import poplib
import socket
from collections.abc import Iterator
from typing import Any, Protocol

import msgspec
from imap_tools.imap_utf7 import utf7_encode

from crm_storage.outbound.door import tls_context

MOST_BYTES = 256 * 1024
"""Of each mail; reports are small, and what they return may be cut off."""
TOP_LINES = 4000
AT_ONCE = 200
LONGEST_LINE = 64 * 1024


class Server(msgspec.Struct, frozen=True, kw_only=True):
    """How an account is reached, without its password."""

    protocol: str
    host: str
    port: int
    security: str
    user: str
    folder: str = "INBOX"
    processed: str = "Processed"
    most_bytes: int = MOST_BYTES
    """Of each IMAP mail; the rest stays away."""
    leave: bool = True
    """Whether POP3 mails that were understood stay on the server."""
    bearer: bool = False
    """Whether the password is an access token."""


class Bookmark(msgspec.Struct, frozen=True):
    """How far an IMAP folder was read."""

    validity: int = 0
    uid: int = 0


class SignInRefused(imaplib.IMAP4.error):
    """The server does not know this user by this password."""


class Mailbox(Protocol):
    """A signed-in account. `after` never touches a mail that was not understood."""

    bookmark: Bookmark

    def mails(self) -> Iterator[tuple[str, bytes]]:
        """New mails with their ids, at most so many."""
        ...

    def after(self, understood: list[str]) -> None:
        """Puts away what was understood."""
        ...

    def close(self) -> None: ...


class _Imap(imaplib.IMAP4):
    """Over a socket that the door opened."""

    def __init__(self, connected: socket.socket) -> None:
        self._connected = connected
        super().__init__("")

    def _create_socket(self, timeout: float | None) -> socket.socket:
        return self._connected


class ImapMailbox:
    """Reads a folder from its bookmark on, without marking anything as seen."""

    def __init__(self, connected: socket.socket, server: Server, password: str, bookmark: Bookmark) -> None:
        self._server = server
        self._client = _Imap(connected)
        if server.security == "starttls":
            self._client.starttls(tls_context())
        try:
            self._sign_in(server, password)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            raise SignInRefused from error
        self.open(server.folder, bookmark)

    def _sign_in(self, server: Server, password: str) -> None:
        if not server.bearer:
            self._client.login(server.user, password)
            return
        said = iter([bearer_of(server.user, password)])
        self._client.authenticate("XOAUTH2", lambda _: next(said, b""))  # what is wrong is asked for by an empty answer

    def open(self, folder: str, bookmark: Bookmark) -> None:
        """Goes to a folder, from where it was read last; from its beginning where it was made anew."""
        self._do(self._client.select(quoted(folder)))
        validity = self._validity()
        self.bookmark = bookmark if bookmark.validity == validity else Bookmark(validity)

    def mails(self) -> Iterator[tuple[str, bytes]]:
        [found] = self._do(self._client.uid("SEARCH", f"UID {self.bookmark.uid + 1}:*"))
        uids = sorted(int(uid) for uid in (found or b"").split())
        for uid in [uid for uid in uids if uid > self.bookmark.uid][:AT_ONCE]:
            told = self._do(self._client.uid("FETCH", str(uid), f"(BODY.PEEK[]<0.{self._server.most_bytes}>)"))
            raw = next((part[1] for part in told if isinstance(part, tuple)), None)
            if raw is not None:
                yield f"{self.bookmark.validity}.{uid}", raw
            self.bookmark = Bookmark(self.bookmark.validity, uid)

    def after(self, understood: list[str]) -> None:
        if not understood or not self._server.processed:
            return
        uids = ",".join(id_.partition(".")[2] for id_ in understood)
        folder = quoted(self._server.processed)
        self._client.create(folder)
        if "MOVE" in self._client.capabilities:
            self._do(self._client.uid("MOVE", uids, folder))
            return
        self._do(self._client.uid("COPY", uids, folder))
        self._do(self._client.uid("STORE", uids, "+FLAGS.SILENT", r"(\Deleted)"))
        if "UIDPLUS" in self._client.capabilities:
            self._do(self._client.uid("EXPUNGE", uids))

    def close(self) -> None:
        self._client.logout()

    def _validity(self) -> int:
        known = self._client.untagged_responses.get("UIDVALIDITY", [])
        return int(known[-1]) if known and isinstance(known[-1], bytes) else 0

    def _do(self, answer: tuple[str, list[Any]]) -> list[Any]:
        kind, data = answer
        if kind != "OK":
            raise imaplib.IMAP4.error(kind)
        return data


class _Pop(poplib.POP3):
    def __init__(self, connected: socket.socket) -> None:
        self._connected = connected
        super().__init__("")

    def _create_socket(self, timeout: float) -> socket.socket:
        return self._connected

    def _getline(self) -> tuple[bytes, int]:
        """A line of any length, its end dropped: one hostile mail must not keep all others from being read."""
        line = self.file.readline(LONGEST_LINE)
        if not line:
            raise poplib.error_proto("-ERR EOF")
        rest = line
        while not rest.endswith(b"\n") and rest:
            rest = self.file.readline(LONGEST_LINE)
        return line.rstrip(b"\r\n"), len(line)


class PopMailbox:
    """Reads what it has not seen; `seen` are the ids that were stored before."""

    def __init__(self, connected: socket.socket, server: Server, password: str, seen: frozenset[str]) -> None:
        self._server, self._seen = server, seen
        self._numbers: dict[str, int] = {}
        self._client = _Pop(connected)
        if server.security == "starttls":
            self._client.stls(tls_context())
        self._client.user(server.user)
        self._client.pass_(password)
        self.bookmark = Bookmark()

    def mails(self) -> Iterator[tuple[str, bytes]]:
        listed = [line.decode("latin-1").split(" ", 1) for line in self._client.uidl()[1]]
        sizes = dict(line.decode().split() for line in self._client.list()[1])
        new = [(number, uid) for number, uid in listed if uid not in self._seen][:AT_ONCE]
        for number, uid in new:
            large = int(sizes.get(number, "0")) > MOST_BYTES
            lines = (self._client.top(int(number), TOP_LINES) if large else self._client.retr(int(number)))[1]
            self._numbers[uid] = int(number)
            yield uid, b"\r\n".join(lines)[:MOST_BYTES]

    def after(self, understood: list[str]) -> None:
        if not self._server.leave:
            for uid in understood:
                self._client.dele(self._numbers[uid])

    def close(self) -> None:
        self._client.quit()


def bearer_of(user: str, token: str) -> bytes:
    """An access token as mail servers want it (XOAUTH2)."""
    return f"user={user}\1auth=Bearer {token}\1\1".encode()


def quoted(folder: str) -> str:
    """As IMAP writes a folder's name: modified UTF-7 in quotation marks."""
    return '"' + utf7_encode(folder).decode("ascii").replace("\\", "\\\\").replace('"', '\\"') + '"'
