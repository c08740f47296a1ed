"""Signing in in two steps, on the pages: set up when the company asks for it, before anything else (scenario 51)."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from uuid import uuid4

import httpx2 as httpx
import pytest
from pyotp.totp import TOTP

from tests.isolation.people import Person, connect, hire
from tests.site import PASSWORD, TOKEN, Browser, Site

TENANT = "northwind"
SECRET = re.compile(r'name="secret" value="([A-Z2-7]{32})"')
SEAL = re.compile(r'name="seal" value="([^"]+)"')
CODE = re.compile(r'<code class="ltr">([0-9a-f]{6}-[0-9a-f]{6})</code>')
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
ASKED = '{"factor_for": "roles", "factor_roles": ["%s"]}'


@pytest.fixture
def person(site: Site) -> Iterator[Person]:
    hired = hire(site, "anybody", f"careful-{uuid4()}")
    yield hired
    with connect(site) as owner:
        owner.execute("DELETE FROM setting WHERE key = 'sign_in'")
        owner.execute("DELETE FROM login_throttle")
        owner.execute("UPDATE users SET status = 'inactive' WHERE id = %s", (hired.id,))


def set_up(browser: Browser) -> tuple[str, list[str]]:
    """The secret and the recovery codes."""
    page = browser.get("/settings/second_factor").text
    secret, seal = SECRET.search(page), SEAL.search(page)
    assert secret and seal and "data:image/png;base64" in page
    body = {"_csrf": TOKEN.search(page)[1], "secret": secret[1], "seal": seal[1], "code": code(secret[1])}  # type: ignore[index]
    done = browser.http.post("/settings/second_factor", data=body)
    assert done.status_code == 200, done.text
    return secret[1], CODE.findall(done.text)


def code(secret: str, steps: int = 0) -> str:
    return TOTP(secret).at(datetime.now(UTC) + timedelta(seconds=30 * steps))


def stranger(site: Site) -> httpx.Client:
    """A browser that nobody has signed in with."""
    host = f"{TENANT}.localhost:{site.port}"
    return httpx.Client(base_url=f"http://127.0.0.1:{site.port}", headers={"host": host}, timeout=30)


def send(http: httpx.Client, path: str, page: str, **fields: str) -> httpx.Response:
    """A page's own form, with its hidden fields."""
    hidden = {name: unescape(value) for name, value in HIDDEN.findall(page)}
    return http.post(path, data={**hidden, **fields})


def test_scenario_51_whoever_must_have_one_sets_it_up_before_anything_else(site: Site, person: Person) -> None:
    with connect(site) as owner:
        (role,) = owner.execute("SELECT role_id FROM user_role WHERE user_id = %s", (person.id,)).fetchone()  # type: ignore[misc]
        owner.execute("INSERT INTO setting (key, value) VALUES ('sign_in', %s::jsonb)", (ASKED % role,))
    http = stranger(site)
    entered = send(http, "/login", http.get("/login").text, login=person.name, password=PASSWORD)
    assert entered.status_code == 303
    for path in ("/", "/leads", "/settings/tokens", "/settings/sessions"):
        assert http.get(path).headers["location"] == "/settings/second_factor", path
    assert http.get("/leads", headers={"hx-request": "true"}).headers["hx-redirect"] == "/settings/second_factor"
    page = http.get("/settings/second_factor").text
    secret = SECRET.search(page)[1]  # type: ignore[index]
    wrong = send(http, "/settings/second_factor", page, code="000000")
    assert wrong.status_code == 422 and SECRET.search(wrong.text)[1] == secret  # type: ignore[index]
    done = send(http, "/settings/second_factor", page, code=code(secret))
    assert len(CODE.findall(done.text)) == 10
    assert http.get("/leads").status_code == 200
    mine = http.get("/settings/second_factor").text
    assert "/settings/second_factor/off" not in mine
    assert send(http, "/settings/second_factor/off", mine).status_code == 403


def test_sec_30_31_setting_it_up_ends_other_sessions_and_renews_this_one(site: Site, person: Person) -> None:
    elsewhere, former = Browser(site, TENANT, person.name), person.browser.http.cookies.get("session")
    secret, codes = set_up(person.browser)
    assert len(codes) == 10 and person.browser.http.cookies.get("session") != former
    assert elsewhere.get("/leads").status_code == 303
    assert not any(one in person.browser.get("/settings/second_factor").text for one in (secret, *codes))


