"""A fresh password before what matters most (SEC-36), and one of one's own before anything at all."""

import re
from collections.abc import Iterator
from uuid import uuid4

import httpx2 as httpx
import pytest

from tests.isolation.people import connect, fingerprint, hire
from tests.routes import PUBLIC, routes

from .conftest import PASSWORD, Browser, Site

TENANT = "northwind"
LATER = "UPDATE session SET created_at = now() - interval '11 minutes'"
MUST = "UPDATE user_credential SET must_change = %s WHERE user_id = %s"


@pytest.fixture
def tired(site: Site) -> Browser:
    """An administrator who signed in eleven minutes ago."""
    somebody = site.browser(TENANT)
    with connect(site) as owner:
        owner.execute(LATER)
    return somebody


@pytest.fixture
def newcomer(site: Site) -> Iterator[Browser]:
    """Somebody whose password was set by another."""
    person = hire(site, "anybody", f"newcomer-{uuid4()}")
    with connect(site) as owner:
        owner.execute(MUST, (True, person.id))
    yield person.browser
    with connect(site) as owner:
        owner.execute("UPDATE users SET status = 'inactive' WHERE id = %s", (person.id,))


def dangerous(site: Site) -> dict[str, dict[str, object]]:
    with connect(site) as owner:
        many = [str(row[0]) for row in owner.execute("SELECT id FROM contacts WHERE deleted_at IS NULL LIMIT 51")]
        (role,) = owner.execute("SELECT id FROM role WHERE shipped = 'read_only'").fetchone()  # type: ignore[misc]
        (user,) = owner.execute("SELECT id FROM users WHERE user_type = 'regular' LIMIT 1").fetchone()  # type: ignore[misc]
    return {
        "/settings/tokens": {"name": "a program", "scope": "read"},
        "/contacts/bulk": {"action": "delete", "id": many},
        "/contacts/trash": {"action": "purge", "id": many[:1]},
        "/admin/roles": {"name": "New role"},
        f"/admin/roles/{role}": {"name": "Other name", "version": "1"},
        f"/admin/roles/{role}/delete": {},
        f"/admin/people/{user}/roles": {"role": [str(role)]},
        "/admin/people/combination": {"combination": "most_restrictive"},
    }


def test_sec_36_what_matters_most_asks_for_the_password_and_changes_nothing_before(site: Site, tired: Browser) -> None:
    before, token = fingerprint(site), tired.token("/settings")
    for path, body in dangerous(site).items():
        asked = tired.http.post(path, data={"_csrf": token, **body})
        assert asked.status_code == 403 and 'name="_proof"' in asked.text, path
        for name, value in body.items():
            for one in value if isinstance(value, list) else [value]:
                assert f'name="{name}" value="{one}"' in asked.text, (path, name)
        wrong = tired.http.post(path, data={"_csrf": token, "_proof": "not it, for sure", **body})
        assert wrong.status_code in (403, 429) and 'role="alert"' in wrong.text, path
        with connect(site) as owner:
            owner.execute("DELETE FROM login_throttle")
    assert fingerprint(site) == before


def test_sec_31_36_the_right_password_does_it_and_renews_the_session(site: Site, tired: Browser) -> None:
    token, former = tired.token("/settings"), tired.http.cookies.get("session")
    body = {"_csrf": token, "_proof": PASSWORD, "name": "a program", "scope": "read"}
    made = tired.http.post("/settings/tokens", data=body)
    assert made.status_code == 200 and "a program" in made.text
    assert tired.http.cookies.get("session") not in (None, former)
    fresh = re.search(r'name="_csrf" value="([^"]+)"', made.text)
    assert fresh
    again = tired.http.post("/settings/tokens", data={"_csrf": fresh[1], "name": "another", "scope": "read"})
    assert again.status_code == 200 and "another" in again.text, "proven for ten minutes, on the page that came back"
    host = {"host": f"{TENANT}.localhost:{site.port}", "cookie": f"session={former}"}
    old = httpx.get(f"http://127.0.0.1:{site.port}/settings", headers=host)
    assert old.status_code == 303, "the former secret is worth nothing"


def test_sec_36_a_page_that_asks_leads_on_where_one_wanted_to_go(site: Site, tired: Browser) -> None:
    assert tired.get("/prove?next=//evil.example").status_code == 200
    token = tired.token("/settings")
    on = tired.http.post("/prove", data={"_csrf": token, "_proof": PASSWORD, "next": "//evil.example"})
    assert on.status_code == 303 and on.headers["location"] == "/"
    token = tired.token("/settings")
    on = tired.http.post("/prove", data={"_csrf": token, "_proof": PASSWORD, "next": "/contacts?q=a"})
    assert on.headers["location"] == "/contacts?q=a"


def test_sec_36_44_a_part_that_asks_becomes_the_page_that_goes_on_with_what_was_sent(
    site: Site, tired: Browser
) -> None:
    body, htmx = {"_csrf": tired.token("/settings"), "name": "by a part", "scope": "read"}, {"hx-request": "true"}
    asked = tired.http.post("/settings/tokens", data=body, headers=htmx)
    assert asked.status_code == 403 and asked.headers["hx-retarget"] == "body" and "hx-redirect" not in asked.headers
    form = re.search(r'<form [^>]*action="/settings/tokens".*?</form>', asked.text, re.DOTALL)
    assert form and 'name="name" value="by a part"' in form[0]
    fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form[0]))
    made = tired.http.post("/settings/tokens", data={**fields, "_proof": PASSWORD})
    assert made.status_code == 200 and "by a part" in made.text


def test_sec_29_guessing_the_password_there_is_slowed_down(site: Site, tired: Browser) -> None:
    token = tired.token("/settings")
    tries = [tired.http.post("/prove", data={"_csrf": token, "_proof": f"guess number {n}"}) for n in range(12)]
    words = {re.search(r'role="alert">.*?<span>([^<]+)', one.text, re.DOTALL)[1] for one in tries}  # type: ignore[index]
    assert len(words) == 2, "wrong at first, then to be waited for"
    refused = tired.http.post("/prove", data={"_csrf": token, "_proof": PASSWORD})
    assert refused.status_code == 403
    with connect(site) as owner:
        owner.execute("DELETE FROM login_throttle")


def test_a_password_set_by_another_must_be_changed_on_every_page(newcomer: Browser) -> None:
    for route in routes():
        if route.api or route.changes or f"{route.method} {route.path}" in PUBLIC:
            continue
        answer = newcomer.get(route.path if not route.kinds else "/leads")
        where = (answer.status_code, answer.headers.get("location"))
        assert where == (303, "/settings/password") or route.path == "/settings/password", route.path
    part = newcomer.http.get("/leads", headers={"hx-request": "true"})
    assert part.headers["hx-redirect"] == "/settings/password"


def test_after_changing_it_everything_opens(newcomer: Browser) -> None:
    token = newcomer.token("/settings/password")
    said = newcomer.http.post("/leads", data={"_csrf": token, "last_name": "X"})
    assert said.headers["location"] == "/settings/password"
    done = newcomer.http.post(
        "/settings/password", data={"_csrf": token, "old": PASSWORD, "new": "a loud lamp at dusk 7"}
    )
    assert done.status_code == 303, done.text
    assert newcomer.get("/leads").status_code == 200
