"""What is noted of requests: on the hot paths, a click and an opened mail, in few steps."""

import os
from time import time_ns

from crm_domain.tracking.events import encode_text
from crm_domain.tracking.tokens import PREVIEW, SILENT, Content
from crm_tracker.recorder import NOTHING, OPEN, Recorder
from crm_tracker.reply import Headers, Scope
from crm_tracker.spool import Full, Spool
from crm_tracker.visitor import Floods, Networks

EVENTS_A_MINUTE = 240
"""Of one message; what goes beyond is answered but not noted."""
MS = 1_000_000
"""Nanoseconds."""
UNNOTED = PREVIEW | SILENT


class Notebook:
    """Notes what happens in the spool."""

    def __init__(self, spool: Spool, networks: Networks) -> None:
        self.append, self._record = spool.append, Recorder(networks, os.urandom(8)).record
        self._allows = Floods(EVENTS_A_MINUTE).allows

    def note(self, act: int, content: Content, scope: Scope, headers: Headers, said: str) -> bool:
        """Appends what was said, which has bounds of its own; False when it was left out. Raises Full."""
        record = self.record(act, content, scope, headers, said)
        return record is not None and self.append(content.tenant, record, True)

    def record(self, act: int, content: Content, scope: Scope, headers: Headers, said: str) -> bytes | None:
        """What was said as an encoded event; None for what is not noted."""
        if content.marks & UNNOTED:
            return None
        return self._record(time_ns() // MS, act, content, scope, headers.items(), encode_text(said))

    def hit(self, act: int, content: Content, scope: Scope) -> bool:
        """Appends a click or an open; False when it was left out, also because there is no room: readers are answered anyway."""
        at, tenant = time_ns() // MS, content.tenant
        if content.marks & UNNOTED or not self._allows(tenant, content.message, at):
            return False
        record = self._record(at, act, content, scope, scope["headers"], NOTHING)
        try:
            return record is not None and self.append(tenant, record, act != OPEN)
        except Full:
            return False
