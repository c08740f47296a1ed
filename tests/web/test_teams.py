"""Who is in a team: nobody falls out of it because the page does not name him, and nobody widens his own reach."""

import re
from uuid import UUID, uuid4

import pytest

from tests.isolation.people import connect, hire
from tests.site import Browser, Site

TENANT = "northwind"
INSIDE = "SELECT user_id FROM team_member WHERE team_id = %s"


@pytest.fixture(scope="module")
def anna(site: Site) -> Browser:
    return site.browser(TENANT)


@pytest.fixture
def team(site: Site, anna: Browser) -> str:
    made = anna.post("/teams", at="/teams/new", name=f"Crew {uuid4()}")
    assert made.status_code == 303, made.text
    return made.headers["location"].rpartition("/")[2]


def inside(site: Site, team: str) -> set[UUID]:
    with connect(site) as owner:
        return {user for (user,) in owner.execute(INSIDE, (team,)).fetchall()}


def test_whom_the_words_do_not_find_stays_on_the_page_and_in_the_team(site: Site, anna: Browser, team: str) -> None:
    member = hire(site, "nobody", f"crew-{uuid4()}")
    page = f"/admin/teams/{team}"
    assert anna.post(page, at=page, member=str(member.id)).status_code == 303
    found = anna.get(f"{page}?q=nobody-is-called-so").text
    assert re.findall(r'name="member" value="([^"]+)"', found) == [str(member.id)]
    assert inside(site, team) == {member.id}


def test_who_manages_users_does_not_make_himself_a_member(site: Site, anna: Browser, team: str) -> None:
    clerk, other = hire(site, "reader", f"clerk-{uuid4()}"), hire(site, "nobody", f"crew-{uuid4()}")
    with connect(site) as owner:
        owner.execute("UPDATE role SET specials = '{manage_users}' WHERE name = %s", (clerk.name,))
    page = f"/admin/teams/{team}"
    assert clerk.browser.post(page, at=page, member=[str(clerk.id), str(other.id)]).status_code == 409
    assert clerk.browser.post(page, at=page, member=str(other.id)).status_code == 303
    assert inside(site, team) == {other.id}


def test_a_role_that_cannot_be_kept_comes_back_with_everything_chosen(anna: Browser) -> None:
    new = "/admin/roles/new"
    chosen = {"name": "", "grant.leads.list": "2", "special": "send_campaigns", "version": "x"}
    answer = anna.post("/admin/roles", at=new, **chosen)
    assert answer.status_code == 422
    assert re.search(r'name="grant.leads.list"[^>]*>(?:(?!</select>).)*<option value="2" selected', answer.text)
    assert re.search(r'name="special" value="send_campaigns" checked', answer.text)
    [role] = re.findall(r'href="(/admin/roles/[0-9a-f-]{36})"', anna.get("/admin/roles").text)[:1]
    assert anna.post(role, at=role, name="Any", version="²").status_code == 422, "no edition is called so"


def test_sec_40_only_an_administrator_changes_which_team_stands_above_another(
    site: Site, anna: Browser, team: str
) -> None:
    above = anna.post("/teams", at="/teams/new", name=f"Above {uuid4()}").headers["location"].rpartition("/")[2]
    clerk = hire(site, "anybody")
    with connect(site) as owner:
        owner.execute("UPDATE role SET specials = '{manage_users}' WHERE name = %s", (clerk.name,))
    path, parent = f"/teams/{team}", {"parent": above, "version": "1"}
    tries = [
        clerk.api.patch(f"/api/v1{path}", json={"version": 1, "parent": above}),
        clerk.browser.http.post(path, data={"_csrf": clerk.token, **parent}),
        clerk.browser.http.post(f"/teams/{above}/related/subteams/link", data={"_csrf": clerk.token, "target": team}),
        clerk.browser.http.post("/teams/bulk", data={"_csrf": clerk.token, "action": "change", "id": [team]}),
    ]
    assert [answer.status_code for answer in tries] == [403] * 4
    gone = anna.post(f"{path}/delete", at=path)
    assert gone.status_code == 303
    for page in ("/teams/trash", f"/teams/undo/{uuid4()}"):
        answer = clerk.browser.http.post(page, data={"_csrf": clerk.token, "id": team, "action": "restore"})
        assert answer.status_code in (403, 404), page
    with connect(site) as owner:
        row = owner.execute("SELECT parent, deleted_at IS NULL FROM teams WHERE id = %s", (team,)).fetchone()
    assert row == (None, False)
