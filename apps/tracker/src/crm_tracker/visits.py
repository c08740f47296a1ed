"""Visits of links that belong to no person: counted with a mark that is worth nothing the day after."""

import time
from datetime import UTC, datetime

from crm_domain.keys import KeyRing
from crm_domain.tracking.events import Act
from crm_domain.tracking.public import PublicLinks, Visitors
from crm_domain.tracking.tokens import Content
from crm_tracker.hits import Notebook
from crm_tracker.reply import Headers, Scope
from crm_tracker.spool import Full
from crm_tracker.visitor import Budget, Networks

VISITS_A_MINUTE = 240
"""Of one link from one network; what goes beyond is led on but not noted."""


class Visits:
    """Reads the links and notes their visits in the spool."""

    def __init__(self, keys: KeyRing, notebook: Notebook, networks: Networks) -> None:
        self.read = PublicLinks(keys).read
        self._visitors, self._notebook, self._networks = Visitors(keys), notebook, networks
        self._budget = Budget(VISITS_A_MINUTE)

    def note(self, content: Content, scope: Scope, headers: Headers) -> None:
        """Visitors are led on also when there is no room to note it."""
        network = self._networks.of(scope.get("client"), headers)
        if not self._budget.allows((content.tenant, content.link, network), time.time()):
            return
        mark = self._visitors.mark(content, datetime.now(UTC), network, headers.get(b"user-agent", b""))
        try:
            self._notebook.note(Act.LINK, content, scope, headers, mark)
        except Full:
            return
