"""Saved views that one team or role has, and the tabs that each reader arranges for himself."""

from uuid import uuid4

import pytest

from tests.isolation.people import Person, connect, hire
from tests.site import Browser, Site

TENANT = "northwind"
QUESTION = {"filter[industry][in]": "banking", "sort": "name", "mode": "list"}


@pytest.fixture(scope="module")
def anna(site: Site) -> Browser:
    return site.browser(TENANT)


@pytest.fixture(scope="module")
def inside(site: Site) -> Person:
    return hire(site, "reader")


@pytest.fixture(scope="module")
def outside(site: Site) -> Person:
    return hire(site, "reader")


def crew(site: Site, anna: Browser, member: Person) -> str:
    team = anna.post("/teams", at="/teams/new", name=f"Crew {uuid4()}").headers["location"].rpartition("/")[2]
    anna.post(f"/admin/teams/{team}", at=f"/admin/teams/{team}", member=str(member.id))
    return team


def keep(browser: Browser, name: str, audience: str, at: str = "/accounts", **more: str):
    return browser.post("/accounts/views", at=at, name=name, audience=audience, **{**QUESTION, **more})


def test_a_view_of_a_team_or_role_is_theirs_alone(site: Site, anna: Browser, inside: Person, outside: Person) -> None:
    team = crew(site, anna, inside)
    with connect(site) as owner:
        role = owner.execute("SELECT role_id FROM user_role WHERE user_id = %s", (inside.id,)).fetchone()
    assert role and team in anna.get("/accounts/views/audiences").text
    for name, audience in (("Of the crew", team), ("Of the role", str(role[0]))):
        view = keep(anna, name, audience).headers["location"]
        assert name in anna.get("/accounts").text and name in inside.browser.get("/accounts").text
        assert name not in outside.browser.get("/accounts").text
        assert "filter[industry]" not in outside.browser.get(view).text.partition('role="search"')[0]
        id_ = view.partition("view=")[2]
        assert outside.browser.post(f"/accounts/views/{id_}/first", at="/accounts").status_code == 404
        assert anna.post(f"/accounts/views/{id_}/delete", at=view).status_code == 303


def test_sec_38_only_who_may_share_does_and_only_with_a_circle_of_his(
    site: Site, anna: Browser, inside: Person, outside: Person
) -> None:
    team, strange = crew(site, anna, inside), crew(site, anna, outside)
    assert inside.browser.get("/accounts/views/audiences").text.strip() == ""
    assert [keep(inside.browser, "Mine", one).status_code for one in ("all", team)] == [403, 403]
    with connect(site) as owner:
        owner.execute("UPDATE role SET specials = '{shared_views}' WHERE name = %s", (inside.name,))
    assert [keep(inside.browser, "Mine", one).status_code for one in (strange, "x")] == [404, 404]
    kept = keep(inside.browser, "Ours", team)
    private = keep(outside.browser, "Private", "").headers["location"].partition("view=")[2]
    assert keep(inside.browser, "Taken", "", view=private).status_code == 403, "what is another's own stays so"
    changed = keep(inside.browser, "Ours still", team, at=kept.headers["location"], view=kept.headers["location"][15:])
    assert changed.status_code == 303
    for browser, view in ((inside.browser, kept.headers["location"][15:]), (outside.browser, private)):
        assert browser.post(f"/accounts/views/{view}/delete", at="/accounts").status_code == 303


def test_each_reader_chooses_which_views_are_tabs(inside: Person) -> None:
    first, second = (
        keep(inside.browser, name, "").headers["location"].partition("view=")[2] for name in ("Front", "Behind")
    )

    def tabs() -> str:
        return inside.browser.get("/accounts").text.partition('<nav class="tabs"')[2].partition("</nav>")[0]

    assert tabs().index("Front") < tabs().index("Behind")
    assert inside.browser.post("/accounts/views/tabs", at="/accounts", view=[second]).status_code == 303
    assert "Behind" in tabs() and "Front" not in tabs()
    assert "Front" in inside.browser.get("/accounts").text, "the other waits in the menu"
    inside.browser.post("/accounts/views/tabs", at="/accounts", view=[second, first])
    assert tabs().index("Behind") < tabs().index("Front")
    inside.browser.post("/accounts/views/tabs", at="/accounts", reset="1")
    for view in (first, second):
        inside.browser.post(f"/accounts/views/{view}/delete", at="/accounts")
