"""Roles by routes by ownership: who may what is one table, and every module follows it (SEC-37, SEC-38, SEC-40, SEC-45).

The table is read from the top: what a shape of the generic pages and calls asks for. A route of a module that is not in it
is a special one, and must at least refuse who may nothing.
"""

from collections.abc import Iterator
from uuid import UUID

import httpx2 as httpx
import pytest

from crm_domain.modules import REGISTRY
from tests.isolation.people import GRANTS, TENANT, Person, connect, fingerprint, give, hire
from tests.routes import PUBLIC, routes
from tests.site import Site

NEEDS = {
    "GET /": "list",
    "GET /new": "create",
    "GET /trash": "delete",
    "GET /print": "print",
    "GET /pick": "list",
    "GET /filter-row": "list",
    "GET /filter": "list",
    "GET /export": "export",
    "POST /": "create",
    "POST /alike": "create",
    "POST /draft": "create",
    "POST /draft/drop": "create",
    "POST /trash": "delete",
    "POST /columns": "list",
    "GET /{record_id}": "view",
    "GET /{record_id}/edit": "edit",
    "GET /{record_id}/history": "audit",
    "GET /{record_id}/print": "print",
    "GET /{record_id}/vcard": "view",
    "GET /{record_id}/cell/{key}": "view",
    "POST /{record_id}": "edit",
    "POST /{record_id}/alike": "edit",
    "POST /{record_id}/draft": "edit",
    "POST /{record_id}/draft/drop": "edit",
    "POST /{record_id}/cell/{key}": "edit",
    "POST /{record_id}/star": "view",
}
CALLS = {"GET /": "list", "POST /": "create", "GET /{record_id}": "view", "PATCH /{record_id}": "edit"}
REFUSED = (403, 404)
PERSONAL = (
    "/star",
    "/follow",
    "/columns",
    "/arrange",
    "/views",
    "/views/tabs",
    "/views/{view_id}/delete",
    "/undo/{removal}",
    "/build",
)
"""What whoever reads may say for himself, or try without keeping it."""


@pytest.fixture(scope="module")
def people(site: Site) -> dict[str, Person]:
    return {name: hire(site, name) for name in GRANTS}


@pytest.fixture(scope="module")
def records(site: Site, people: dict[str, Person]) -> dict[str, dict[str, UUID]]:
    """By module: a record of the one who may reach only his own, and one of somebody else."""
    mine, others = give(site, people["owner"].id, skip=0), give(site, people["anybody"].id, skip=1)
    return {key: {"own": mine[key], "other": others[key]} for key in mine if key in others}


def reaches(person: str, module: str, action: str, whose: str) -> bool:
    """What the person's grants say of an action on his own or another's record."""
    if REGISTRY[module].closed_to(admin=False) and action in ("create", "edit", "delete"):
        return False
    scope = GRANTS[person].get(action, 0)
    return scope == 3 or (scope == 1 and whose in ("own", ""))


def ask(person: Person, method: str, path: str, *, api: bool) -> httpx.Response:
    if api:
        body = {"version": 1} if method != "GET" else None
        return person.api.request(method, path, json=body)
    form = {"_csrf": person.token, "version": "1"} if method != "GET" else None
    return person.browser.http.request(method, path, data=form)


def cases(module: str, records: dict[str, UUID]) -> Iterator[tuple[str, str, str, str, bool]]:
    """Method, path, action and whose record, for pages and calls."""
    for api, table, base in ((False, NEEDS, f"/{module}"), (True, CALLS, f"/api/v1/{module}")):
        for shape, action in table.items():
            method, _, rest = shape.partition(" ")
            tail = "" if rest == "/" else rest
            for whose in records if "record_id" in tail else ("",):
                path = base + tail.format(record_id=records.get(whose, ""), key="assigned_to")
                yield method, path, action, whose, api


