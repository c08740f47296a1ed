"""The hot paths: a click and an opened mail. A token is checked, one event noted, an answer given; nothing else."""

import os
from time import time

from crm_domain.tracking.events import Act, Event, encode_event
from crm_domain.tracking.machines import first_sight
from crm_domain.tracking.tokens import PREVIEW, SILENT, Content, Kind, Tokens
from crm_tracker.links import Links
from crm_tracker.pump import Pump
from crm_tracker.reply import Headers, Scope
from crm_tracker.spool import Full, Spool
from crm_tracker.visitor import Budget, Networks

CLICK, OPEN = int(Act.CLICK), int(Act.OPEN)
"""As plain numbers: a member of an enumeration costs more than the rest of an event together."""
EVENTS_A_MINUTE = 240
"""Of one message; what goes beyond is answered but not noted."""
UNNOTED = PREVIEW | SILENT


class Notebook:
    """Notes what happens in the spool."""

    def __init__(self, spool: Spool, pump: Pump, networks: Networks) -> None:
        self._spool, self._pump, self._networks = spool, pump, networks
        self._budget, self._own, self._count = Budget(EVENTS_A_MINUTE), _own(), 0

    def note(self, act: int, content: Content, scope: Scope, headers: Headers, said: str = "", *, vital: bool) -> bool:
        """Appends one event; False when it was left out. Raises Full."""
        now, tenant, message, marks = time(), content.tenant, content.message, content.marks
        if marks & UNNOTED or not (said or self._budget.allows(tenant << 64 | message, now)):
            return False
        via, agent = first_sight(scope["method"], headers, act, marks)
        at = int(now * 1000)
        network = self._networks.of(scope.get("client"), headers)
        self._count = count = (self._count + 1) & 0xFFF
        id_ = (at << 16 | 0x7000 | count).to_bytes(8) + self._own
        record = encode_event(Event(id_, at, act, tenant, message, content.link, marks, via, network, agent, said))
        noted = self._spool.append(tenant, record, vital=vital)
        if self._pump.calm:
            self._pump.wake()
        return noted


class Hits:
    """Reads tokens and says where they lead."""

    def __init__(self, tokens: Tokens, links: Links, notebook: Notebook) -> None:
        self._tokens, self._links, self._notebook = tokens, links, notebook

    def click(self, token: str, scope: Scope, headers: Headers) -> bytes | Content | None:
        """Where a click leads; its content when this machine does not know that; None for a bad token."""
        content = self._tokens.read(Kind.CLICK, token)
        if content is None:
            return None
        found = self._links.known(content.tenant, content.link)
        if found is None:
            return content
        self.noted(CLICK, content, scope, headers)
        return found

    def opened(self, token: str, scope: Scope, headers: Headers) -> bool:
        """Notes an open, unless the reader asked not to be followed; whether the token is good."""
        content = self._tokens.read(Kind.OPEN, token)
        if content is None:
            return False
        if headers.get(b"dnt") != b"1" and headers.get(b"sec-gpc") != b"1":
            self.noted(OPEN, content, scope, headers)
        return True

    def noted(self, act: int, content: Content, scope: Scope, headers: Headers) -> None:
        """Readers are answered also when there is no room to note it."""
        try:
            self._notebook.note(act, content, scope, headers, vital=act != OPEN)
        except Full:
            return


def _own() -> bytes:
    """What this process draws when it starts: the second half of its ids, which are UUIDs of version 7. The first half is
    the millisecond and a number within it."""
    own = bytearray(os.urandom(8))
    own[0] = 0x80 | own[0] & 0x3F
    return bytes(own)
