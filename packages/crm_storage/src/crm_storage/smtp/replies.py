"""A server's answers, read from the stream as they come."""

import asyncio

from crm_domain.sending.replies import Reply

READ = 65_536
LONGEST = 65_536
"""Bytes of one answer; a server that says more is not one."""


class Nonsense(Exception):
    """What came is no SMTP."""


class Replies:
    """Answers in order. Several may arrive in one segment, one in several."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader = reader
        self._left = b""

    async def next(self) -> Reply:
        """The next answer, all its lines. Raises ConnectionError at the end of the stream, Nonsense."""
        texts: list[str] = []
        while True:
            line = await self._line()
            if len(line) < 3 or not line[:3].isdigit() or line[3:4] not in (b" ", b"-", b""):
                raise Nonsense
            texts.append(line[4:].decode("utf-8", "replace").strip())
            if line[3:4] != b"-":
                return Reply.read(int(line[:3]), "\n".join(texts))
            if sum(map(len, texts)) > LONGEST:
                raise Nonsense

    @property
    def clean(self) -> bool:
        """Whether nothing was said that has not been read: before TLS nothing may be (no injected answers)."""
        return not self._left

    async def _line(self) -> bytes:
        while (end := self._left.find(b"\n")) < 0:
            if len(self._left) > LONGEST:
                raise Nonsense
            more = await self._reader.read(READ)
            if not more:
                raise ConnectionResetError
            self._left += more
        line, self._left = self._left[:end], self._left[end + 1 :]
        return line.rstrip(b"\r")
