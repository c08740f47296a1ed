"""Events as they are made: what was done, what he seems to be who did it, and his network without its last part (SEC-55). On
the way of every click, so what many have in common is encoded once."""

from collections.abc import Callable, Iterable, Sized
from typing import TypeVar

from crm_domain.tracking.events import ID, NUMBERS, U8, U32, U64, Act, encode_text
from crm_domain.tracking.machines import PREFETCH, first_sight
from crm_domain.tracking.tokens import HONEYPOT, Content
from crm_tracker.reply import Scope
from crm_tracker.visitor import FORWARDED, Networks

OPEN = int(Act.OPEN)
AGENT = b"user-agent"
UNFOLLOWED = frozenset({b"dnt", b"sec-gpc"})
TELLING = PREFETCH | UNFOLLOWED | {AGENT, FORWARDED}
LONGEST = 400
"""Letters of a header that are looked at; what is longer is not remembered."""
PROGRAMS, PLACES = 4096, 8192
"""How many a process remembers."""
NOTHING = encode_text("")
Key = TypeVar("Key", bound=Sized)
Made = TypeVar("Made")
_pack = NUMBERS.pack


class Remembered(dict[Key, Made]):
    """What was made of each key. Bounded: when too many come, all are made anew."""

    def __init__(self, make: Callable[[Key], Made], most: int) -> None:
        super().__init__()
        self._make, self._most = make, most

    def __missing__(self, key: Key) -> Made:
        if len(self) >= self._most:
            self.clear()
        made = self._make(key)
        if len(key) <= LONGEST:
            self[key] = made
        return made


class Recorder:
    """Encodes what one process notes. Ids are UUIDs of version 7: the millisecond and a number within it, then eight bytes of
    the process' own."""

    def __init__(self, networks: Networks, drawn: bytes) -> None:
        """The eight bytes are chance."""
        self._own = bytes((0x80 | drawn[0] & 0x3F, *drawn[1:8], U64))
        self._count = 0
        self._opening, self._clicking, self._machines = (
            Remembered(_program(opened=opened, machine=machine), PROGRAMS)
            for opened, machine in ((True, False), (False, False), (False, True))
        )
        self._places = Remembered(_place(networks), PLACES)
        self._telling = TELLING if networks.behind_proxies else TELLING - {FORWARDED}

    def record(
        self, at: int, act: int, content: Content, scope: Scope, headers: Iterable[tuple[bytes, bytes]], said: bytes
    ) -> bytes | None:
        """An event, with what was said encoded already; None for an open of somebody who asks not to be followed."""
        agent = told = b""
        marks, telling, client = content.marks, self._telling, scope["client"]
        programs = self._opening if act == OPEN else self._clicking
        if marks & HONEYPOT or scope["method"] == "HEAD":
            programs = self._machines
        for name, value in headers:
            if name in telling:
                if name == AGENT:
                    agent = value
                elif name == FORWARDED:
                    told = value[-LONGEST:]
                elif name not in UNFOLLOWED:
                    programs = self._machines if b"prefetch" in value else programs
                elif value == b"1" and act == OPEN:
                    return None
        via, family = programs[agent]
        host = client[0] if client else ""
        place = self._places[(host, told) if told else host]
        self._count = count = (self._count + 1) & 0xFFF
        return (
            _pack(
                ID, at << 16 | 0x7000 | count, self._own, at, act, U32, content.tenant, U64, content.message,
                U32, content.link, U8, marks,
            ) + via + place + family + said
        )  # fmt: skip


def _place(networks: Networks) -> Callable[[str | tuple[str, bytes]], bytes]:
    def encoded(key: str | tuple[str, bytes]) -> bytes:
        host, told = key if isinstance(key, tuple) else (key, b"")
        return encode_text(networks.named(host, told))

    return encoded


def _program(*, opened: bool, machine: bool) -> Callable[[bytes], tuple[bytes, bytes]]:
    def encoded(agent: bytes) -> tuple[bytes, bytes]:
        via, family = first_sight(agent[:LONGEST], opened=opened, machine=machine)
        return encode_text(via), encode_text(family)

    return encoded
