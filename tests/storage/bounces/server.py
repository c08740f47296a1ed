"""A small mail server of the tests: one mailbox, spoken to over IMAP and POP3 as the protocols say."""

import base64
import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

USER, PASSWORD = "bounce", 'a "quiet" lamp'


class Store:
    """The mailbox: mails by folder and number. `log` holds every command that changes something."""

    def __init__(self) -> None:
        self.folders: dict[str, dict[int, bytes]] = {"INBOX": {}}
        self.validity = 17
        self.flags: dict[int, set[str]] = {}
        """By number; numbers are never given twice."""
        self.log: list[str] = []
        self.capabilities = "MOVE UIDPLUS"
        self.bearer = ""
        """The access token that is let in instead of a password."""
        self._next = 0

    def deliver(self, *mails: bytes) -> None:
        for mail in mails:
            self.put("INBOX", mail)

    def put(self, folder: str, mail: bytes) -> int:
        self._next += 1
        self.folders[folder][self._next] = mail
        return self._next


class _Lines(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True
    store: Store

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def heard(self) -> Iterator[str]:
        while line := self.rfile.readline():
            yield line.decode().strip()


class Imap(_Lines):
    folder = "INBOX"

    def handle(self) -> None:
        self.say("* OK ready")
        for line in self.heard():
            tag, _, rest = line.partition(" ")
            if self._answer(rest) is False:
                self.say(f"{tag} NO refused")
            else:
                self.say(f"{tag} OK done")
            if rest == "LOGOUT":
                return

    def _answer(self, said: str) -> bool | None:
        mails = self.store.folders.get(self.folder, {})
        if said == "CAPABILITY":
            self.say(f"* CAPABILITY IMAP4rev1 {self.store.capabilities}")
        elif said == "AUTHENTICATE XOAUTH2":
            self.say("+ ")
            given = base64.b64decode(self.rfile.readline()).decode()
            if self.store.bearer and given == f"user={USER}\1auth=Bearer {self.store.bearer}\1\1":
                return None
            self.say("+ " + base64.b64encode(b'{"status":"400"}').decode())
            self.rfile.readline()
            return False
        elif said.startswith("LOGIN"):
            return said == f'LOGIN {USER} "{PASSWORD.replace(chr(34), chr(92) + chr(34))}"'
        elif found := re.fullmatch(r'SELECT "(.*)"', said):
            self.folder = found[1]
            if self.folder not in self.store.folders:
                return False
            self.say(f"* {len(self.store.folders[self.folder])} EXISTS")
            self.say(f"* OK [UIDVALIDITY {self.store.validity}] valid")
        elif found := re.fullmatch(r"UID SEARCH UID (\d+):\*", said):
            wanted = [uid for uid in mails if uid >= int(found[1])] or [max(mails)] if mails else []
            self.say("* SEARCH " + " ".join(str(uid) for uid in wanted))
        elif found := re.fullmatch(r"UID FETCH (\d+) \(BODY\.PEEK\[\]<0\.(\d+)>\)", said):
            body = mails[int(found[1])][: int(found[2])]
            self.wfile.write(b"* 1 FETCH (UID %s BODY[]<0> {%d}\r\n%s)\r\n" % (found[1].encode(), len(body), body))
        elif said == 'LIST "" *':
            for name in self.store.folders:
                self.say(
                    f'* LIST ({chr(92)}HasNoChildren{" " + chr(92) + name if name == "Sent" else ""}) "/" "{name}"'
                )
        elif found := re.fullmatch(r"UID FETCH ([\d,]+) \(FLAGS\)", said):
            for uid in sorted({int(uid) for uid in found[1].split(",")} & mails.keys()):
                self.say(f"* {uid} FETCH (UID {uid} FLAGS ({' '.join(self.store.flags.get(uid, ()))}))")
        elif found := re.fullmatch(r"UID STORE ([\d,]+) ([+-])FLAGS.SILENT \((.*)\)", said):
            self.store.log.append(said)
            for uid in found[1].split(","):
                change = set.add if found[2] == "+" else set.discard
                change(self.store.flags.setdefault(int(uid), set()), found[3])
        elif found := re.fullmatch(r'UID SEARCH HEADER Message-ID "(.*)"', said):
            wanted = [uid for uid, mail in mails.items() if f"message-id: {found[1]}".encode() in mail.lower()]
            self.say("* SEARCH " + " ".join(str(uid) for uid in wanted))
        elif found := re.fullmatch(r'APPEND "(.*)" \((.*)\) ".*" \{(\d+)\}', said):
            self.say("+ go ahead")
            mail = self.rfile.read(int(found[3]))
            self.rfile.readline()
            self.store.flags[self.store.put(found[1], mail)] = {found[2]}
        elif found := re.fullmatch(r'CREATE "(.*)"', said):
            self.store.folders.setdefault(found[1], {})
        elif found := re.fullmatch(r'UID MOVE ([\d,]+) "(.*)"', said):
            self.store.log.append(said)
            moved = {int(uid): self.store.put(found[2], mails.pop(int(uid))) for uid in found[1].split(",")}
            self._copied(moved)
        elif found := re.fullmatch(r'UID COPY ([\d,]+) "(.*)"', said):
            self.store.log.append(said)
            self._copied({int(uid): self.store.put(found[2], mails[int(uid)]) for uid in found[1].split(",")})
        elif said == "EXPUNGE" or said.startswith("UID EXPUNGE"):
            self.store.log.append(said)
            for uid in [uid for uid in mails if "\\Deleted" in self.store.flags.get(uid, ())]:
                del mails[uid]
        elif said == "LOGOUT":
            self.say("* BYE")
        else:
            return False
        return None

    def _copied(self, numbers: dict[int, int]) -> None:
        if "UIDPLUS" in self.store.capabilities:
            old, new = (",".join(map(str, uids)) for uids in (numbers, numbers.values()))
            self.say(f"* OK [COPYUID {self.store.validity} {old} {new}] done")


class Pop(_Lines):
    def handle(self) -> None:
        mails, dropped = dict(self.store.folders["INBOX"]), set[int]()
        self.say("+OK ready")
        for line in self.heard():
            word, _, rest = line.partition(" ")
            number = int(rest.split(" ")[0]) if rest and rest.split(" ")[0].isdigit() else 0
            match word:
                case "PASS":
                    self.say("+OK" if rest == PASSWORD else "-ERR")
                case "UIDL" | "LIST":
                    shown = {uid: f"u{uid}" if word == "UIDL" else len(mail) for uid, mail in mails.items()}
                    self._block(f"{uid} {value}".encode() for uid, value in shown.items())
                case "RETR":
                    self._block(iter(mails[number].split(b"\r\n")))
                case "TOP":
                    head, _, body = mails[number].partition(b"\r\n\r\n")
                    lines = body.split(b"\r\n")[: int(rest.split(" ")[1])]
                    self._block(iter([*head.split(b"\r\n"), b"", *lines]))
                case "DELE":
                    self.store.log.append(line)
                    dropped.add(number)
                    self.say("+OK")
                case "QUIT":
                    for uid in dropped:
                        self.store.folders["INBOX"].pop(uid)
                    self.say("+OK")
                    return
                case _:
                    self.say("+OK")

    def _block(self, lines: Iterator[bytes]) -> None:
        self.say("+OK")
        for line in lines:
            self.wfile.write((b"." if line.startswith(b".") else b"") + line + b"\r\n")
        self.say(".")


@contextmanager
def served(store: Store, protocol: str) -> Iterator[int]:
    """A server on loopback; its port."""
    handler = type("Handler", (Imap if protocol == "imap" else Pop,), {"store": store})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()
