"""Every address that can be looked at, asked of a company's own records with words that mean nothing to it (SEC-10, SEC-42)."""

import random
import re
from functools import cache
from uuid import UUID

from tests.isolation.people import fingerprint
from tests.routes import PUBLIC, Route, routes
from tests.site import Browser, Site

NAMES = (
    "q", "size", "sort", "columns", "cursor", "from", "to", "user", "field", "view", "day", "mode", "kind", "module", "id",
    "ids", "status", "address", "box", "folder", "next", "key", "keys", "match", "record", "start", "end", "language", "template",
    "occurrence", "step", "filter[name][like]", "filter[created_at][between]", "filter[created_at][period]", "filter[assigned_to][in]",
)  # fmt: skip
VALUES = (
    "", "'", '"><b>', "%00", "\x00", "٣", "9" * 30, "-1", "1e400", "NaN", "[]", "{}", "null", "2026-13-45", "1405/12/30",
    str(UUID(int=0)), "a" * 3000, "\u202e\u200f", "name,", "--", "accounts.", f"accounts.{UUID(int=0)}", "../../etc", "😀",
)  # fmt: skip
NOTED = {"audit_event"}
"""What leaves the house on paper or in a file is noted."""
ID = re.compile(r"/([0-9a-f]{8}-[0-9a-f-]{27})")


def test_sec_10_42_no_address_fails_at_nonsense_and_looking_changes_nothing(site: Site) -> None:
    somebody, chance = site.browser("pishro"), random.Random(7)
    failed: list[str] = []
    before = fingerprint(site, "pishro")
    for route in routes():
        if route.changes or route.api or f"GET {route.path}" in PUBLIC:
            continue
        asked = {chance.choice(NAMES): chance.choice(VALUES) for _ in range(3)}
        answer = somebody.http.get(route.address(own(somebody, route)), params=asked)
        if answer.status_code >= 500:
            failed.append(f"{answer.status_code} {route.path} {asked}")
    assert failed == []
    after = fingerprint(site, "pishro")
    assert {table for table, mark in after.items() if before[table] != mark} <= NOTED


@cache
def own(somebody: Browser, route: Route) -> UUID:
    """A record of the route's module; nobody's id where there is none."""
    return first(somebody, route.module) if route.module and route.ids else UUID(int=0)


@cache
def first(somebody: Browser, module: str) -> UUID:
    found = ID.search(somebody.get(f"/{module}").text.partition("<tbody")[2])
    return UUID(found[1]) if found else UUID(int=0)


def test_settings_keep_what_a_form_does_not_name(site: Site) -> None:
    somebody = site.browser("northwind")
    assert somebody.post("/settings", shortcuts="1").status_code == 303
    assert 'lang="en"' in somebody.get("/settings").text
