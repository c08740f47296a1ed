"""What the company asks of who signs in: how long passwords are, when unused sessions end, who needs two steps."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from tests.isolation.people import Person, connect, hire
from tests.site import PASSWORD, Browser, Site

TENANT = "northwind"
USUAL = {"idle_minutes": "480", "password_length": "10", "factor_for": "nobody"}


@pytest.fixture
def person(site: Site) -> Iterator[Person]:
    hired = hire(site, "anybody", f"ruled-{uuid4()}")
    yield hired
    with connect(site) as owner:
        owner.execute("DELETE FROM setting WHERE key = 'sign_in'")
        owner.execute("UPDATE users SET status = 'inactive' WHERE id = %s", (hired.id,))


def settle(site: Site, **fields: str | list[str]) -> int:
    return site.browser(TENANT).post("/admin/security", at="/admin/security", **{**USUAL, **fields}).status_code


def test_sec_31_an_unused_session_ends_when_the_company_says(site: Site, person: Person) -> None:
    assert settle(site, idle_minutes="30") == 303
    with connect(site) as owner:
        owner.execute(
            "UPDATE session SET last_seen_at = now() - interval '31 minutes' WHERE user_id = %s", (person.id,)
        )
    assert person.browser.get("/leads").status_code == 303


def test_sec_28_a_company_may_ask_for_longer_passwords(site: Site, person: Person) -> None:
    assert settle(site, password_length="16") == 303
    page = person.browser.get("/settings/password").text
    assert "At least 16 characters" in page
    fields = {"old": PASSWORD, "new": "green boat 47"}
    short = person.browser.post("/settings/password", at="/settings/password", **fields)
    assert short.status_code == 422 and "16" in short.text


def test_rules_that_are_none_are_refused_and_only_administrators_set_them(site: Site, person: Person) -> None:
    for wrong in (
        {"idle_minutes": "1"},
        {"idle_minutes": "٣٠"},
        {"password_length": "9"},
        {"factor_for": "somebody"},
        {"factor_for": "roles"},
        {"factor_for": "roles", "role": [str(uuid4())]},
        {"factor_for": "roles", "role": ["x"]},
    ):
        assert settle(site, **wrong) == 422, wrong
    assert person.browser.get("/admin/security").status_code == 403
    assert person.browser.post("/admin/security", **USUAL).status_code == 403


def test_sec_31_one_sees_where_one_is_signed_in_and_ends_it_all_but_here(site: Site, person: Person) -> None:
    elsewhere = Browser(site, TENANT, person.name)
    page = person.browser.get("/settings/sessions").text
    assert page.count("/end") == 3, "two sessions, and all others at once"
    assert person.browser.post("/settings/sessions/end_others", at="/settings/sessions").status_code == 303
    assert elsewhere.get("/leads").status_code == 303
    assert person.browser.get("/leads").status_code == 200


def test_sec_31_what_an_open_page_asks_by_itself_keeps_no_session(site: Site, person: Person) -> None:
    seen = "SELECT last_seen_at < now() - interval '4 minutes' FROM session WHERE user_id = %s"
    with connect(site) as owner:
        owner.execute("UPDATE session SET last_seen_at = now() - interval '5 minutes' WHERE user_id = %s", (person.id,))
        assert person.browser.get("/notifications/state").status_code == 200
        assert person.browser.get(f"/notifications/news?after={uuid4()}").status_code == 200
        with person.browser.http.stream("GET", "/notifications/events") as events:
            assert next(line for line in events.iter_lines() if line.startswith("data:"))
        assert owner.execute(seen, (person.id,)).fetchone() == (True,)
        assert person.browser.get("/leads").status_code == 200
        assert owner.execute(seen, (person.id,)).fetchone() == (False,)


def test_sec_30_a_program_waits_like_its_owner_until_he_has_his_second_factor(site: Site, person: Person) -> None:
    assert person.api.get("/api/v1/leads?limit=1").status_code == 200
    assert settle(site, factor_for="everybody") == 303
    assert person.api.get("/api/v1/leads?limit=1").status_code == 403
