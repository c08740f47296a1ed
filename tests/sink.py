"""A mail server that takes, refuses, stalls and drops as the recipient's address tells it: the other side of every sending test.

`<anything>@…` is taken. `at.<stage>.<code>[.<x-y-z>].<anything>@…` gets that answer at `rcpt`, `data` or
`content`; `once.` in front gives it only the first time. `drop.<stage>.…` closes the connection there, `stall.<stage>.…`
never answers. The stages `rcpt`, `data`, `content` are those of SMTP; `taken` drops after the mail was kept.
"""

import asyncio
import os
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

MESSAGE_ID = re.compile(rb"^message-id:\s*(<[^>]+>)", re.IGNORECASE | re.MULTILINE)
FEATURES = ("PIPELINING", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES")


class Sink:
    """One server on a free loopback port."""

    def __init__(self, *, features: tuple[str, ...] = FEATURES, keep: bool = False, tls: Any = None) -> None:
        self.features = features
        self.accepted: dict[str, list[str]] = defaultdict(list)
        """Message ids by recipient, in the order they were answered 250 (or kept and then dropped)."""
        self.contents: dict[str, bytes] = {}
        self.connections = 0
        self.open = 0
        self.most_open = 0
        self.sign_ins: list[str] = []
        self.answer_sign_in = "235 2.7.0 welcome"
        self.greeting = "220 sink ESMTP"
        self.on_taken: Callable[[int], None] = lambda _number: None
        self.total = 0
        self.tls = tls
        self.injected = b""
        """Said in clear right after the promise of TLS."""
        self._keep = keep
        self._seen: Counter[str] = Counter()
        self._server: asyncio.Server | None = None
        self._lines: set[_Line] = set()
        self.port = 0

    async def start(self, port: int = 0) -> None:
        self._server = await asyncio.get_running_loop().create_server(lambda: _Line(self), "127.0.0.1", port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server:
            self._server.close()
            for line in tuple(self._lines):
                line.close()
            await self._server.wait_closed()

    def order(self, recipient: str) -> tuple[str, str, str]:
        """What is to be done with a recipient: `at`, `drop`, `stall` or nothing, at which stage, with which answer."""
        parts = recipient.partition("@")[0].split(".")
        if parts[0] == "once":
            self._seen[recipient] += 1
            if self._seen[recipient] > 1:
                return "", "", ""
            parts = parts[1:]
        if parts[0] == "at" and len(parts) > 3:
            enhanced = parts[3].replace("-", ".") + " " if re.fullmatch(r"\d-\d+-\d+", parts[3]) else ""
            return "at", parts[1], f"{parts[2]} {enhanced}as you asked"
        return (parts[0], parts[1], "") if parts[0] in ("drop", "stall") else ("", "", "")

    def take(self, recipient: str, content: bytes) -> None:
        found = MESSAGE_ID.search(content)
        self.accepted[recipient].append(found[1].decode() if found else "")
        self.total += 1
        if self._keep:
            self.contents[recipient] = content
        self.on_taken(self.total)


class _Line(asyncio.Protocol):
    """One connection."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._left = bytearray()
        self._in_content = False
        self._order = ("", "", "")
        self._recipients: list[str] = []
        self._login: list[str] | None = None
        self._out: list[bytes] = []
        self._upgrading: asyncio.Future[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport
        sink = self._sink
        sink._lines.add(self)
        sink.connections += 1
        sink.open += 1
        sink.most_open = max(sink.most_open, sink.open)
        self._say(sink.greeting)
        self._flush()

    def connection_lost(self, exc: Exception | None) -> None:
        self._sink.open -= 1
        self._sink._lines.discard(self)

    def close(self) -> None:
        self._transport.abort()

    def data_received(self, data: bytes) -> None:
        self._left += data
        if self._upgrading is None or self._upgrading.done():
            self._work()

    def _work(self) -> None:
        while not self._transport.is_closing() and (self._content() if self._in_content else self._command()):
            pass
        self._flush()

    def _content(self) -> bool:
        if self._left.startswith(b".\r\n"):
            end, skip = 0, 3
        else:
            end, skip = self._left.find(b"\r\n.\r\n"), 5
        if end < 0:
            return False
        content = bytes(self._left[:end])
        del self._left[: end + skip]
        self._in_content = False
        how, stage, answer = self._order
        if stage == "content" and how:
            return self._carry_out(how, answer)
        if not self._recipients:
            self._say("554 5.5.1 no valid recipients")
            return True
        for recipient in self._recipients:
            self._sink.take(recipient, content)
        if (how, stage) == ("drop", "taken"):
            self.close()
            return False
        self._say("250 2.0.0 taken")
        return True

    def _command(self) -> bool:
        end = self._left.find(b"\n")
        if end < 0:
            return False
        line = bytes(self._left[:end]).rstrip(b"\r").decode()
        del self._left[: end + 1]
        if self._login is not None:
            self._login.append(line)
            if len(self._login) == 2:
                self._sink.sign_ins.append("login:" + ":".join(self._login))
                self._login = None
                self._say(self._sink.answer_sign_in)
            else:
                self._say("334 UGFzc3dvcmQ6")
            return True
        return self._obey(line)

    def _obey(self, line: str) -> bool:
        verb = line[:4].upper()
        match verb:
            case "EHLO":
                self._say("250-sink")
                for feature in self._sink.features:
                    self._say(f"250-{feature}")
                self._say("250 HELP")
            case "MAIL":
                self._recipients, self._order = [], ("", "", "")
                self._say("250 2.1.0 ok")
            case "RCPT":
                return self._rcpt(line)
            case "DATA":
                return self._data()
            case "AUTH":
                self._auth(line)
            case "STAR":
                self._start_tls()
            case "QUIT":
                self._say("221 2.0.0 bye")
                self._flush()
                self._transport.close()
                return False
            case _:
                self._say("250 2.0.0 ok")
        return True

    def _rcpt(self, line: str) -> bool:
        recipient = line[line.index("<") + 1 : line.index(">")]
        how, stage, answer = self._order = self._sink.order(recipient)
        if stage == "rcpt" and how:
            return self._carry_out(how, answer)
        self._recipients.append(recipient)
        self._say("250 2.1.5 ok")
        return True

    def _data(self) -> bool:
        how, stage, answer = self._order
        if stage == "data" and how:
            return self._carry_out(how, answer)
        if not self._recipients:
            self._say("554 5.5.1 no valid recipients")
            return True
        self._in_content = True
        self._say("354 go ahead")
        return True

    def _carry_out(self, how: str, answer: str) -> bool:
        if how == "drop":
            self._flush()
            self.close()
            return False
        if how == "stall":
            return False
        self._say(answer)
        if answer.startswith("421"):
            self._flush()
            self._transport.close()
            return False
        return True

    def _auth(self, line: str) -> None:
        if line.upper().startswith("AUTH LOGIN"):
            self._login = []
            self._say("334 VXNlcm5hbWU6")
            return
        self._sink.sign_ins.append(line)
        self._say(self._sink.answer_sign_in)

    def _start_tls(self) -> None:
        self._say("220 2.0.0 go ahead")
        self._flush()
        if self._sink.injected:
            self._transport.write(self._sink.injected)
        self._upgrading = asyncio.ensure_future(self._upgrade())

    async def _upgrade(self) -> None:
        loop = asyncio.get_running_loop()
        self._transport = await loop.start_tls(self._transport, self, self._sink.tls, server_side=True)
        self._work()

    def _say(self, line: str) -> None:
        self._out.append(line.encode() + b"\r\n")

    def _flush(self) -> None:
        if self._out:
            self._transport.write(b"".join(self._out))
            self._out.clear()


async def main() -> None:
    """For a process of its own: prints its port, then takes mail until its input ends."""
    sink = Sink()
    await sink.start(int(os.environ.get("SINK_PORT", "0")))
    print(sink.port, flush=True)
    await asyncio.get_running_loop().run_in_executor(None, os.read, 0, 1)


if __name__ == "__main__":
    try:
        import uvloop

        uvloop.run(main())
    except ImportError:
        asyncio.run(main())