@pytest.mark.parametrize("module", REGISTRY.modules)
def test_sec_40_48_every_module_follows_the_table(
    people: dict[str, Person], records: dict[str, dict[str, UUID]], module: str
) -> None:
    wrong: list[str] = []
    for method, path, action, whose, api in cases(module, records.get(module, {})):
        for name, person in people.items():
            answer = ask(person, method, path, api=api)
            allowed = reaches(name, module, action, whose)
            if (answer.status_code in REFUSED) is allowed or answer.status_code >= 500:
                wrong.append(f"{name}: {method} {path} ({whose or 'all'}) {action}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.timeout(600)
def test_sec_38_whoever_may_not_changes_nothing(site: Site, people: dict[str, Person], records: object) -> None:
    """Every route that changes something, called by who may nothing and by who may only read."""
    with connect(site) as owner:
        rows = owner.execute("SELECT id FROM leads WHERE deleted_at IS NULL LIMIT 1").fetchone()
    assert rows
    before = fingerprint(site)
    let: list[str] = []
    for route in routes():
        if not route.module or not route.changes:
            continue
        for name in ("nobody", "reader"):
            id_ = _some(site, route.module)
            answer = ask(people[name], route.method, route.address(id_), api=route.api)
            personal = route.path.endswith(PERSONAL)
            if answer.status_code not in REFUSED and not (personal and name == "reader"):
                let.append(f"{name}: {route.method} {route.path}: {answer.status_code}")
    after = fingerprint(site)
    assert not let, "\n".join(let)
    changed = {table for table in after if after[table] != before[table]}
    assert changed <= {"favourite", "follow", "list_view"}, changed


@pytest.mark.timeout(600)
def test_sec_37_nobody_gets_no_page_of_a_module(site: Site, people: dict[str, Person]) -> None:
    let = [
        f"{route.method} {route.path}: {answer.status_code}"
        for route in routes()
        if route.module and not route.changes
        for answer in [ask(people["nobody"], "GET", route.address(_some(site, route.module)), api=route.api)]
        if answer.status_code not in REFUSED
    ]
    assert not let, "\n".join(let)


def test_sec_37_administration_is_for_who_may_administer(site: Site, people: dict[str, Person]) -> None:
    let = [
        f"{route.method} {route.path}: {answer.status_code}"
        for route in routes()
        if route.path.startswith("/admin")
        for answer in [ask(people["anybody"], route.method, route.address(people["owner"].id), api=False)]
        if answer.status_code not in REFUSED
    ]
    assert not let, "\n".join(let)


def test_sec_37_without_a_session_only_the_public_pages_answer(site: Site) -> None:
    stranger = httpx.Client(
        base_url=f"http://127.0.0.1:{site.port}", headers={"host": f"{TENANT}.localhost:{site.port}"}, timeout=30
    )
    let: list[str] = []
    for route in routes():
        if f"{route.method} {route.path}" in PUBLIC:
            continue
        answer = stranger.request(route.method, route.address(UUID(int=1)))
        away = answer.status_code == 303 and answer.headers["location"].startswith("/login")
        if not away and answer.status_code not in ((401,) if route.api else (401, 403)):
            let.append(f"{route.method} {route.path}: {answer.status_code}")
    assert not let, "\n".join(let)


@pytest.mark.timeout(600)
def test_sec_45_nothing_is_posted_without_a_token_or_from_another_site(site: Site, people: dict[str, Person]) -> None:
    somebody = people["anybody"].browser
    token = somebody.token("/settings")
    let: list[str] = []
    for route in (route for route in routes() if route.changes and not route.api):
        path = route.address(UUID(int=1))
        bare = somebody.http.post(path, data={"name": "x"})
        foreign = somebody.http.post(path, data={"_csrf": token}, headers={"origin": "http://evil.example"})
        crossed = somebody.http.post(path, data={"_csrf": token}, headers={"sec-fetch-site": "cross-site"})
        if {bare.status_code, foreign.status_code, crossed.status_code} != {403}:
            let.append(f"{route.path}: {bare.status_code} {foreign.status_code} {crossed.status_code}")
    assert not let, "\n".join(let)


def _some(site: Site, module: str) -> UUID:
    if module not in _FOUND:
        with connect(site) as owner:
            row = owner.execute(f"SELECT id FROM {module} ORDER BY id LIMIT 1".encode()).fetchone()
        _FOUND[module] = row[0] if row else UUID(int=1)
    return _FOUND[module]


_FOUND: dict[str, UUID] = {}