def test_sec_30_a_secret_that_was_not_made_here_is_not_taken(site: Site, person: Person) -> None:
    page = person.browser.get("/settings/second_factor").text
    own = "A" * 32
    refused = send(person.browser.http, "/settings/second_factor", page, secret=own, code=code(own))
    assert refused.status_code == 403


def test_signing_in_asks_for_the_code_and_then_leads_where_one_wanted_to_go(site: Site, person: Person) -> None:
    secret, codes = set_up(person.browser)
    http = stranger(site)
    step = send(http, "/login", http.get("/login?next=/leads").text, login=person.name, password=PASSWORD)
    assert step.status_code == 200 and "session" not in http.cookies
    assert http.get("/leads").status_code == 303
    wrong = send(http, "/login/code", step.text, code="000000")
    assert wrong.status_code == 401 and 'role="alert"' in wrong.text
    done = send(http, "/login/code", wrong.text, code=code(secret, 1), trust="1")
    assert (done.status_code, done.headers["location"]) == (303, "/leads")
    assert http.get("/leads").status_code == 200
    http.post("/logout", data={"_csrf": TOKEN.search(http.get("/settings").text)[1]})  # type: ignore[index]
    again = send(http, "/login", http.get("/login").text, login=person.name, password=PASSWORD)
    assert again.status_code == 303, "this browser is trusted"
    late = send(stranger_with_form(site), "/login/code", step.text, code=codes[0])
    assert late.status_code in (401, 403)


def stranger_with_form(site: Site) -> httpx.Client:
    http = stranger(site)
    http.get("/login")
    return http


def test_scenario_52_over_a_page_and_without_scripts_the_second_step_keeps_what_was_typed(
    site: Site, person: Person
) -> None:
    _, codes = set_up(person.browser)
    http = person.browser.http
    part = http.post("/login", data={"_csrf": person.browser.token("/settings"), "login": person.name, "password": PASSWORD},
                     headers={"hx-request": "true"})  # fmt: skip
    assert part.status_code in (200, 204)
    token = person.browser.token("/contacts/new")
    with connect(site) as owner:
        owner.execute("DELETE FROM session WHERE user_id = %s", (person.id,))
        owner.execute("DELETE FROM device WHERE user_id = %s", (person.id,))
    kept = http.post("/contacts", data={"_csrf": token, "last_name": "Twostepped"})
    first = send(http, "/contacts", kept.text, _login=person.name, _password=PASSWORD)
    assert first.status_code == 401 and 'name="_code"' in first.text
    wrong = send(http, "/contacts", first.text, _code="000000")
    assert wrong.status_code == 401 and 'role="alert"' in wrong.text
    saved = send(http, "/contacts", wrong.text, _code=codes[1])
    assert saved.status_code == 303, saved.text
    assert "Twostepped" in http.get("/contacts?q=Twostepped").text


def test_sec_32_an_administrator_resets_it_under_a_fresh_proof(site: Site, person: Person) -> None:
    set_up(person.browser)
    anna = site.browser(TENANT)
    at = f"/admin/people/{person.id}"
    with connect(site) as owner:
        owner.execute("UPDATE session SET created_at = now() - interval '11 minutes'")
    asked = anna.post(f"{at}/forget_factor", at=at)
    assert asked.status_code == 403 and 'name="_proof"' in asked.text
    assert anna.post(f"{at}/forget_factor", at=at, _proof=PASSWORD).status_code == 303
    assert person.browser.get("/leads").status_code == 303
    assert Browser(site, TENANT, person.name).get("/leads").status_code == 200
    with connect(site) as owner:
        noted = owner.execute(
            "SELECT count(*) FROM audit_event WHERE record_id = %s AND action = 'factor_taken_away'", (person.id,)
        ).fetchone()
    assert noted == (1,)
    somebody = hire(site, "anybody")
    token = somebody.browser.token("/settings")
    refused = somebody.browser.http.post(f"{at}/forget_factor", data={"_csrf": token})
    assert refused.status_code == 403


def test_recovery_codes_are_made_anew_and_the_former_end(site: Site, person: Person) -> None:
    _, former = set_up(person.browser)
    fresh = CODE.findall(person.browser.post("/settings/second_factor/codes", at="/settings/second_factor").text)
    assert len(fresh) == 10 and not set(fresh) & set(former)
    http = stranger(site)
    step = send(http, "/login", http.get("/login").text, login=person.name, password=PASSWORD)
    assert send(http, "/login/code", step.text, code=former[0]).status_code == 401
    assert send(http, "/login/code", step.text, code=fresh[0]).status_code == 303
