"""Every route of the web app, found in the app itself, so that a new page is tried without new code."""

import re
import warnings
from functools import cache
from typing import Any
from uuid import UUID

import msgspec
from litestar.routes import HTTPRoute

from crm_domain.modules import REGISTRY
from crm_storage.settings import load
from crm_web.app import make_app
from crm_web.installation import Installation

LEAST = {
    "SADRA_DATABASE_URL": "postgresql://nobody@localhost/nothing",
    "SADRA_NATS_URL": "nats://127.0.0.1:4",
    "SADRA_SECRET_KEY": "a key for these tests and nothing else",
}
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
WORDS = {"key": "name", "value": "light", "module": "leads", "action": "none", "message": "1"}
"""What stands for a path's words where any will do."""


PUBLIC = {
    "GET /login", "POST /login", "POST /login/code", "POST /logout", "GET /forgot", "POST /forgot", "GET /reset", "POST /reset",
    "GET /invite", "POST /invite", "GET /livez", "GET /readyz", "GET /calendar/feed/{name}", "GET /calendar/busy/{name}",
    "GET /invitation", "POST /invitation", "GET /sso/start", "GET /sso/callback",
    "GET /support/enter", "POST /support/enter",
}  # fmt: skip
"""All that answers without a session; every line here was thought about. Feeds, invitations and the way in of support carry a secret of
their own."""


class Route(msgspec.Struct, frozen=True):
    """One method of one path; `path` holds its parameters in braces."""

    method: str
    path: str
    kinds: tuple[tuple[str, type], ...]
    support: str = ""
    """What the route says of support."""

    @property
    def api(self) -> bool:
        return self.path.startswith("/api/")

    @property
    def changes(self) -> bool:
        return self.method not in SAFE

    @property
    def ids(self) -> tuple[str, ...]:
        """The parameters that are ids."""
        return tuple(name for name, kind in self.kinds if kind is UUID)

    @property
    def module(self) -> str:
        """The module whose pages or calls these are; empty for the others."""
        parts = self.path.removeprefix("/api/v1").split("/")
        return parts[1] if len(parts) > 1 and parts[1] in REGISTRY else ""

    def address(self, id_: UUID) -> str:
        """The path with this id in every place of an id, and some word in the others."""
        relations = list(REGISTRY.relations(self.module)) if self.module else []
        relation = relations[0] if relations else "none"
        words = {**WORDS, "relation": relation, "key": relation if "/related/" in self.path else WORDS["key"]}
        facts = {name: str(id_) if kind is UUID else words.get(name, "none") for name, kind in self.kinds}
        return self.path.format(**facts)


@cache
def routes() -> tuple[Route, ...]:
    """All of them but the assets'."""
    with warnings.catch_warnings(action="ignore"):
        app = make_app(Installation(load(LEAST)))
    return tuple(
        Route(str(method), route.path_format, _kinds(route), str(handler.opt.get("support", "")))
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        for method in sorted(handler.http_methods - {"OPTIONS", "HEAD"})
    )


def _kinds(route: HTTPRoute) -> tuple[tuple[str, type], ...]:
    return tuple((name, definition.type) for name, definition in route.path_parameters.items())


NOISE = (
    (re.compile(r'(nonce|content|value|data-csrf)="[A-Za-z0-9_.\-]{16,}"'), r'\1=""'),
    (re.compile(r'"request_id": ?"[^"]*"'), '"request_id":""'),
    (re.compile(r"\b[0-9a-f]{16}\b"), "REQUEST"),
)


def plain(answer: Any, id_: UUID) -> tuple[int, str, str]:
    """An answer without what differs on every request: status, where it leads, body."""
    text = answer.text.replace(str(id_), "ID")
    for pattern, stands_for in NOISE:
        text = pattern.sub(stands_for, text)
    return answer.status_code, answer.headers.get("location", "").replace(str(id_), "ID"), text
