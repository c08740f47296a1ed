"""Another company's ids are unknown ids, on every page, call and form, to the letter (SEC-01, SEC-04, scenario 54)."""

import random
from uuid import UUID

import pytest

from crm_domain.definition import kinds
from crm_domain.modules import REGISTRY
from tests.isolation.people import api_client, connect, fingerprint, token_of
from tests.routes import Route, plain, routes
from tests.site import Browser, Site

SEED = 7
SHORT, LONG = 1_000, 10_000


class Stranger:
    """The Persian company's administrator, who knows ids of the English one."""

    def __init__(self, site: Site) -> None:
        self.browser = site.browser("pishro")
        self.token = self.browser.token("/settings")
        self.api = api_client(site, "pishro", token_of(site, "pishro", "admin"))
        self.ids, self.every = foreign_ids(site)

    def ask(self, route: Route, id_: UUID) -> tuple[int, str, str]:
        if route.api:
            body = {"version": 1, "ids": [str(id_)]} if route.changes else None
            return plain(self.api.request(route.method, route.address(id_), json=body), id_)
        form = {"_csrf": self.token, "version": "1"} if route.changes else None
        return plain(self.browser.http.request(route.method, route.address(id_), data=form), id_)


@pytest.fixture(scope="module")
def stranger(site: Site) -> Stranger:
    return Stranger(site)


def foreign_ids(site: Site) -> tuple[dict[str, list[UUID]], list[UUID]]:
    """Ids of the English company by module, and some of every table that has any."""
    with connect(site) as owner:
        tables = owner.execute(
            """SELECT table_name FROM information_schema.columns
            WHERE table_schema = current_schema() AND column_name = 'id' AND data_type = 'uuid'"""
        ).fetchall()
        found = {
            name: [row[0] for row in owner.execute(f'SELECT id FROM "{name}" LIMIT 60'.encode())] for (name,) in tables
        }
    return {key: found[key] for key in REGISTRY.modules}, [id_ for ids in found.values() for id_ in ids]


@pytest.mark.timeout(400)
def test_sec_04_54_every_route_answers_a_foreign_id_like_an_unknown_one(
    site: Site, stranger: Stranger, long: bool
) -> None:
    chance = random.Random(SEED)
    tried = [route for route in routes() if route.ids]
    unknown: dict[Route, tuple[int, str, str]] = {}
    before = fingerprint(site)
    wrong: list[str] = []
    for number in range(LONG if long else max(SHORT, len(tried))):
        route = tried[number % len(tried)]
        if route not in unknown:
            unknown[route] = stranger.ask(route, UUID(int=chance.getrandbits(128), version=4))
        pool = stranger.ids.get(route.module) or stranger.every
        answer = stranger.ask(route, chance.choice(pool))
        if answer != unknown[route] or answer[0] in (200, 201, 204) or answer[0] >= 500:
            wrong.append(f"{route.method} {route.path}: {answer[:2]} {unknown[route][:2]}")
    assert wrong == []
    assert fingerprint(site) == before


@pytest.mark.parametrize("module", REGISTRY.modules)
def test_sec_04_54_forms_take_a_foreign_id_for_an_unknown_one(stranger: Stranger, module: str) -> None:
    chance = random.Random(module)
    nobody = UUID(int=chance.getrandbits(128), version=4)
    ids = stranger.ids[module] or stranger.every
    bodies = {
        "bulk": lambda id_: {"id": str(id_), "action": "delete"},
        "trash": lambda id_: {"id": str(id_), "action": "restore"},
        "move": lambda id_: {"card": str(id_), "lane": "new", "version": "1"},
        "": lambda id_: {
            field.key: str(id_) for field in REGISTRY[module].fields if isinstance(field, kinds.Link | kinds.UserLink)
        },
    }
    for path, body in bodies.items():
        address = f"/{module}/{path}" if path else f"/{module}"
        answers = [
            plain(send(stranger.browser, address, stranger.token, body(id_)), id_)
            for id_ in (nobody, chance.choice(ids))
        ]
        assert answers[0] == answers[1], path
        assert answers[0][0] in (403, 404, 409, 422), (path, answers[0][0])


def send(browser: Browser, path: str, token: str, body: dict[str, str]):  # type: ignore[no-untyped-def]
    return browser.http.post(path, data={"_csrf": token, **body})
